package app

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/rates"
)

// pageOfTickets is how many are read at once.
const pageOfTickets = 200

// Openings tells of each time that a ticket was opened since a time, with what had a part in it. untold is how many tickets there are whose
// timelines are too old to say who closed them.
func Openings(ctx context.Context, st *store.Store, since time.Time, do func(rates.Case)) (untold int, err error) {
	var last ticket.ID
	for {
		var page []ticket.Ticket
		err := st.View(ctx, func(tx *store.Tx) (err error) {
			if page, err = tx.TicketsAfter(ctx, last, pageOfTickets); err != nil {
				return err
			}
			for _, t := range page {
				if t.Clocks.Opened.Before(since) { // of the last time: all others were before that
					continue
				}
				all, told, err := casesOf(ctx, tx, t)
				if err != nil {
					return err
				}
				if !told {
					untold++
					continue
				}
				for _, c := range all {
					if !c.Opened.Before(since) {
						do(c)
					}
				}
			}
			return nil
		})
		if err != nil || len(page) == 0 {
			return untold, err
		}
		last = page[len(page)-1].ID
	}
}

// casesOf are the openings of a ticket with what is known of each.
func casesOf(ctx context.Context, tx *store.Tx, t ticket.Ticket) (out []rates.Case, told bool, err error) {
	entries, err := tx.Timeline(ctx, t.ID)
	if err != nil {
		return nil, false, err
	}
	all, told := ticket.Openings(entries)
	if !told {
		return nil, false, nil
	}
	runs, err := tx.RunsOf(ctx, t.ID)
	if err != nil {
		return nil, false, err
	}
	inquiries, err := tx.InquiriesOf(ctx, t.ID)
	if err != nil {
		return nil, false, err
	}
	reviews, err := tx.Reviews(ctx, t.ID)
	if err != nil {
		return nil, false, err
	}
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID), Limit: 1})
	if err != nil {
		return nil, false, err
	}
	for _, o := range all {
		c := rates.Case{Opening: o}
		if len(found) > 0 {
			c.Rule = found[0].By
		}
		ran(&c, runs)
		thought(&c, inquiries)
		if at := slices.IndexFunc(reviews, func(r ticket.Review) bool { return r.Opening == o.Number }); at >= 0 {
			c.Review = &reviews[at]
		}
		out = append(out, c)
	}
	return out, true, nil
}

// ran says which playbook was the last to run in an opening.
func ran(c *rates.Case, runs []playbook.Run) {
	for _, r := range runs {
		if !r.Started.Before(c.Opened) && (c.Closed.IsZero() || !r.Started.After(c.Closed)) {
			c.Playbook = r.Playbook
		}
	}
}

// thought says what was believed in an opening: what closed it, or else what any verdict said.
func thought(c *rates.Case, all []playbook.Inquiry) {
	for _, q := range all {
		if q.Opening != c.Number {
			continue
		}
		c.Rule = q.By
		if c.Verdict == "" || q.Closed {
			c.Verdict = q.Opinion.ID
		}
		if q.Closed {
			c.Closing = q.Opinion.ID
			return
		}
	}
}
