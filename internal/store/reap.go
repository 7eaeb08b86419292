package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"slices"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// reaping is the adding of facts, in one transaction.
type reaping struct {
	t     *Tx
	steps map[string]int // of places that were looked up
	grown []string       // places with resources that are new
}

// reap adds facts to the rows. Where a place has more different resources than are told one by one it is folded, as package ledger does it.
func (t *Tx) reap(ctx context.Context, facts []ledger.Fact, leaves int) error {
	r := &reaping{t: t, steps: map[string]int{}}
	type one struct {
		ledger.What
		day uint32
	}
	sums := map[one]*ledger.Fact{}
	var order []*ledger.Fact // one process at a time writes, so that the order is no matter to locks
	for _, f := range facts {
		step, err := r.step(ctx, f.What)
		if err != nil {
			return err
		}
		f.What = f.Up(step)
		key := one{f.What, f.Day}
		if known := sums[key]; known != nil {
			known.Join(f)
			continue
		}
		sums[key] = &f
		order = append(order, &f)
	}
	for _, f := range order {
		if err := r.add(ctx, f); err != nil {
			return err
		}
	}
	for _, place := range slices.Compact(slices.Sorted(slices.Values(r.grown))) {
		if err := r.fold(ctx, place, leaves); err != nil {
			return err
		}
	}
	return nil
}

// step is how far the place of a use is folded.
func (r *reaping) step(ctx context.Context, w ledger.What) (int, error) {
	place := placeOf(w)
	if place == "" {
		return 0, nil
	}
	if step, ok := r.steps[place]; ok {
		return step, nil
	}
	step, err := r.t.q.DeedStep(ctx, place)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, r.t.s.fail(err, "look how far a place of the ledger is folded")
	}
	r.steps[place] = int(step)
	return int(step), nil
}

// add adds a fact to its row.
func (r *reaping) add(ctx context.Context, f *ledger.Fact) error {
	doc, err := json.Marshal(f.What)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a row of the ledger")
	}
	id, place := digestOf(string(doc)), placeOf(f.What)
	n, err := r.t.q.AddDeed(ctx, db.AddDeedParams{ID: id, Principal: column(f.Principal), Place: place, Resource: digestOf(f.Resource), Doc: doc})
	if err != nil {
		return r.t.s.fail(err, "add a row to the ledger")
	}
	if n > 0 && place != "" {
		r.grown = append(r.grown, place)
	}
	err = r.t.q.AddDeedDay(ctx, db.AddDeedDayParams{
		Deed: id, Day: int64(f.Day), Times: int64(f.Times), Refused: int64(f.Refused), Console: int64(f.Console), FirstAt: int64(f.First), LastAt: int64(f.Last),
	})
	return r.t.s.fail(err, "add a day to the ledger")
}

// fold folds a place for as long as it has too many different resources.
func (r *reaping) fold(ctx context.Context, place string, leaves int) error {
	for {
		n, err := r.t.q.DeedResources(ctx, place)
		if err != nil {
			return r.t.s.fail(err, "count resources of a place of the ledger")
		}
		if n <= int64(leaves) || r.steps[place] >= ledger.Top {
			return nil
		}
		r.steps[place]++
		if err := r.t.q.SaveDeedStep(ctx, db.SaveDeedStepParams{ID: place, Step: int64(r.steps[place])}); err != nil {
			return r.t.s.fail(err, "fold a place of the ledger")
		}
		if err := r.raise(ctx, place); err != nil {
			return err
		}
	}
}

// raise gives the rows of a place the resources that they have on its step.
func (r *reaping) raise(ctx context.Context, place string) error {
	rows, err := r.t.q.DeedsOfPlace(ctx, place)
	if err != nil {
		return r.t.s.fail(err, "read a place of the ledger")
	}
	for _, row := range rows {
		was, err := whatOf(row.Doc)
		if err != nil {
			return err
		}
		now := was.Up(r.steps[place])
		if now == was {
			continue
		}
		days, err := r.t.q.DeedDays(ctx, row.ID)
		if err == nil {
			err = r.t.q.DropDeedDays(ctx, row.ID)
		}
		if err == nil {
			err = r.t.q.DropDeed(ctx, row.ID)
		}
		if err != nil {
			return r.t.s.fail(err, "fold a row of the ledger")
		}
		for _, d := range days {
			f := factOf(now, d)
			if err := r.add(ctx, &f); err != nil {
				return err
			}
		}
	}
	return nil
}

func placeOf(w ledger.What) string {
	text, ok := w.Place()
	if !ok {
		return ""
	}
	return digestOf(text)
}

func whatOf(doc []byte) (w ledger.What, err error) {
	if err := json.Unmarshal(doc, &w); err != nil {
		return w, fault.Wrap(fault.Invalid, err, "read a row of the ledger")
	}
	return w, nil
}

func factOf(w ledger.What, d db.DeedDaysRow) ledger.Fact {
	return ledger.Fact{What: w, Day: small(d.Day), Times: small(d.Times), Refused: small(d.Refused), Console: small(d.Console), First: small(d.FirstAt), Last: small(d.LastAt)}
}

// small stops at the largest number that a ledger has.
func small(n int64) uint32 {
	return uint32(min(max(n, 0), math.MaxUint32))
}

// factsAtOnce is how many rows are read at once.
const factsAtOnce = 10_000

// Facts gives the ledger, of one principal or of all when it is empty, in an order of its own.
func (t *Tx) Facts(ctx context.Context, principal string, take func(ledger.Fact) error) error {
	var what ledger.What
	last := db.DeedsAfterParams{Principal: principal, Day: -1, Most: factsAtOnce}
	if principal != "" {
		last.Principal = column(principal)
	}
	for {
		rows, err := t.q.DeedsAfter(ctx, last)
		if err != nil {
			return t.s.fail(err, "read the ledger")
		}
		for i := range rows {
			x := &rows[i]
			if x.ID != last.After || last.Day < 0 {
				if what, err = whatOf(x.Doc); err != nil {
					return err
				}
			}
			last.After, last.Day = x.ID, x.Day
			if err := take(factOf(what, db.DeedDaysRow{Day: x.Day, Times: x.Times, Refused: x.Refused, Console: x.Console, FirstAt: x.FirstAt, LastAt: x.LastAt})); err != nil {
				return err
			}
		}
		if len(rows) < factsAtOnce {
			return nil
		}
	}
}
