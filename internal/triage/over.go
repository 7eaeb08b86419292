package triage

import (
	"context"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// ending is how a finding's end is told on its ticket.
type ending struct {
	line   ticket.Entry
	reason string // why the ticket closes
	agreed bool   // a person wants it so: then the ticket is contended no more
}

// over saves a finding that was settled without a playbook, and closes its ticket when nothing else is on it. A contended
// ticket stays: what puts the violation back again and again is not mended by one good look.
func (t *Triager) over(ctx context.Context, tx Tx, f finding.Finding, e ending) error {
	if err := tx.SaveFinding(ctx, f); err != nil || f.Ticket == "" {
		return err
	}
	tk, err := tx.Ticket(ctx, ticket.ID(f.Ticket))
	if err != nil || tk.State == ticket.Closed {
		return err
	}
	tk.Contended = tk.Contended && !e.agreed
	others, err := tx.Findings(ctx, finding.Filter{Ticket: f.Ticket})
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.State != finding.Done || tk.Contended {
			return tx.AppendEntry(ctx, &tk, e.line)
		}
	}
	if !e.agreed { // nobody has read that it is over
		tk.Clocks.Verified = e.line.At
	}
	if err := tk.Move(ticket.Closed, e.reason, e.line.At); err != nil {
		return err
	}
	if err := tx.AppendEntry(ctx, &tk, e.line); err != nil {
		return err
	}
	return tx.Enqueue(ctx, NextDoor, f.Ticket, e.line.At) // to end what is under way
}
