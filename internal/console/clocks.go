package console

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/oncall/escalate"
)

// pageClock is a page whose time runs.
type pageClock struct {
	escalate.Page
	Ask  time.Time // when the next level is asked; zero: somebody has it, or nobody is left to ask
	Late bool      // it was to be fixed by now
}

// first is what runs out first.
func (c pageClock) first() time.Time {
	if c.Ask.IsZero() || !c.FixBy.IsZero() && c.FixBy.Before(c.Ask) {
		return c.FixBy
	}
	return c.Ask
}

// clocks are those of all pages that have not ended, what runs out first, or has run out longest ago, at the top.
func clocks(ctx context.Context, tx Tx, now time.Time) (out []pageClock, err error) {
	f := escalate.Filter{Limit: mostPages, States: slices.DeleteFunc(escalate.States(), func(s escalate.State) bool { return s == escalate.Resolved })}
	all, err := tx.Pages(ctx, f)
	for _, p := range all {
		k := pageClock{Page: p, Late: !p.FixBy.IsZero() && p.FixBy.Before(now)}
		if !p.Answer.Over {
			k.Ask = p.Answer.Due
		}
		if !k.first().IsZero() {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b pageClock) int { return a.first().Compare(b.first()) })
	return out, err
}
