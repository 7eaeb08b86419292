package app

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/notify"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// TurnHandoff changes a handoff by what a person says, and has its rota looked at.
func TurnHandoff(ctx context.Context, tx *store.Tx, id handoff.ID, turn func(handoff.Handoff) (handoff.Handoff, error), now time.Time) (handoff.Handoff, error) {
	was, err := tx.Handoff(ctx, id)
	if err != nil {
		return was, err
	}
	is, err := turn(was)
	if err != nil {
		return was, err
	}
	is.Version = was.Version + 1
	if err := tx.SaveHandoff(ctx, is); err != nil {
		return was, err
	}
	if is.State == handoff.Accepted && was.State != handoff.Accepted {
		if err := notify.Settle(ctx, tx, handoffThread(id), is.AcceptedBy+" has accepted", now); err != nil {
			return was, err
		}
	}
	return is, tx.Enqueue(ctx, legHandoff, is.Rota, now)
}

// handoffThread names all that is told of a handoff.
func handoffThread(id handoff.ID) string { return "handoff " + string(id) }

// Turn changes a handoff by what a person says.
func (h *House) Turn(ctx context.Context, id handoff.ID, turn func(handoff.Handoff) (handoff.Handoff, error)) (out handoff.Handoff, err error) {
	err = h.store.Update(ctx, func(tx storeTx) error {
		out, err = TurnHandoff(ctx, tx, id, turn, h.clock.Now())
		return err
	})
	return out, err
}

// tellPeople has those told who have to be, where a way to tell them is joined; until then the rows wait. It gives when to try again.
func (h *House) tellPeople(ctx context.Context, now time.Time) (again time.Time) {
	const most = 100
	if h.teller == nil {
		return again
	}
	var waiting []handoff.Tell
	err := h.store.View(ctx, func(tx storeTx) (err error) {
		waiting, err = tx.Tells(ctx, true, most)
		return err
	})
	for _, t := range slices.Backward(waiting) {
		if err = h.teller.Tell(ctx, t); err == nil {
			err = h.store.Update(ctx, func(tx storeTx) error { return tx.MarkTold(ctx, t.Key, now) })
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		h.log.Error("somebody has to be told of a handoff, and was not", "error", err)
		again = now.Add(time.Minute)
	}
	return again
}
