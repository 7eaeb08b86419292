package playbook

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// notes says why findings are with a person, each reason once, the last seen first.
func notes(found []finding.Finding) string {
	const most = 3
	var all []string
	for _, f := range found {
		if f.State == finding.Human && !slices.Contains(all, f.Note) {
			all = append(all, f.Note)
		}
	}
	if n := len(all); n > most {
		all = append(all[:most], fmt.Sprintf("and %d more reasons", n-most))
	}
	return strings.Join(all, "; ")
}

// conclude ends a ticket on which nothing is open any more.
func (d *Director) conclude(ctx context.Context, k desk) (next, error) {
	if k.ticket.State == ticket.Human || len(k.findings) == 0 {
		return next{}, nil
	}
	overtaken := overtake(k)
	to, reason := ticket.Closed, "fresh reads show that nothing on this ticket is so any more"
	if why, err := d.believed(ctx, k); err != nil {
		return next{}, err
	} else if why != "" {
		reason = why
	}
	if slices.ContainsFunc(k.findings, func(f finding.Finding) bool { return f.State == finding.Human }) {
		to, reason = ticket.Human, notes(k.findings)
	}
	if to == ticket.Closed && k.ticket.Contended {
		to, reason = ticket.Human, "it is repaired, and something keeps putting it back: mend the source, then close this ticket"
	}
	if to == ticket.Closed {
		if again, err := d.awaited(ctx, k); err != nil || !again.IsZero() {
			return next{again: again}, err
		}
	}
	_, err := d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		open, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID), State: finding.Open})
		if err != nil {
			return err
		}
		if len(open) > 0 { // it came back while we looked at what there was
			return errMoved
		}
		if to == ticket.Closed && t.State != ticket.Verifying && t.State != ticket.Investigating {
			return fault.New(fault.Internal, "ticket %s would close from %s without a fresh read or a verdict", t.ID, t.State)
		}
		for _, f := range overtaken {
			if err := tx.SaveFinding(ctx, f); err != nil {
				return err
			}
		}
		if err := t.Move(to, reason, d.now()); err != nil {
			return err
		}
		text := "Closed: " + reason
		t.TakenBack = t.TakenBack && to != ticket.Closed
		if to == ticket.Human {
			text = "For a person: " + reason
		}
		return d.write(ctx, tx, t, note{kind: "state", text: text})
	})
	return next{}, err
}

// believed says by which verdicts findings of the ticket were closed in this opening; empty: by none.
func (d *Director) believed(ctx context.Context, k desk) (why string, err error) {
	var all []string
	for _, f := range k.findings {
		if f.State != finding.Done || !strings.HasPrefix(f.Note, closedBy) {
			continue
		}
		err := d.store.View(ctx, func(tx Tx) error {
			q, ok, err := tx.Inquiry(ctx, k.ticket.ID, k.ticket.Reopened, f.Fingerprint)
			if ok && q.Closed && !slices.Contains(all, f.Note) {
				all = append(all, f.Note)
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return strings.Join(all, "; "), nil
}

// awaited says when to look again because a read of the ticket's resource, asked for before the last finding was settled, has yet to be
// made: what it finds belongs on this ticket, and would open it again. It is not waited for longer than for a repair to be verified.
func (d *Director) awaited(ctx context.Context, k desk) (again time.Time, err error) {
	if d.reader == "" || k.ticket.Resource == nil {
		return time.Time{}, nil
	}
	var settled time.Time
	for _, f := range k.findings {
		if f.Settled.After(settled) {
			settled = f.Settled
		}
	}
	now, c := d.now(), d.config()
	if !now.Before(settled.Add(c.GiveUp)) {
		return time.Time{}, nil
	}
	err = d.store.View(ctx, func(tx Tx) error {
		waits, err := tx.Waits(ctx, d.reader, k.ticket.Resource.Key(), settled)
		if waits {
			again = now.Add(c.pace())
		}
		return err
	})
	return again, err
}
