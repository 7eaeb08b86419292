package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// TicketsLeg is the leg that is woken when a ticket comes into a state that is watched; ref: what Came writes.
const TicketsLeg = "tickets"

// Came is a ticket that has come into a state. Entry is the entry of its timeline with which it did, so that each time is its own.
type Came struct {
	Ticket ticket.ID
	Entry  int
	Into   ticket.State
}

// String is the wake-up's ref.
func (c Came) String() string { return fmt.Sprintf("%s/%d/%s", c.Ticket, c.Entry, c.Into) }

// ParseCame reads what String wrote.
func ParseCame(ref string) (Came, error) {
	p := strings.Split(ref, "/")
	if len(p) == 3 {
		if n, err := strconv.Atoi(p[1]); err == nil && slices.Contains(ticket.States(), ticket.State(p[2])) {
			return Came{ticket.ID(p[0]), n, ticket.State(p[2])}, nil
		}
	}
	return Came{}, fault.New(fault.Invalid, "%q is no ticket that came into a state: want ID/ENTRY/STATE", ref)
}

// WatchTickets has TicketsLeg woken for each ticket that comes into one of the states from now on, whichever process brings it there.
func (s *Store) WatchTickets(ctx context.Context, states []ticket.State) error {
	err := s.Update(ctx, func(t *Tx) error {
		if err := t.q.Unwatch(ctx); err != nil {
			return s.fail(err, "watch states of tickets")
		}
		for _, state := range slices.Compact(slices.Sorted(slices.Values(states))) {
			if err := t.q.Watch(ctx, string(state)); err != nil {
				return s.fail(err, "watch states of tickets")
			}
		}
		return nil
	})
	if err == nil {
		err = s.readWatched(ctx)
	}
	return err
}

// readWatched learns which states are watched. It is asked once, when the store is opened: what is watched changes with the settings.
func (s *Store) readWatched(ctx context.Context) error {
	states, err := db.New(s.read).Watched(ctx)
	if err != nil {
		return s.fail(err, "read which states of tickets are watched")
	}
	s.watched.Store(&states)
	return nil
}

// came wakes the leg when the ticket, which is about to be saved, comes into a state that is watched.
func (t *Tx) came(ctx context.Context, tk ticket.Ticket) error {
	watched := t.s.watched.Load()
	if watched == nil || !slices.Contains(*watched, string(tk.State)) {
		return nil
	}
	was, err := t.q.TicketState(ctx, column(string(tk.ID)))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t.s.fail(err, "read the state of ticket "+string(tk.ID))
	}
	if was == string(tk.State) {
		return nil
	}
	return t.Enqueue(ctx, TicketsLeg, Came{tk.ID, tk.Entries, tk.State}.String(), time.Time{})
}
