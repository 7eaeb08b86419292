package pager

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/ticket"
)

const (
	mostFindings   = 50 // of a ticket that are looked at for what they are of
	mostCandidates = 8  // pages that a ticket might join, by word
)

// hear looks at a ticket: it may need a page, be worse than its page says, or be closed.
func (g *Pager) hear(ctx context.Context, id ticket.ID) error {
	now, policy := g.Now(), g.Policy()
	return g.Store.Update(ctx, func(tx Tx) error {
		tk, err := tx.Ticket(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		page, err := tx.PageOf(ctx, id)
		switch {
		case err != nil:
			return err
		case tk.State == ticket.Closed && page != "":
			return g.settle(ctx, tx, page, tk, now)
		case tk.State == ticket.Closed, tk.Routine: // what can wait is for its owner, on the lists
			return nil
		}
		found, err := tx.Findings(ctx, finding.Filter{Ticket: string(id), Limit: mostFindings})
		if err != nil {
			return err
		}
		c := escalate.CaseOf(tk, found, tk.Reason)
		if page != "" {
			return g.worsen(ctx, tx, page, c, now)
		}
		line, _ := policy.LineFor(c.Severity, c.Kinds)
		late := len(line.Fix.Levels) > 0 && !now.Before(c.FixBy(line.Fix.Within.Of()))
		switch {
		case !line.Tells() || tk.State != ticket.Human && !late:
			return nil
		case tk.State != ticket.Human:
			c.Why = fmt.Sprintf("it is %s, and had to be fixed by %s", tk.State, c.FixBy(line.Fix.Within.Of()).UTC().Format(time.RFC3339))
		}
		return g.tellOf(ctx, tx, tk, c, now)
	})
}

// tellOf has a page tell of a ticket: one that is there and takes it, or a new one.
func (g *Pager) tellOf(ctx context.Context, tx Tx, tk ticket.Ticket, c escalate.Case, now time.Time) error {
	policy := g.Policy()
	p, found, err := candidate(ctx, tx, c, policy, now)
	if err != nil {
		return err
	}
	var told escalate.Told
	if found {
		told = p.Join(c, policy, now)
	} else {
		p, told = escalate.Open(g.NewID(now), c, policy, now)
	}
	if err := save(ctx, tx, &p); err != nil {
		return err
	}
	if err := tx.JoinPage(ctx, p.ID, tk.ID, c.Keys, now); err != nil {
		return err
	}
	if within := policy.FixFor(c.Severity, c.Kinds); within > 0 {
		tk.Clocks.FixBy = c.FixBy(within)
	}
	if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: now, Actor: actor, Kind: told.Kind, Text: told.Text}); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Leg, PageRef(p.ID), p.Due())
}

// candidate is the page that a ticket joins: of those that share anything with it, the one that was joined last.
func candidate(ctx context.Context, tx Tx, c escalate.Case, policy escalate.Policy, now time.Time) (best escalate.Page, found bool, err error) {
	for _, word := range c.Keys {
		pages, err := tx.PagesOfWord(ctx, word, now.Add(-policy.Group.Within.Of()), mostCandidates)
		if err != nil {
			return best, false, err
		}
		for _, p := range pages {
			if p.Takes(policy.Group, now) && (!found || p.Joined.After(best.Joined)) {
				best, found = p, true
			}
		}
	}
	return best, found, nil
}

// worsen tells a page that one of its tickets is worse than it was.
func (g *Pager) worsen(ctx context.Context, tx Tx, id escalate.ID, c escalate.Case, now time.Time) error {
	p, err := tx.Page(ctx, id)
	if err != nil {
		return err
	}
	told := p.Worsen(c, g.Policy(), now)
	if told.Kind == "" {
		return nil
	}
	if err := save(ctx, tx, &p); err != nil {
		return err
	}
	if err := tell(ctx, tx, p, said{actor, now}, told); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Leg, PageRef(p.ID), p.Due())
}

// settle tells a page that one of its tickets is closed.
func (g *Pager) settle(ctx context.Context, tx Tx, id escalate.ID, tk ticket.Ticket, now time.Time) error {
	left, err := tx.LeavePage(ctx, id, tk.ID)
	if err != nil || !left {
		return err
	}
	p, err := tx.Page(ctx, id)
	if err != nil || p.Over() {
		return err
	}
	told := p.Settle(now)
	if err := save(ctx, tx, &p); err != nil || told.Kind == "" {
		return err
	}
	if err := tell(ctx, tx, p, said{actor, now}, told); err != nil {
		return err
	}
	return spare(ctx, tx, g.Carrier, p, escalate.Answer{Reason: told.Text, At: now})
}
