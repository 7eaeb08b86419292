package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const legSchedule = "schedule" // ref: a playbook's ID, an at sign, and when it is due

// dueRef names one due time of a playbook. As it is the work's name too, a due time has one row, whoever writes it and however often.
func dueRef(id string, at time.Time) string { return id + "@" + at.UTC().Format(time.RFC3339) }

func parseDue(ref string) (id string, at time.Time, err error) {
	id, text, _ := strings.Cut(ref, "@")
	if at, err = time.Parse(time.RFC3339, text); err != nil {
		err = fault.New(fault.Invalid, "%q is no due time of a playbook: want ID@TIME", ref)
	}
	return id, at, err
}

// planSchedules writes down when each playbook is due next, and which states of tickets begin one.
func (h *House) planSchedules(ctx context.Context) error {
	now := h.clock.Now()
	var states []ticket.State
	err := h.store.Update(ctx, func(tx storeTx) error {
		states = nil
		for _, d := range h.knowledge.Load().Playbooks {
			for _, s := range d.When.Tickets {
				states = append(states, ticket.State(s))
			}
			if err := enqueueNext(ctx, tx, d, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.store.WatchTickets(ctx, states)
}

func enqueueNext(ctx context.Context, tx storeTx, d book.Definition, now time.Time) error {
	at := d.When.Next(now)
	if at.IsZero() {
		return nil
	}
	return tx.Enqueue(ctx, legSchedule, dueRef(d.ID, at), at)
}

// playbook is the one of an ID.
func (h *House) playbook(id string) (book.Definition, bool) {
	all := h.knowledge.Load().Playbooks
	at := slices.IndexFunc(all, func(d book.Definition) bool { return d.ID == id })
	if at < 0 {
		return book.Definition{}, false
	}
	return all[at], true
}

// schedule is the durable leg that asks for a playbook at a due time, once: the finding is named by it. Of the due times that passed while
// no house ran, the first is made up for, and the others are left out. A due time that the playbook does not have any more is nothing.
func (h *House) schedule(ctx context.Context, ref string) (time.Time, error) {
	id, at, err := parseDue(ref)
	if err != nil {
		return time.Time{}, err
	}
	d, ok := h.playbook(id)
	if !ok || !d.When.Due(at) {
		return time.Time{}, nil
	}
	now := h.clock.Now()
	why := "its schedule " + d.When.Schedule + " was due at " + at.Format(time.RFC3339)
	if late := now.Sub(at); late > time.Minute {
		why += fmt.Sprintf("; %s late, as nobody was there", book.Span(late.Round(time.Second)))
	}
	return time.Time{}, h.store.Update(ctx, func(tx storeTx) error {
		if err := h.askIn(ctx, tx, Asking{Playbook: d, Why: why, For: ref, At: at}, now); err != nil {
			return err
		}
		return enqueueNext(ctx, tx, d, now)
	})
}

// nextDue keeps a schedule going of which one due time could not be asked for.
func (h *House) nextDue(ctx context.Context, ref string) error {
	id, _, err := parseDue(ref)
	d, ok := h.playbook(id)
	if err != nil || !ok {
		return nil //nolint:nilerr // a due time of nothing; the log has it
	}
	return h.store.Update(ctx, func(tx storeTx) error { return enqueueNext(ctx, tx, d, h.clock.Now()) })
}

// cameInto is the durable leg that asks for what begins when a ticket comes into a state. What is asked for is on a ticket of its own, so
// that it neither waits for nor changes the one that it is about; such a ticket begins nothing itself.
func (h *House) cameInto(ctx context.Context, ref string) (time.Time, error) {
	c, err := store.ParseCame(ref)
	if err != nil {
		return time.Time{}, err
	}
	now := h.clock.Now()
	return time.Time{}, h.store.Update(ctx, func(tx storeTx) error {
		tk, err := tx.Ticket(ctx, c.Ticket)
		if err != nil {
			return err
		}
		if tk.Resource != nil && tk.Resource.Type == ticketType {
			return nil
		}
		for _, d := range h.knowledge.Load().Playbooks {
			if !slices.Contains(d.When.Tickets, string(c.Into)) {
				continue
			}
			if err := h.askIn(ctx, tx, aboutTicket(d, tk, c), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// aboutTicket asks for a playbook about a ticket.
func aboutTicket(d book.Definition, tk ticket.Ticket, c store.Came) Asking {
	return Asking{
		Playbook: d, About: &resource.Ref{Type: ticketType, Account: tk.Account, ID: string(tk.ID)}, Account: tk.Account, Region: tk.Region, Owner: tk.Owner.Team,
		Why: fmt.Sprintf("ticket %s came to be %s: %s", tk.ID, c.Into, tk.Title), For: c.String(), At: tk.Clocks.Opened, Evidence: tk,
	}
}
