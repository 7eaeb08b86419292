package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jobzero/internal/detect/reused"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const (
	// keepShut is for how long the use of what was shut is looked for: no session lasts that long, and a key that nobody has missed for so
	// long is deleted, or is somebody's again by a way that is a finding of its own.
	keepShut = 90 * 24 * time.Hour
	mostShut = 20_000 // that are held at once, the last ones
	// commitsWithin is how long after the time that it has an effect may come to be seen by other processes.
	commitsWithin = 5 * time.Second
)

// Reused knows which credentials software has shut, and finds them at work. It is safe for concurrent use.
type Reused struct {
	takes time.Duration // for a change to be carried everywhere

	mu    sync.Mutex
	book  *reused.Book
	asked time.Time // everything that was done until then is in the book
}

// NewReused knows nothing yet. takes is how long it takes until a change is carried everywhere.
func NewReused(takes time.Duration) *Reused { return &Reused{takes: takes} }

// find gives a finding for each event in which something that was shut is at work.
func (r *Reused) find(ctx context.Context, st *store.Store, sessions *Sessions, events []*event.Event, now time.Time) (found []finding.Finding, err error) {
	book, err := r.current(ctx, st, events, now)
	if err != nil {
		return nil, fmt.Errorf("read which credentials were shut: %w", err)
	}
	if book.Empty() {
		return nil, nil
	}
	for _, e := range events {
		root := ""
		if key := sessions.key(e); key != nil {
			root = key.ID
		}
		s, ok := book.At(e, root)
		if !ok {
			continue
		}
		tk, holds, err := stillShut(ctx, st, s)
		if err != nil {
			return nil, err
		}
		if !holds {
			continue
		}
		f := reused.Finding(e, s, tk, now)
		if who, ok := sessions.behind(e); ok {
			f.Evidence = append(f.Evidence, who)
		}
		found = append(found, f)
	}
	return found, nil
}

// current gives a book that has all that was shut before the events: an effect that was done after them shuts nothing in them.
func (r *Reused) current(ctx context.Context, st *store.Store, events []*event.Event, now time.Time) (*reused.Book, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var newest time.Time
	for _, e := range events {
		if e.Time.After(newest) {
			newest = e.Time
		}
	}
	if r.book != nil && !newest.Add(-r.takes).After(r.asked) {
		return r.book, nil
	}
	var all []reused.Shut
	err := st.View(ctx, func(tx *store.Tx) error {
		done, err := tx.EffectsThatShut(ctx, now.Add(-keepShut), mostShut)
		for _, e := range done {
			if s, ok := reused.Of(e, r.takes); ok {
				all = append(all, s)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r.book, r.asked = reused.NewBook(all), now.Add(-min(r.takes/2, commitsWithin))
	return r.book, nil
}

// stillShut reads afresh whether an effect holds, and its ticket: a person may have taken it back meanwhile.
func stillShut(ctx context.Context, st *store.Store, s reused.Shut) (tk ticket.Ticket, holds bool, err error) {
	err = st.View(ctx, func(tx *store.Tx) error {
		e, ok, err := tx.Effect(ctx, s.Effect)
		if err != nil || !ok {
			return err
		}
		if _, holds = reused.Of(e, 0); !holds {
			return nil
		}
		tk, err = tx.Ticket(ctx, ticket.ID(s.Ticket))
		return err
	})
	return tk, holds, err
}

// key is the long-term access key that the credential of an event surely leads back to; nil where that is not known.
func (s *Sessions) key(e *event.Event) *resource.Ref {
	if s == nil {
		return nil
	}
	l, ok := s.graph.Resolve(e.Record())
	if !ok || l.Strength != lineage.Proved || l.Key == "" {
		return nil
	}
	return &resource.Ref{Type: resource.AccessKey, Account: l.Root.Account, ID: l.Key}
}
