package triage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// sameStory is for how long after its end a ticket about an access key is still where findings belong that were made with the key.
const sameStory = 24 * time.Hour

// ofCredential gives the ticket about the access key that something was done with, where there is one: a stolen key is one story, whatever rules
// see of it. What is about a resource stays with that resource.
func (t *Triager) ofCredential(ctx context.Context, tx Tx, f finding.Finding, now time.Time) (ticket.Ticket, bool, error) {
	if f.Credential == nil || f.Resource != nil || f.About != nil {
		return ticket.Ticket{}, false, nil
	}
	tk, ok, err := tx.TicketOf(ctx, f.Credential.Key())
	if err != nil || !ok || tk.State == ticket.Closed && now.Sub(tk.Clocks.Closed) > sameStory {
		return ticket.Ticket{}, false, err
	}
	return tk, true, nil
}

// late reports whether a new finding tells only of what was over before it was told.
func late(tk ticket.Ticket, f finding.Finding) bool { return f.Ticket == "" && tk.Overtook(f) }

// joinLate puts what was seen late on its ticket and leaves the ticket as it is.
func (t *Triager) joinLate(ctx context.Context, tx Tx, tk ticket.Ticket, f finding.Finding, now time.Time) error {
	e := ticket.Entry{At: now, Actor: actor, Kind: "joined"}
	var err error
	if e.Data, err = json.Marshal(f.Evidence); err != nil {
		return stuck{fmt.Errorf("evidence of %s: %w", f.Fingerprint, err)}
	}
	when := tk.Clocks.Contained.UTC().Format(time.RFC3339)
	e.Text = fmt.Sprintf("%s, at %s and told late: the key was contained at %s", words(f), f.Occurred.UTC().Format(time.RFC3339), when)
	f.Ticket, f.State, f.Settled = string(tk.ID), finding.Done, tk.Clocks.Contained
	f.Note = "it was before the key was contained"
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	tk.Findings++ // its severity is of what is still to be settled
	return tx.AppendEntry(ctx, &tk, e)
}
