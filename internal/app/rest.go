package app

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"jobzero/internal/api/live"
	"jobzero/internal/api/rest"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// Postman puts dead letters back on the road of the running house.
func (h *House) Postman() *Postman { return &Postman{h.intake, h.logs, h.clock.Now} }

// joinRest makes what programs ask, and what tells of changes.
func (h *House) joinRest() (err error) {
	h.live = live.New(chain{h.store}, h.log, h.gate.Still)
	h.rest, err = rest.New(rest.Options{
		Store: store.In(h.store, func(tx *store.Tx) rest.Tx { return tx }), Replies: answered{h}, Know: loaded{h}, Duties: h, Carrier: h.wayToPeople(),
		Hooks: NewSubscriptions(h.config, h.store, h.clock.Now),
		Replay: func(ctx context.Context, letter string) (rest.Replayed, error) {
			r, err := h.Postman().Deliver(ctx, letter)
			return rest.Replayed(r), err
		},
		Events: h.live, Now: h.clock.Now, Log: h.log,
	})
	return err
}

// Rest is what programs ask, with its description.
func (h *House) Rest() *rest.Rest { return h.rest }

// Live tells of changes as they happen.
func (h *House) Live() http.Handler { return h.live }

// tellChanges has changes told until the house stops.
func (h *House) tellChanges(ctx context.Context) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { h.live.Run(ctx) })
	h.onStop("live", func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

// chain is the one over everything, as a stream of changes.
type chain struct{ store *store.Store }

// Last is the end of it.
func (c chain) Last(ctx context.Context) (seq int64, err error) {
	err = c.store.View(ctx, func(tx storeTx) error {
		l, err := tx.LastLink(ctx)
		seq = l.Seq
		return err
	})
	return seq, err
}

// After gives what follows a place, each thing once, at its last change. Who wrote what, and what is remembered of verdicts, is not for every viewer.
func (c chain) After(ctx context.Context, seq int64, limit int) (all []live.Change, upTo int64, err error) {
	upTo = seq
	err = c.store.View(ctx, func(tx storeTx) error {
		all, upTo = nil, seq
		links, err := tx.Links(ctx, seq, limit)
		at := map[string]int{}
		for _, l := range links {
			upTo = l.Seq
			change := live.Change{Seq: l.Seq, Kind: "ticket", ID: string(l.Ticket)}
			if l.Row != "" {
				change.Kind, change.ID, _ = strings.Cut(l.Row, " ")
			}
			if change.Kind == "asked" || change.Kind == "memory" || change.Kind == "handoff_link" {
				continue
			}
			key := change.Kind + " " + change.ID
			if i, ok := at[key]; ok {
				all[i].Seq = -1
			}
			at[key] = len(all)
			all = append(all, change)
		}
		return err
	})
	var out []live.Change
	for _, c := range all {
		if c.Seq >= 0 {
			out = append(out, c)
		}
	}
	return out, upTo, err
}

// answered is how answers to writes with a key are remembered.
type answered struct{ h *House }

// Begin takes a key.
func (a answered) Begin(ctx context.Context, who, key, request string) (first bool, before, answer string, err error) {
	err = a.h.store.Update(ctx, func(tx storeTx) error {
		r, fresh, err := tx.BeginReply(ctx, store.Reply{Who: who, Key: key, Request: request, At: a.h.clock.Now()})
		first, before, answer = fresh, r.Request, r.Answer
		return err
	})
	return first, before, answer, err
}

// End keeps the answer.
func (a answered) End(ctx context.Context, who, key, answer string) error {
	return a.h.store.Update(ctx, func(tx storeTx) error { return tx.EndReply(ctx, who, key, answer) })
}

// Drop lets go of a key.
func (a answered) Drop(ctx context.Context, who, key string) error {
	return a.h.store.Update(ctx, func(tx storeTx) error { return tx.DropReply(ctx, who, key) })
}

// loaded is what the house has loaded, for programs.
type loaded struct{ h *House }

// Rules are those over events.
func (t loaded) Rules() []rest.Rule {
	var out []rest.Rule
	for _, c := range t.h.knowledge.Load().Rules {
		r := c.Rule
		out = append(out, rest.Rule{ID: r.ID, Title: r.Title, Level: string(r.Level), Tags: r.Tags, Text: strings.TrimSpace(r.Description)})
	}
	return out
}

// Expectations are all that are loaded.
func (t loaded) Expectations() []rest.Expectation {
	var out []rest.Expectation
	for _, e := range t.h.knowledge.Load().Expectations.All() {
		out = append(out, rest.Expectation{
			ID: e.ID, Title: e.Title, Severity: e.Severity, Types: e.Types, Controls: e.Controls, Why: strings.TrimSpace(e.Why),
			Lesson: strings.TrimSpace(e.Lesson), Expression: strings.TrimSpace(e.Expression),
		})
	}
	return out
}

// MayOwn asks the organisation file.
func (t loaded) MayOwn(to ticket.Owner) error { return t.h.knowledge.Load().Org.MayOwn(to) }

// Waivers are those of the file.
func (t loaded) Waivers() []rest.Waiver {
	var out []rest.Waiver
	for _, w := range t.h.knowledge.Load().Waivers.All() {
		out = append(out, rest.Waiver{
			ID: w.ID(), Expectations: w.Expectations, Owner: w.Owner, ApprovedBy: w.ApprovedBy, Reason: w.Reason, Expires: w.Expires.String(),
			Live: w.Live(t.h.clock.Now()),
		})
	}
	return out
}
