package app

import (
	"context"
	"sync"
	"time"

	"jobzero/internal/console"
	"jobzero/internal/expect/standing"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/rates"
)

const (
	countDays  = 30
	countEvery = 5 * time.Minute
	countMost  = 5_000 // tickets whose timelines are read for it; the newest
)

// counting keeps how much was settled without a person. Whoever asks gets what was counted last; what is old is counted anew meanwhile, so that
// no page waits for it.
type counting struct {
	ctx  context.Context //nolint:containedctx // the life of what counts beside the pages that ask
	wait sync.WaitGroup
	mu   sync.Mutex
	last console.Rates
	busy bool
}

// rates gives what was counted last.
func (h *House) rates() console.Rates {
	c, now := &h.counting, h.clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx != nil && !c.busy && now.Sub(c.last.At) >= countEvery {
		c.busy = true
		c.wait.Go(func() {
			found, err := countNewest(c.ctx, h.store, standing.Day(now).AddDate(0, 0, -countDays))
			c.mu.Lock()
			defer c.mu.Unlock()
			c.busy = false
			if err != nil {
				if c.ctx.Err() == nil {
					h.log.Warn("how much was settled without a person could not be counted", "error", err)
				}
				return
			}
			found.At = now
			c.last = found
		})
	}
	return c.last
}

// countNewest adds up the openings of the newest tickets since a day.
func countNewest(ctx context.Context, st *store.Store, since time.Time) (console.Rates, error) {
	sums := rates.New(func(rates.Case) string { return "" })
	out := console.Rates{Since: since}
	seen := 0
	for after := ticket.ID(""); ; {
		var page ticket.Page
		err := st.View(ctx, func(tx *store.Tx) (err error) {
			if page, err = tx.TicketPage(ctx, ticket.Query{Since: since, After: after, Size: pageOfTickets}); err != nil {
				return err
			}
			for _, t := range page.Tickets {
				all, told, err := casesOf(ctx, tx, t)
				if err != nil {
					return err
				}
				for _, c := range all {
					if told && !c.Opened.Before(since) {
						sums.Add(c)
					}
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		seen += len(page.Tickets)
		after = page.Next
		if after == "" || seen >= countMost {
			out.Partial = after != ""
			_, out.Rate = sums.Rates()
			return out, nil
		}
	}
}
