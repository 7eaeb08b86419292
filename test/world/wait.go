package world

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// TicketOf is the ticket about a subject, if there is one by now.
func (h *House) TicketOf(ctx context.Context, ref resource.Ref) (ticket.Ticket, bool, error) {
	return h.ticketAbout(ctx, ref.Key())
}

// WaitRoutine waits until what can wait about a subject is with a person.
func (h *House) WaitRoutine(ctx context.Context, ref resource.Ref) (last ticket.Ticket, err error) {
	err = Until(ctx, func() (bool, error) {
		var ok bool
		last, ok, err = h.ticketAbout(ctx, ticket.Routine(ref.Key()))
		return ok && last.State == ticket.Human, err
	})
	return last, err
}

func (h *House) ticketAbout(ctx context.Context, subject string) (ticket.Ticket, bool, error) {
	all, err := List[ticket.Ticket](ctx, h, "ticket", "list")
	if err != nil {
		return ticket.Ticket{}, false, err
	}
	for _, t := range all {
		if t.Subject == subject {
			return t, true, nil
		}
	}
	return ticket.Ticket{}, false, nil
}

// WaitClosed waits until the ticket about a subject is closed. A ticket that went to a person instead ends the wait.
func (h *House) WaitClosed(ctx context.Context, ref resource.Ref) (ticket.Ticket, error) {
	return h.WaitTicket(ctx, ref, func(t ticket.Ticket) (bool, error) {
		if t.State == ticket.Human {
			return false, fmt.Errorf("ticket %s went to a person: %s", t.ID, t.Reason)
		}
		return t.State == ticket.Closed, nil
	})
}

// WaitPerson waits until the ticket about a subject is with a person.
func (h *House) WaitPerson(ctx context.Context, ref resource.Ref) (ticket.Ticket, error) {
	return h.WaitTicket(ctx, ref, func(t ticket.Ticket) (bool, error) { return t.State == ticket.Human, nil })
}

// WaitTicket waits until the ticket about a subject is as wanted. An error from enough ends the wait.
func (h *House) WaitTicket(ctx context.Context, ref resource.Ref, enough func(ticket.Ticket) (bool, error)) (ticket.Ticket, error) {
	var last ticket.Ticket
	err := Until(ctx, func() (bool, error) {
		t, ok, err := h.TicketOf(ctx, ref)
		if err != nil || !ok {
			return false, err
		}
		last = t
		return enough(t)
	})
	if err != nil {
		return last, fmt.Errorf("waiting for the ticket about %s, which is %q (%s): %w", ref, last.State, last.Reason, err)
	}
	return last, nil
}

// Until asks again and again until the answer is yes. What fails only because ctx ended is ctx's error.
func Until(ctx context.Context, enough func() (bool, error)) error {
	const pace = 100 * time.Millisecond
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		ok, err := enough()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil || ok:
			return err
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// Tail is the last n lines of a text.
func Tail(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
