package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Run gives one run of a playbook, or fault.NotFound.
func (t *Tx) Run(ctx context.Context, id string) (playbook.Run, error) {
	doc, err := t.q.Run(ctx, column(id))
	if errors.Is(err, sql.ErrNoRows) {
		return playbook.Run{}, fault.New(fault.NotFound, "there is no run %s", id)
	}
	if err != nil {
		return playbook.Run{}, t.s.fail(err, "read run "+id)
	}
	return decode[playbook.Run]("run "+id, doc)
}

// SaveRun puts a run in or replaces it.
func (t *Tx) SaveRun(ctx context.Context, r playbook.Run) error {
	doc, err := encode("run "+r.ID, r)
	if err != nil {
		return err
	}
	row := db.Run{
		ID: column(r.ID), Ticket: column(string(r.Ticket)), State: column(string(r.State)),
		Playbook: column(r.Playbook), StartedAt: stamp(r.Started), Doc: doc,
	}
	t.seal("run "+row.ID, runSum(row))
	err = t.q.SaveRun(ctx, db.SaveRunParams{
		ID: row.ID, Ticket: row.Ticket, State: row.State, Playbook: row.Playbook, StartedAt: row.StartedAt, Doc: row.Doc,
	})
	return t.s.fail(err, "save run "+r.ID)
}

// RunsOf lists the runs on a ticket, oldest first.
func (t *Tx) RunsOf(ctx context.Context, id ticket.ID) ([]playbook.Run, error) {
	docs, err := t.q.RunsOf(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "list the runs on ticket "+string(id))
	}
	return decodeAll[playbook.Run]("run", docs)
}

// UnfinishedRuns lists the runs on a ticket that are still at work, oldest first. A ticket may have had thousands.
func (t *Tx) UnfinishedRuns(ctx context.Context, id ticket.ID) ([]playbook.Run, error) {
	docs, err := t.q.UnfinishedRuns(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "list the unfinished runs on ticket "+string(id))
	}
	return decodeAll[playbook.Run]("run", docs)
}

// Runs lists runs, the last begun first.
func (t *Tx) Runs(ctx context.Context, f playbook.RunFilter) ([]playbook.Run, error) {
	docs, err := t.q.Runs(ctx, db.RunsParams{
		Ticket: column(string(f.Ticket)), Playbook: column(f.Playbook), States: words(f.States), Most: most(f.Limit),
	})
	if err != nil {
		return nil, t.s.fail(err, "list runs")
	}
	return decodeAll[playbook.Run]("run", docs)
}

// CountRuns counts the runs of each playbook by their state.
func (t *Tx) CountRuns(ctx context.Context) (map[string]map[playbook.RunState]int, error) {
	rows, err := t.q.CountRuns(ctx)
	if err != nil {
		return nil, t.s.fail(err, "count runs")
	}
	out := map[string]map[playbook.RunState]int{}
	for _, r := range rows {
		if out[r.Playbook] == nil {
			out[r.Playbook] = map[playbook.RunState]int{}
		}
		out[r.Playbook][playbook.RunState(r.State)] = int(r.N)
	}
	return out, nil
}

// fillRuns says of runs from before the column which playbook they ran. Where there are none it costs one look into an index.
func (s *Store) fillRuns(ctx context.Context) error {
	for {
		left := 0
		err := s.View(ctx, func(t *Tx) error {
			runs, err := t.nameless(ctx)
			left = len(runs)
			return err
		})
		if err != nil || left == 0 {
			return err
		}
		if err := s.Update(ctx, func(t *Tx) error {
			runs, err := t.nameless(ctx)
			for _, r := range runs {
				if err := t.SaveRun(ctx, r); err != nil {
					return err
				}
			}
			return err
		}); err != nil {
			return err
		}
	}
}

// nameless are runs whose column does not say the playbook that their document does.
func (t *Tx) nameless(ctx context.Context) ([]playbook.Run, error) {
	docs, err := t.q.RunsWithoutPlaybook(ctx)
	if err != nil {
		return nil, t.s.fail(err, "read older runs")
	}
	runs, err := decodeAll[playbook.Run]("run", docs)
	return slices.DeleteFunc(runs, func(r playbook.Run) bool { return r.Playbook == "" }), err
}
