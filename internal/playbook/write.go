package playbook

import (
	"context"
	"encoding/json"
	"fmt"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// note is a line of the timeline to be.
type note struct {
	kind string
	text string
	data any
	why  string        // what the ticket says from now on of why it is as it is; empty: what it said
	made []effect.Made // that it is the record of
}

// write puts a line on the ticket's timeline and saves the ticket with it.
func (d *Director) write(ctx context.Context, tx Tx, t *ticket.Ticket, n note) error {
	if n.why != "" {
		t.Reason = n.why
	}
	e := ticket.Entry{At: d.now(), Actor: actor, Kind: n.kind, Text: n.text, Made: n.made}
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

// settle marks a finding as true no more since the read, unless something newer than the read says otherwise.
func (d *Director) settle(ctx context.Context, tx Tx, fp finding.Fingerprint, sight Sight) error {
	f, err := still(ctx, tx, fp)
	if err != nil {
		return err
	}
	if f.LastSeen.After(sight.At) {
		return errMoved
	}
	f.State, f.Settled, f.Note = finding.Done, sight.At, sight.Text
	return tx.SaveFinding(ctx, f)
}

// giveUp leaves an open finding to a person, with the reason.
func (d *Director) giveUp(ctx context.Context, tx Tx, fp finding.Fingerprint, reason string) error {
	f, err := still(ctx, tx, fp)
	if err != nil {
		return err
	}
	f.State, f.Note = finding.Human, reason
	return tx.SaveFinding(ctx, f)
}

// still reads a finding that was open on the desk as it is now: sightings are added to it at any time, and must not be lost.
func still(ctx context.Context, tx Tx, fp finding.Fingerprint) (finding.Finding, error) {
	f, ok, err := tx.Finding(ctx, fp)
	if err == nil && (!ok || f.State != finding.Open) {
		err = errMoved
	}
	return f, err
}

// abandon ends the run and leaves its finding to a person.
func (d *Director) abandon(ctx context.Context, k desk, reason string, data any) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if r := k.run; r != nil {
			r.State, r.Reason, r.Ended = GaveUp, reason, d.now()
			if r.Cancel != "" {
				r.State = Cancelled
			}
			if err := tx.SaveRun(ctx, *r); err != nil {
				return err
			}
		}
		if err := d.giveUp(ctx, tx, k.next.Fingerprint, reason); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{kind: "gave-up", text: reason, data: data})
	})
}
