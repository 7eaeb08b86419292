package playbook

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/ticket"
)

// verify makes one fresh read of the settle window. Every read in the window has to agree: one that does not starts the
// window again, until the deadline, when a person gets the ticket with what was seen.
func (d *Director) verify(ctx context.Context, k desk) (next, error) {
	sight, err := d.sight(ctx, k)
	if err != nil {
		return next{}, err
	}
	now, c, run := d.now(), d.config(), k.run
	again := now.Add(c.pace())
	if sight.Result == NoMore && k.next.LastSeen.After(sight.At) { // somebody saw it after this read
		sight.Result, sight.Text = LookUnknown, "it was seen again at "+k.next.LastSeen.UTC().Format(time.RFC3339)
	}
	switch {
	case sight.Result == NoMore && run.Reads+1 >= c.Reads && !now.Before(run.Until):
		run.Reads++
		return d.settled(ctx, k, sight)
	case sight.Result == NoMore:
		run.Reads++
		if run.Reads >= c.Reads && again.After(run.Until) {
			again = run.Until
		}
		return d.readAgain(ctx, k, sight, again)
	case !now.Before(run.Deadline):
		return d.abandon(ctx, k, fmt.Sprintf("not verified within %s: %s", c.GiveUp, sight.Text), sight.Resource)
	default:
		run.Reads, run.Until = 0, now.Add(c.Settle)
		return d.readAgain(ctx, k, sight, again)
	}
}

// sight joins the finding's own condition with a fresh check of each effect: both must hold.
func (d *Director) sight(ctx context.Context, k desk) (Sight, error) {
	sight, err := d.look(ctx, k, proof(k.def, *k.next))
	if err != nil || sight.Result != NoMore {
		return sight, err
	}
	for _, s := range k.run.Steps {
		if s.State != StepDone || s.Plan == nil {
			continue
		}
		check, err := d.hands.Verify(ctx, *s.Plan)
		switch {
		case err != nil:
			return Sight{}, fmt.Errorf("verify step %s: %w", s.ID, err)
		case check.Unknown:
			sight.Result, sight.Text = LookUnknown, check.Text
		case !check.Holds:
			sight.Result, sight.Text = StillSo, check.Text
		}
	}
	return sight, nil
}

// readAgain saves the run and waits. Each read is on the timeline, with what was seen.
func (d *Director) readAgain(ctx context.Context, k desk, sight Sight, at time.Time) (next, error) {
	n, err := d.record(ctx, k, note{kind: "read", text: "Read again: " + sight.Text, data: digest(sight)})
	return next{again: at, more: n.more && !at.After(d.now())}, err
}

func (d *Director) settled(ctx context.Context, k desk, sight Sight) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		now := d.now()
		k.run.State, k.run.Ended = Settled, now
		if err := tx.SaveRun(ctx, *k.run); err != nil {
			return err
		}
		if err := d.proven(ctx, tx, k); err != nil {
			return err
		}
		if err := d.settle(ctx, tx, k.next.Fingerprint, sight); err != nil {
			return err
		}
		if t.Clocks.Verified = now; t.Clocks.Contained.IsZero() { // nothing had to be done: it was mended by somebody else
			t.Clocks.Contained = sight.At
		}
		text := fmt.Sprintf("Verified: %d fresh reads agree: %s", k.run.Reads, sight.Text)
		return d.write(ctx, tx, t, note{kind: "verify", text: text, data: sight.Resource})
	})
}

// digest keeps repeated reads small on the timeline: what was seen in words; the whole resource is kept with the last one.
func digest(s Sight) json.RawMessage {
	text, err := json.Marshal(map[string]string{"result": string(s.Result), "at": s.At.UTC().Format(time.RFC3339Nano)})
	if err != nil {
		return nil
	}
	return text
}
