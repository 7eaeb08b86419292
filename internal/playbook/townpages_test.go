package playbook_test

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// bells are the people who are asked in the town about what comes to a person, one after the other.
var bells = []string{"ana", "bo"}

// townPolicy has a page for each ticket, so that nobody can be missed behind a storm.
func townPolicy() escalate.Policy {
	line := escalate.Line{Name: "all", Severities: finding.Severities()}
	for _, person := range bells {
		line.Acknowledge = append(line.Acknowledge, escalate.Level{Ask: []string{"person/" + person}, Within: escalate.Span(30 * time.Second)})
	}
	return escalate.Policy{Group: escalate.Group{Within: -1}, Lines: []escalate.Line{line}}
}

// newPager is the real one, in a process that dies like all others here.
func (w *town) newPager() *pager.Pager {
	return pager.New(pager.Options{
		Store: shaky[pager.Tx]{w, store.In(w.store, func(tx *store.Tx) pager.Tx { return tx })}, Policy: townPolicy, Org: func() *org.Org { return nil }, Now: func() time.Time { return w.now },
		NewID: func(time.Time) escalate.ID { w.ids++; return escalate.ID(fmt.Sprintf("page-%04d", w.ids)) },
	})
}

// checkPages: when the town has come to rest, everybody was asked about each ticket that a person has, once for each level of each round and in that order;
// and no page is open about what is closed.
func (w *town) checkPages(ctx context.Context) {
	for _, tk := range w.tickets(ctx) {
		w.see(ctx, func(tx *store.Tx) error {
			all, err := tx.PagesOf(ctx, tk.ID)
			if err != nil {
				return err
			}
			open := 0
			for _, p := range all {
				if !p.Over() {
					open++
					w.judgeCalls(ctx, tx, p)
				}
			}
			switch {
			case tk.State == ticket.Human && open != 1:
				w.wrong("ticket %s is with a person, and %d open pages tell of it", tk.ID, open)
			case tk.State == ticket.Closed && open > 0:
				w.wrong("ticket %s is closed, and %d pages ask people about it", tk.ID, open)
			}
			return nil
		})
	}
}

func (w *town) judgeCalls(ctx context.Context, tx *store.Tx, p escalate.Page) {
	calls, err := tx.Calls(ctx, p.ID)
	if err != nil {
		w.wrong("calls of page %s: %v", p.ID, err)
	}
	times := map[string]int{}
	for _, c := range calls {
		times[fmt.Sprint(c.Round, " ", c.Level, " ", c.Person)]++
	}
	for round := range p.Answer.Round + 1 {
		for level, person := range bells {
			if n := times[fmt.Sprint(round, " ", level, " ", person)]; n > 1 || n == 0 && round == p.Answer.Round {
				w.wrong("page %s asked %s %d times at level %d of round %d", p.ID, person, n, level, round)
			}
		}
	}
}
