package triage

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// Review keeps what a person says of a closing that no person had a part in. What was closed wrongly is opened again, and nothing like it is
// closed for a time.
func Review(ctx context.Context, s Store, o Order, right bool, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		tk, err := tx.Ticket(ctx, o.Ticket)
		if err != nil {
			return err
		}
		entries, err := tx.Timeline(ctx, o.Ticket)
		if err != nil {
			return err
		}
		all, _ := ticket.Openings(entries)
		if tk.State != ticket.Closed || len(all) == 0 {
			return fault.New(fault.Conflict, "ticket %s is %s: only what is closed is reviewed", tk.ID, tk.State)
		}
		last := all[len(all)-1]
		if !last.Alone() {
			return fault.New(fault.Conflict, "ticket %s was closed with a person's part in it: only what software has closed alone is reviewed", tk.ID)
		}
		r := ticket.Review{Ticket: tk.ID, Opening: last.Number, Right: right, Person: o.Person, Reason: o.Reason, At: now}
		if err := tx.SaveReview(ctx, r); err != nil {
			return err
		}
		if right {
			return tx.AppendEntry(ctx, &tk, byPerson(o, "reviewed", "Reviewed, and closed rightly,", now))
		}
		return reopen(ctx, tx, o, fmt.Sprintf("Reviewed by %s, and closed wrongly: %s", o.Person, o.Reason), now)
	})
}
