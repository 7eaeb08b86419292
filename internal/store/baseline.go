package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// learner names the one that learns for the whole organisation.
const learner = "organisation"

// AddBriefs keeps events in short until the learner takes them up. The same brief twice is one.
func (t *Tx) AddBriefs(ctx context.Context, briefs []baseline.Brief) error {
	for _, b := range briefs {
		err := t.q.AddBrief(ctx, db.AddBriefParams{ID: digestOf(string(b.Doc)), FirstAt: stamp(b.First), Doc: b.Doc})
		if err != nil {
			return t.s.fail(err, "keep events for baselines")
		}
	}
	return nil
}

// Brief is one that waits, with the name to drop it by.
type Brief struct {
	ID  string
	Doc []byte
}

// Briefs gives what begins before a time, the earliest first, at most so many.
func (t *Tx) Briefs(ctx context.Context, before time.Time, limit int) ([]Brief, error) {
	rows, err := t.q.Briefs(ctx, db.BriefsParams{BeforeAt: stamp(before), Most: most(limit)})
	out := make([]Brief, len(rows))
	for i, r := range rows {
		out[i] = Brief{r.ID, r.Doc}
	}
	return out, t.s.fail(err, "read events for baselines")
}

// LearnerVersion is how often the learner was saved, zero when never.
func (t *Tx) LearnerVersion(ctx context.Context) (int64, error) {
	v, err := t.q.LearnerVersion(ctx, learner)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return v, t.s.fail(err, "read how often the learner was saved")
}

// Habits are all rows of the learner.
func (t *Tx) Habits(ctx context.Context) ([]baseline.Row, error) {
	rows, err := t.q.Habits(ctx)
	if err != nil {
		return nil, t.s.fail(err, "read what baselines know")
	}
	out := make([]baseline.Row, len(rows))
	for i, r := range rows {
		n, size := binary.Uvarint(r.State)
		if size <= 0 || n > uint64(len(r.State)-size) { //nolint:gosec // a state is not shorter than what was read of it
			return nil, fault.New(fault.Invalid, "what baselines know of a %s has no name", r.Scope)
		}
		end := size + int(n) //nolint:gosec // it is within the state
		out[i] = baseline.Row{Scope: r.Scope, ID: string(r.State[size:end]), State: r.State[end:]}
	}
	return out, nil
}

// Lesson is what the learner has learnt since it was saved.
type Lesson struct {
	Was     int64 // the version before it
	Anew    bool  // what is in the table is of no use any more
	Changed []baseline.Row
	Taken   []string // briefs that it knows now
}

// SaveLearner saves what has changed and drops the briefs that are learnt. It is fault.Conflict when somebody else has saved the
// learner since.
func (t *Tx) SaveLearner(ctx context.Context, l Lesson) error {
	n, err := t.q.SaveLearner(ctx, db.SaveLearnerParams{Name: learner, Was: l.Was})
	if err != nil {
		return t.s.fail(err, "save the learner")
	}
	if n == 0 {
		return fault.New(fault.Conflict, "the learner was saved by another process")
	}
	if l.Anew {
		if err := t.q.DropHabits(ctx); err != nil {
			return t.s.fail(err, "drop what baselines knew")
		}
	}
	for _, r := range l.Changed {
		if err := t.saveHabit(ctx, r); err != nil {
			return t.s.fail(err, "save what baselines know of a "+r.Scope)
		}
	}
	for _, id := range l.Taken {
		if err := t.q.DropBrief(ctx, id); err != nil {
			return t.s.fail(err, "drop events that are learnt")
		}
	}
	return nil
}

// saveHabit keeps the name in the state: it is somebody else's text of any length, and no key of a table.
func (t *Tx) saveHabit(ctx context.Context, r baseline.Row) error {
	id := digestOf(r.ID)
	if r.State == nil {
		return t.q.DropHabit(ctx, db.DropHabitParams{Scope: r.Scope, ID: id})
	}
	state := binary.AppendUvarint(nil, uint64(len(r.ID)))
	state = append(append(state, r.ID...), r.State...)
	return t.q.SaveHabit(ctx, db.SaveHabitParams{Scope: r.Scope, ID: id, State: state})
}

func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
