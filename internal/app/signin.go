package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

// AuthStore is the store as those see it who say who is asking.
func AuthStore(s *store.Store) auth.Store {
	return store.In(s, func(tx *store.Tx) auth.Tx { return tx })
}

// NewRecordID names a record of a write, and a service token.
func NewRecordID(now time.Time) string { return newULID(now) }

// Gate is what stands before every door for people.
func (h *House) Gate() *auth.Gate { return h.gate }

func (h *House) joinGate() (err error) {
	h.gate, err = auth.New(auth.Options{
		Config: h.config.Auth, Store: AuthStore(h.store), Now: h.clock.Now, Log: h.log,
		Org:   func() *org.Org { return h.knowledge.Load().Org },
		NewID: func() string { return newULID(h.clock.Now()) },
		Find:  h.inDirectory, Left: h.gone, Reports: h.config.Report.Open && !h.config.Console.Off,
	})
	return err
}

// inDirectory is the ID that the directory of people has for a user name; empty where it knows none.
func (h *House) inDirectory(ctx context.Context, name string) (id string, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		p, err := tx.PersonNamed(ctx, name)
		id = string(p.ID)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return id, err
}

// gone says whether somebody of the directory has left.
func (h *House) gone(ctx context.Context, id string) (left bool, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		p, err := tx.Person(ctx, person.ID(id))
		left = p.State(h.clock.Now()) == person.Left
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	return left, err
}

// invite shows a one-time link where there is no other way in and somebody sits at the terminal.
func (h *House) invite(ctx context.Context) {
	if h.config.Auth.Ready() {
		return
	}
	if h.links == nil {
		h.log.Info("nobody can sign in by themselves: `jobzero auth link` makes a one-time link")
		return
	}
	l, path, err := auth.NewLink("first", []auth.Role{auth.Admin, auth.Responder}, h.clock.Now())
	if err == nil {
		err = AuthStore(h.store).Update(ctx, func(tx auth.Tx) error { return tx.SaveLink(ctx, l) })
	}
	if err != nil {
		h.log.Warn("no one-time link", "error", err)
		return
	}
	_, _ = fmt.Fprintf(h.links, "Sign in, once and within %s: http://%s%s\n", auth.LinkTime, h.address, path.Reveal())
}

const keepReplies = 24 * time.Hour // how long the same write with the same key has the same answer

// forgetVisits forgets the sessions that have ended, and answers that nobody asks for again.
func (h *House) forgetVisits(ctx context.Context, now time.Time) error {
	_, err := h.store.PruneVisits(ctx, now)
	_, other := h.store.PruneReplies(ctx, now.Add(-keepReplies))
	return errors.Join(err, other)
}
