package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/playbook"
	"jobzero/internal/ticket"
)

const (
	// mostOpen is how many rows of a kind are read for a handoff; that there are more is said.
	mostOpen = 500
	// soonWaivers is how long before its end a waiver is told.
	soonWaivers = 7 * 24 * time.Hour
)

// opened reads what is open for a handoff, and gathers what needs an eye while it does.
type opened struct {
	house *House
	tx    storeTx
	now   time.Time
	began time.Time // of the shift that ends
	ends  time.Time // of the shift that begins
	team  string    // only what is this team's; empty: everything
	watch []handoff.Item
}

// openWork writes the document of a handoff. The first rota of the text is told of everything, each other one of what is its team's.
func (h *House) openWork(ctx context.Context, tx storeTx, p *oncall.Plan, with handoff.Planned, now time.Time) (handoff.Document, error) {
	o := &opened{house: h, tx: tx, now: now, began: with.From.Since, ends: with.Shift.End}
	if h.watch().Rotas.Rotas()[0] != p.Rota() {
		o.team = p.Team()
	}
	if o.began.IsZero() || now.Sub(o.began) > 24*time.Hour {
		o.began = with.Shift.Start.Add(-oncall.DefaultShift)
	}
	d := handoff.Document{Written: now.UTC()}
	for _, read := range []func(context.Context) (handoff.Part, error){o.tickets, o.runs, o.approvals, o.waivers, o.changed} {
		part, err := read(ctx)
		if err != nil {
			return d, err
		}
		d.Parts = append(d.Parts, part)
	}
	if h.pages != nil {
		items, err := h.pages(ctx, tx, p.Rota())
		if err != nil {
			return d, err
		}
		d.Parts = append(d.Parts, handoff.NewPart(handoff.Pages, items, false))
	} else {
		d.Unread = append(d.Unread, "pages: nothing tells of them here yet")
	}
	if err := o.look(ctx, p); err != nil {
		return d, err
	}
	d.Parts = append(d.Parts, handoff.NewPart(handoff.Watch, o.watch, false))
	order := handoff.Names()
	slices.SortFunc(d.Parts, func(a, b handoff.Part) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	return d, nil
}

func (o *opened) eye(i handoff.Item) { o.watch = append(o.watch, i) }

// mine reports whether a ticket is for this rota.
func (o *opened) mine(t ticket.Ticket) bool { return o.team == "" || t.Owner.Team == o.team }

func ticketItem(t ticket.Ticket) handoff.Item {
	owner := t.Owner.Team
	if t.Owner.Person != "" {
		owner = strings.TrimPrefix(owner+"/"+t.Owner.Person, "/")
	}
	return handoff.Item{ID: string(t.ID), Title: t.Title, Level: string(t.Severity), State: string(t.State), Owner: owner, At: t.Clocks.Opened, Why: t.Reason}
}

// tickets are those that are not closed: the worst first, and of those what a person has before the others.
func (o *opened) tickets(ctx context.Context) (handoff.Part, error) {
	states := slices.DeleteFunc(ticket.States(), func(s ticket.State) bool { return s == ticket.Closed })
	all, err := o.tx.Tickets(ctx, ticket.Filter{States: states, Owner: o.team, Limit: mostOpen})
	if err != nil {
		return handoff.Part{}, err
	}
	slices.SortStableFunc(all, func(a, b ticket.Ticket) int {
		return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), human(b)-human(a), a.Clocks.Opened.Compare(b.Clocks.Opened))
	})
	var items []handoff.Item
	for _, t := range all {
		items = append(items, ticketItem(t))
		switch {
		case t.Contended:
			o.eye(handoff.Item{ID: string(t.ID), Title: t.Title, Level: string(t.Severity), Why: "something keeps putting it back"})
		case t.Severity == finding.Critical && t.Clocks.Contained.IsZero():
			o.eye(handoff.Item{ID: string(t.ID), Title: t.Title, Level: string(t.Severity), At: t.Clocks.Opened, Why: "it is not contained"})
		}
	}
	return handoff.NewPart(handoff.Tickets, items, len(all) == mostOpen), nil
}

func human(t ticket.Ticket) int {
	if t.State == ticket.Human {
		return 1
	}
	return 0
}

// underway are the runs of playbooks that are not over, of the tickets that are this rota's.
func (o *opened) underway(ctx context.Context) (out []playbook.Run, most bool, err error) {
	all, err := o.tx.Runs(ctx, playbook.RunFilter{States: []playbook.RunState{playbook.Running, playbook.Verifying, playbook.Undoing}, Limit: mostOpen})
	if err != nil || o.team == "" {
		return all, len(all) == mostOpen, err
	}
	for _, r := range all {
		t, err := o.tx.Ticket(ctx, r.Ticket)
		if err != nil {
			return nil, false, err
		}
		if o.mine(t) {
			out = append(out, r)
		}
	}
	return out, len(all) == mostOpen, nil
}

func (o *opened) runs(ctx context.Context) (handoff.Part, error) {
	all, most, err := o.underway(ctx)
	var items []handoff.Item
	for _, r := range all {
		i := handoff.Item{ID: r.ID, Title: r.Playbook + " of ticket " + string(r.Ticket), State: string(r.State), At: r.Started, Why: r.Reason}
		if r.Paused != "" {
			i.State, i.Why = "paused", r.Paused
		}
		for _, s := range r.Steps {
			if s.State == playbook.StepPausing {
				i.Why = "step " + s.ID + " waits: " + s.Note
			}
		}
		items = append(items, i)
	}
	return handoff.NewPart(handoff.Runs, items, most), err
}

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

// look adds what else needs an eye: what is stopped, what was given up, and what changes in the rota during the next shift.
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
