package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/glass"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

// approvals are what people are asked: by steps of playbooks, and for rights in an emergency.
func (o *opened) approvals(ctx context.Context) (handoff.Part, error) {
	all, most, err := o.underway(ctx)
	if err != nil {
		return handoff.Part{}, err
	}
	var items []handoff.Item
	for _, r := range all {
		for _, s := range r.Steps {
			if s.Ask == nil || s.State != playbook.StepAsking && s.State != playbook.StepTasked {
				continue
			}
			i := handoff.Item{ID: r.ID, Title: s.Ask.Of, State: string(s.State), At: s.Ask.Until, Why: fmt.Sprintf("ticket %s; %d of %d have said yes", r.Ticket, len(s.Ask.Yes), s.Ask.Need)}
			items = append(items, i)
			o.expires(i)
		}
	}
	if o.team == "" {
		asked, err := o.tx.Glasses(ctx, []glass.State{glass.Requested, glass.Granted}, "", mostOpen)
		if err != nil {
			return handoff.Part{}, err
		}
		for _, u := range asked {
			i := handoff.Item{ID: string(u.ID), Title: fmt.Sprintf("break-glass: %s in %s for %s", u.Role, u.Account, u.Person), State: string(u.State), At: u.By, Why: u.Reason}
			if u.State == glass.Granted {
				i.At = u.Until
				o.eye(i)
				continue
			}
			items = append(items, i)
			o.expires(i)
		}
	}
	slices.SortStableFunc(items, func(a, b handoff.Item) int { return a.At.Compare(b.At) })
	return handoff.NewPart(handoff.Approvals, items, most), nil
}

// expires notes what nobody has answered when the next shift is over.
func (o *opened) expires(i handoff.Item) {
	if !i.At.IsZero() && i.At.Before(o.ends) {
		i.Why = "it expires during the next shift; " + i.Why
		o.eye(i)
	}
}

// waivers are those that are over within a week.
func (o *opened) waivers(context.Context) (handoff.Part, error) {
	var items []handoff.Item
	for _, w := range o.house.knowledge.Load().Waivers.All() {
		if end := w.Expires.End(); o.now.Before(end) && end.Before(o.now.Add(soonWaivers)) && (o.team == "" || w.Owner == o.team) {
			items = append(items, handoff.Item{Title: strings.Join(w.Expectations, ", "), Owner: w.Owner, At: end, Why: w.Reason})
		}
	}
	slices.SortStableFunc(items, func(a, b handoff.Item) int { return a.At.Compare(b.At) })
	return handoff.NewPart(handoff.Waivers, items, false), nil
}

// changed is what was opened, closed and done during the shift that ends, and what was changed in the rota.
func (o *opened) changed(ctx context.Context) (handoff.Part, error) {
	var items []handoff.Item
	all, err := o.tx.Tickets(ctx, ticket.Filter{Owner: o.team, Limit: mostOpen})
	if err != nil {
		return handoff.Part{}, err
	}
	for _, t := range all {
		i := ticketItem(t)
		switch {
		case t.State == ticket.Closed && !t.Clocks.Closed.Before(o.began):
			i.At = t.Clocks.Closed
		case t.Clocks.Opened.Before(o.began):
			continue
		default:
			i.State = "opened"
		}
		items = append(items, i)
	}
	done, err := o.tx.Effects(ctx, effect.Filter{Since: o.began, Limit: mostOpen})
	if err != nil {
		return handoff.Part{}, err
	}
	for _, e := range done {
		if o.team != "" {
			t, err := o.tx.Ticket(ctx, ticket.ID(e.Ticket))
			if err != nil {
				return handoff.Part{}, err
			}
			if !o.mine(t) {
				continue
			}
		}
		items = append(items, handoff.Item{ID: e.Key, Title: e.Plan.Action + " on " + e.Plan.Target.Ref.ID, State: string(e.State), Owner: e.Playbook, At: e.Began, Why: e.Error})
	}
	slices.SortStableFunc(items, func(a, b handoff.Item) int { return b.At.Compare(a.At) })
	return handoff.NewPart(handoff.Changed, items, len(all) == mostOpen || len(done) == mostOpen), nil
}

const (
	// soonFaults is how long before its time a fault of the rota is told: while people can still mend it by daylight.
	soonFaults = 30 * 24 * time.Hour
	mostFaults = 5
)

// look adds what else needs an eye: what is stopped, what was given up, where the rota does not hold any more, and what changes in
// it during the next shift.
func (o *opened) look(ctx context.Context, p *oncall.Plan) error {
	b, err := o.tx.Brake(ctx, playbook.EnforcementBrake)
	if err != nil {
		return err
	}
	if b.On {
		o.eye(handoff.Item{Title: "Everything is stopped: nothing is changed in the world", Owner: b.By, At: b.At, Why: b.Reason})
	}
	waiting, err := o.house.store.Backlog(ctx)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if w.Poisoned > 0 {
			o.eye(handoff.Item{Title: fmt.Sprintf("%d times the leg %s gave something up", w.Poisoned, w.Leg), Why: "jobzero deadletter list"})
		}
	}
	for i, f := range p.Prove(o.now, o.now.Add(soonFaults)).Faults {
		if i == mostFaults {
			break // the command names all
		}
		o.eye(handoff.Item{Title: "The rota does not hold: " + f.String(), Why: "jobzero oncall check"})
	}
	changes, err := o.tx.Changes(ctx, p.Rota(), o.now)
	if err != nil {
		return err
	}
	for _, c := range changes {
		for _, s := range c.Spans {
			if s.From.Before(o.ends) {
				o.eye(handoff.Item{ID: c.ID, Title: fmt.Sprintf("%s: %s %s until %s", c.Kind, s.Person, s.Seat, s.Until.Format("2006-01-02T15:04Z")), Owner: c.By, At: s.From, Why: c.Why})
			}
		}
	}
	return nil
}
