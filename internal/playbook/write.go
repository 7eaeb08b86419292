package playbook

import (
	"context"
	"encoding/json"
	"fmt"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// note is a line of the timeline to be.
type note struct {
	kind string
	text string
	data any
}

// write puts a line on the ticket's timeline and saves the ticket with it.
func (d *Director) write(ctx context.Context, tx Tx, t *ticket.Ticket, n note) error {
	e := ticket.Entry{At: d.now(), Actor: actor, Kind: n.kind, Text: n.text}
	switch v := n.data.(type) {
	case nil:
	case json.RawMessage:
		e.Data = v
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("timeline of %s: %w", t.ID, err)
		}
		e.Data = data
	}
	return tx.AppendEntry(ctx, t, e)
}

// settle marks the finding as true no more.
func (d *Director) settle(ctx context.Context, tx Tx, f finding.Finding, text string) error {
	f.State, f.Settled, f.Note = finding.Done, d.now(), text
	return tx.SaveFinding(ctx, f)
}

// giveUp leaves the finding to a person, with the reason.
func (d *Director) giveUp(ctx context.Context, tx Tx, f finding.Finding, reason string) error {
	f.State, f.Note = finding.Human, reason
	return tx.SaveFinding(ctx, f)
}

// abandon ends the run and leaves its finding to a person.
func (d *Director) abandon(ctx context.Context, k desk, reason string, data any) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if r := k.run; r != nil {
			r.State, r.Reason, r.Ended = GaveUp, reason, d.now()
			if err := tx.SaveRun(ctx, *r); err != nil {
				return err
			}
		}
		if err := d.giveUp(ctx, tx, *k.next, reason); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{kind: "gave-up", text: reason, data: data})
	})
}

// HandOver gives a ticket to a person: what is left when a leg has tried as often as it may. All that is open on it goes
// along. Handing over twice is once.
func (d *Director) HandOver(ctx context.Context, id ticket.ID, reason string) error {
	return d.store.Update(ctx, func(tx Tx) error {
		t, err := tx.Ticket(ctx, id)
		if err != nil || t.State == ticket.Human || t.State == ticket.Closed {
			return err
		}
		found, err := tx.Findings(ctx, finding.Filter{Ticket: string(id)})
		if err != nil {
			return err
		}
		for _, f := range found {
			if f.State != finding.Open {
				continue
			}
			if err := d.giveUp(ctx, tx, f, reason); err != nil {
				return err
			}
		}
		runs, err := tx.RunsOf(ctx, id)
		if err != nil {
			return err
		}
		for _, r := range runs {
			if r.State != Running && r.State != Verifying {
				continue
			}
			if err := d.endRun(ctx, tx, r, reason); err != nil {
				return err
			}
		}
		if err := t.Move(ticket.Human, reason, d.now()); err != nil {
			return fault.Wrap(fault.Conflict, err, "hand over")
		}
		return d.write(ctx, tx, &t, note{kind: "state", text: "For a person: " + reason})
	})
}

// endRun gives up a run and what it had begun, so that nothing of it is done later behind the person's back.
func (d *Director) endRun(ctx context.Context, tx Tx, r Run, reason string) error {
	begun, err := tx.Effects(ctx, effect.Filter{Run: r.ID, States: []effect.State{effect.Doing}})
	if err != nil {
		return err
	}
	for _, e := range begun {
		e.State, e.Error, e.Ended = effect.Failed, "given up: "+reason, d.now()
		if err := tx.SaveEffect(ctx, e); err != nil {
			return err
		}
	}
	r.State, r.Reason, r.Ended = GaveUp, reason, d.now()
	return tx.SaveRun(ctx, r)
}
