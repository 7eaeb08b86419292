package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jobzero/internal/access/tie"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const (
	legLeavers = "leavers" // ref: everybody
	everybody  = "everybody"

	// watchLeavers is how often the store is asked whether somebody has left, which costs a read of the people and no call of AWS.
	watchLeavers = 20 * time.Second
	// sureLeavers is how often everybody who has ever left is looked for again, though nothing was left of him.
	sureLeavers    = 24 * time.Hour
	leaverPatience = time.Hour // for organisations of thousands of accounts
	peoplePage     = 500
)

// leaving is what this process knows of who has left.
type leaving struct {
	book atomic.Pointer[tie.Book] // of all people; nil: there are none

	sync.Mutex
	looked    map[person.ID]looked
	at        places
	sets      map[string]resource.Ref // permission sets by name
	setsUntil time.Time
}

// looked is when it was last looked what is left of somebody, and whether something was: only then his ticket is asked for.
type looked struct {
	at   time.Time
	some bool
}

// leaversLeg finds what people leave behind.
func (h *House) leaversLeg() flow.Leg {
	leg := flow.Into(legLeavers, "people", h.leavers)
	leg.Patience = leaverPatience
	return leg
}

// planLeavers has people who leave looked for from now on.
func (h *House) planLeavers(ctx context.Context) error {
	if h.config.Leavers.Every <= 0 {
		return nil
	}
	return h.later(ctx, legLeavers, everybody, 0)
}

// leavers is the durable leg that sees who has left, and looks what is left of all of them in one round through the accounts: of who
// was not looked for yet at once, of who has an open ticket every now and then, and of all once a day.
func (h *House) leavers(ctx context.Context, ref string) (time.Time, error) {
	if ref != everybody || h.config.Leavers.Every <= 0 {
		return time.Time{}, nil
	}
	now := h.clock.Now()
	all, err := h.people(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if len(all) == 0 {
		h.leaving.book.Store(nil)
		return now.Add(watchLeavers), nil
	}
	book := tie.NewBook(all)
	h.leaving.book.Store(book)
	var due []person.Person
	for _, p := range all {
		is, err := h.dueLeaver(ctx, p, now)
		if err != nil {
			return time.Time{}, err
		}
		if is {
			due = append(due, p)
		}
	}
	if len(due) > 0 {
		if err := h.lookFor(ctx, book, due, now); err != nil {
			return time.Time{}, err
		}
	}
	return h.clock.Now().Add(min(watchLeavers, h.config.Leavers.Every)), nil
}

// dueLeaver reports whether it is time to look what is left of somebody.
func (h *House) dueLeaver(ctx context.Context, p person.Person, now time.Time) (bool, error) {
	left := p.State(now) == person.Left
	h.leaving.Lock()
	last, ok := h.leaving.looked[p.ID]
	if !left { // when he leaves again he is looked for again
		delete(h.leaving.looked, p.ID)
	}
	h.leaving.Unlock()
	switch {
	case !left && !ok:
		return false, nil
	case !left || !ok || now.Sub(last.at) >= sureLeavers:
		return true, nil
	case !last.some || now.Sub(last.at) < h.config.Leavers.Every:
		return false, nil
	}
	open := false
	err := h.store.View(ctx, func(tx storeTx) error {
		tk, ok, err := tx.TicketOf(ctx, personRef(p.ID).Key())
		open = ok && tk.State != ticket.Closed
		return err
	})
	return open, err
}

// lookFor looks what is left of people, and writes it down, one transaction a person.
func (h *House) lookFor(ctx context.Context, book *tie.Book, who []person.Person, now time.Time) error {
	s, err := h.survey(ctx, book, who)
	if err != nil {
		return err
	}
	for _, p := range who {
		some, err := h.foundLeft(ctx, s.of[p.ID], now)
		if err != nil {
			return err
		}
		h.leaving.Lock()
		if h.leaving.looked == nil {
			h.leaving.looked = map[person.ID]looked{}
		}
		if p.State(now) == person.Left {
			h.leaving.looked[p.ID] = looked{now, some}
		}
		h.leaving.Unlock()
	}
	h.log.Info("looked what is left of people who have left", "people", len(who), "unread", len(s.missed))
	return nil
}

// people reads everybody, those who are gone too.
func (h *House) people(ctx context.Context) (all []person.Person, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		all = nil
		for after := person.ID(""); ; {
			page, err := tx.People(ctx, after, true, peoplePage)
			if err != nil {
				return err
			}
			all = append(all, page...)
			if len(page) < peoplePage {
				return nil
			}
			after = page[len(page)-1].ID
		}
	})
	return all, err
}

// onTicket are the findings about somebody that are kept.
func onTicket(ctx context.Context, tx *store.Tx, id person.ID) ([]finding.Finding, error) {
	tk, ok, err := tx.TicketOf(ctx, personRef(id).Key())
	if err != nil || !ok {
		return nil, err
	}
	return tx.Findings(ctx, finding.Filter{Ticket: string(tk.ID)})
}
