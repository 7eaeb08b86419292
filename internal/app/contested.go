package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/check"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/stack/source"
	"jobzero/internal/ticket"
)

const contestedActor = "jobzero/contested"

// contested is the durable leg of a tug of war: it writes down once where what puts the violation back comes from and who did so last, with the
// patch of the source, and tells the owner and one level up. The repair goes on beside it.
func (h *House) contested(ctx context.Context, ref string) (time.Time, error) {
	tk, found, err := h.contention(ctx, ticket.ID(ref))
	if fault.Is(err, fault.NotFound) || err == nil && !tk.Contended {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	if tk.Sourced.IsZero() {
		if tk, err = h.writeSource(ctx, tk, found); err != nil {
			return time.Time{}, err
		}
	}
	if !tk.Warned.IsZero() {
		return time.Time{}, nil
	}
	return h.warn(ctx, tk, found)
}

// contention is a ticket and its findings, the last seen first.
func (h *House) contention(ctx context.Context, id ticket.ID) (tk ticket.Ticket, found []finding.Finding, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		if tk, err = tx.Ticket(ctx, id); err != nil {
			return err
		}
		found, err = tx.Findings(ctx, finding.Filter{Ticket: string(id)})
		return err
	})
	slices.SortStableFunc(found, func(a, b finding.Finding) int { return b.LastSeen.Compare(a.LastSeen) })
	return tk, found, err
}

// putBack is what is told of a tug of war.
type putBack struct {
	source.Found
	By string `json:"by,omitempty"` // the event that put it back last
	Up string `json:"up,omitempty"` // the person one level above the owner
}

// writeSource puts on the timeline what is found, as a line for the ticket's readers and as data.
func (h *House) writeSource(ctx context.Context, tk ticket.Ticket, found []finding.Finding) (ticket.Ticket, error) {
	p, err := h.putBack(ctx, tk, found)
	if err != nil {
		return tk, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return tk, fault.Wrap(fault.Internal, err, "describe what puts it back")
	}
	return h.putOn(ctx, tk.ID, func(t *ticket.Ticket, now time.Time) ticket.Entry {
		t.Sourced = now
		return ticket.Entry{Kind: "source", Text: p.words(), Data: data}
	})
}

// words say it all, patch included: whoever mends the source has it at hand.
func (p putBack) words() string {
	const most = 8 << 10
	out := []string{p.Found.Words()}
	if p.By != "" {
		out = append(out, "Put back last: "+p.By)
	}
	if p.Patch == "" && p.Fix != "" {
		out = append(out, "What the source is to say: "+p.Fix)
	}
	if text := p.Patch; text != "" {
		if len(text) > most {
			text = strings.ToValidUTF8(text[:most], "") + "\n(the rest is in the data of the ticket's timeline)\n"
		}
		out = append(out, "The patch:\n"+text)
	}
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), ".\n")
}

// putBack looks for all of it. The resource is read again: what manages it, its tags say.
func (h *House) putBack(ctx context.Context, tk ticket.Ticket, found []finding.Finding) (p putBack, err error) {
	p.By, p.Up = lastEvent(found), h.above(tk)
	if tk.Resource == nil {
		p.Why = "the ticket is about no resource"
		return p, nil
	}
	r, err := h.inventory.Read(ctx, *tk.Resource)
	if fault.Is(err, fault.Unavailable) {
		return p, err
	}
	if err != nil { // its name will have to do
		r = resource.Resource{Ref: *tk.Resource}
	}
	k := h.knowledge.Load()
	var inputs []check.Input
	for _, place := range h.config.Infrastructure {
		in, err := check.InputOf(place)
		if err != nil {
			return p, err
		}
		inputs = append(inputs, in)
	}
	o := check.Options{Expectations: k.Expectations, Intent: k.Intent, Org: k.Org, Access: k.Access, Now: h.clock.Now()}
	for i, e := range wanted(k.Playbooks, found) { // the first that a patch can meet
		f, err := source.Find(ctx, inputs, r, e, o)
		if err != nil {
			return p, err
		}
		if i == 0 || f.Patch != "" {
			p.Found = f
		}
		if f.Patch != "" {
			break
		}
	}
	return p, nil
}

// wanted are the expectations that the findings of a ticket want met: their own, or those that show that a rule's finding is settled. One
// empty text where there is none: what manages the resource is told all the same.
func wanted(books []book.Definition, found []finding.Finding) (out []string) {
	add := func(id string) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, f := range found {
		if f.Kind == finding.Expectation {
			add(f.By)
		}
	}
	for _, f := range found {
		if at := slices.IndexFunc(books, func(d book.Definition) bool { return d.Settles(f) }); at >= 0 {
			add(books[at].SettledBy)
		}
	}
	if len(out) == 0 {
		out = []string{""}
	}
	return out
}

// lastEvent is the newest event behind the findings, in words.
func lastEvent(found []finding.Finding) (text string) {
	var at time.Time
	for _, f := range found {
		for _, e := range f.Evidence {
			if e.Kind == "event" && e.At.After(at) {
				at, text = e.At, e.Text
			}
		}
	}
	return text
}

// above is the person one level above the ticket's owner; empty: nobody is known.
func (h *House) above(tk ticket.Ticket) string {
	o := h.knowledge.Load().Org
	person := tk.Owner.Person
	if t, ok := o.Team(tk.Owner.Team); ok && person == "" {
		person = t.Lead
	}
	if chain := o.Chain(person); len(chain) > 0 {
		return chain[0].ID
	}
	return ""
}

// putOn writes a line on a ticket's timeline.
func (h *House) putOn(ctx context.Context, id ticket.ID, line func(*ticket.Ticket, time.Time) ticket.Entry) (t ticket.Ticket, err error) {
	err = h.store.Update(ctx, func(tx storeTx) error {
		if t, err = tx.Ticket(ctx, id); err != nil {
			return err
		}
		now := h.clock.Now()
		e := line(&t, now)
		e.At, e.Actor = now, contestedActor
		return tx.AppendEntry(ctx, &t, e)
	})
	return t, err
}

// unwarned gives up telling: the ticket says so, and goes on.
func (h *House) unwarned(ctx context.Context, ref string, cause error) error {
	_, err := h.putOn(ctx, ticket.ID(ref), func(t *ticket.Ticket, now time.Time) ticket.Entry {
		t.Sourced, t.Warned = now, now
		return ticket.Entry{Kind: "escalated", Text: fmt.Sprintf("Nobody could be told that something keeps putting it back: %v", cause)}
	})
	return err
}
