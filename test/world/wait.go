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
	all, err := List[ticket.Ticket](ctx, h, "ticket", "list")
	if err != nil {
		return ticket.Ticket{}, false, err
	}
	for _, t := range all {
		if t.Subject == ref.Key() {
			return t, true, nil
		}
	}
	return ticket.Ticket{}, false, nil
}

// WaitClosed waits until the ticket about a subject is closed.
func (h *House) WaitClosed(ctx context.Context, ref resource.Ref) (ticket.Ticket, error) {
	return h.WaitState(ctx, ref, ticket.Closed)
}

// WaitPerson waits until the ticket about a subject is with a person.
func (h *House) WaitPerson(ctx context.Context, ref resource.Ref) (ticket.Ticket, error) {
	return h.WaitState(ctx, ref, ticket.Human)
}

// WaitState waits until the ticket about a subject is in the state. A ticket that went to a person instead ends the wait.
func (h *House) WaitState(ctx context.Context, ref resource.Ref, want ticket.State) (ticket.Ticket, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var last ticket.Ticket
	for {
		t, ok, err := h.TicketOf(ctx, ref)
		if err != nil && ctx.Err() == nil {
			return t, err
		}
		if ok {
			last = t
		}
		if ok && t.State == want {
			return t, nil
		}
		if ok && t.State == ticket.Human {
			return t, fmt.Errorf("ticket %s went to a person: %s", t.ID, t.Reason)
		}
		select {
		case <-ctx.Done():
			return last, fmt.Errorf("ticket about %s is %q (%s), want %s: %w", ref, last.State, last.Reason, want, ctx.Err())
		case <-tick.C:
		}
	}
}

// Tail is the last n lines of a text.
func Tail(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
