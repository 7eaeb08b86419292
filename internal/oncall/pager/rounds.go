package pager

import (
	"context"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/ticket"
)

const (
	rounds = 10 * time.Minute // between two looks for tickets that are open for too long
	minute = time.Minute      // between two looks for pages that wait for too long
	some   = 500              // that are read at once
)

// overdue wakes the leg for tickets that are open for too long and that no page tells of: software has them, or an old policy told nobody.
func (g *Pager) overdue(ctx context.Context) (time.Time, error) {
	now, policy := g.Now(), g.Policy()
	if policy.Soonest() == 0 {
		return now.Add(rounds), nil
	}
	var after ticket.ID
	for {
		late, last, err := g.late(ctx, after, policy, now)
		if err != nil {
			return time.Time{}, err
		}
		if len(late) > 0 {
			err := g.Store.Update(ctx, func(tx Tx) error {
				for _, id := range late {
					if err := tx.Enqueue(ctx, Leg, TicketRef(id), time.Time{}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return time.Time{}, err
			}
		}
		if last == "" {
			return now.Add(rounds), nil
		}
		after = last
	}
}

// late are those of the next tickets that are open for too long; last is the one to go on after, empty at the end.
func (g *Pager) late(ctx context.Context, after ticket.ID, policy escalate.Policy, now time.Time) (out []ticket.ID, last ticket.ID, err error) {
	err = g.Store.View(ctx, func(tx Tx) error {
		ids, err := tx.Unpaged(ctx, after, now.Add(-policy.Soonest()), some)
		if err != nil {
			return err
		}
		for _, id := range ids {
			tk, err := tx.Ticket(ctx, id)
			if err != nil {
				return err
			}
			found, err := tx.Findings(ctx, finding.Filter{Ticket: string(id), Limit: mostFindings})
			if err != nil {
				return err
			}
			c := escalate.CaseOf(tk, found, "")
			if within := policy.FixFor(c.Severity, c.Kinds); !tk.Routine && within > 0 && !now.Before(c.FixBy(within)) {
				out = append(out, id)
			}
		}
		if len(ids) == some {
			last = ids[some-1]
		}
		return nil
	})
	return out, last, err
}

// mend wakes the leg for pages whose wait began at a time that is yet to come: the clock was put back. Their own rows would only be due by
// the old one. The row of this look is due at once whenever somebody asks for it, so that it waits for no clock itself.
func (g *Pager) mend(ctx context.Context) (time.Time, error) {
	now := g.Now()
	var after escalate.ID
	for {
		last := escalate.ID("")
		err := g.Store.Update(ctx, func(tx Tx) error {
			pages, err := tx.PagesAfter(ctx, after, some)
			if err != nil {
				return err
			}
			for _, p := range pages {
				if !p.Mend(now) {
					continue
				}
				if err := tx.Enqueue(ctx, Leg, PageRef(p.ID), time.Time{}); err != nil {
					return err
				}
			}
			if last = ""; len(pages) == some {
				last = pages[some-1].ID
			}
			return nil
		})
		if err != nil {
			return time.Time{}, err
		}
		if last == "" {
			return now.Add(minute), nil
		}
		after = last
	}
}
