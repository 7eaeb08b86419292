package store

import (
	"context"
	"database/sql"
	"errors"

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
	err = t.q.SaveRun(ctx, db.SaveRunParams{
		ID: column(r.ID), Ticket: column(string(r.Ticket)), State: column(string(r.State)), StartedAt: stamp(r.Started), Doc: doc,
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
