package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jobzero/internal/finding"
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
	if planned := p.At(with.Shift.Start.Add(-time.Second)).Primary.Since; planned.Before(o.began) {
		o.began = planned // whoever accepted late tells of all of the shift
	}
	if o.began.IsZero() || now.Sub(o.began) > 24*time.Hour {
		o.began = with.Shift.Start.Add(-oncall.DefaultShift)
	}
	d := handoff.Document{Written: now.UTC()}
	for _, read := range []func(context.Context) (handoff.Part, error){o.tickets, o.runs, o.approvals, o.waivers, o.drills, o.changed} {
		part, err := read(ctx)
		if err != nil {
			return d, err
		}
		d.Parts = append(d.Parts, part)
	}
	pages, err := h.openPages(ctx, tx, p.Rota())
	if err != nil {
		return d, err
	}
	d.Parts = append(d.Parts, handoff.NewPart(handoff.Pages, pages, false))
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
