package playbook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// theatre is a director on a real store that plays any playbook, with actions that the test scripts.
type theatre struct {
	t        *testing.T
	store    *store.Store
	director *playbook.Director
	triager  *triage.Triager
	books    []book.Definition
	config   playbook.Config
	now      time.Time
	ids      int
	ref      ticket.ID
	fate     func() fate // of the process, at each commit

	settled  bool                          // what a fresh read says of the finding
	resource map[string]any                // properties that a fresh read shows
	freeze   bool                          // changes are frozen
	class    map[string]effect.Class       // of undo, by action; exact where nothing is said
	two      map[string]bool               // undoing it is what an attacker would want
	fails    map[string]int                // how often it does not work
	version  map[string]string             // of what would be called: the world that changes between plan and call
	done     map[string]bool               // by action and target
	did      []string                      // in order
	gathered map[string]playbook.Gathered  // by what
	meddle   func(what string, key string) // while a call is under way
	seen     func(effect.Target)           // what was planned for
	unheard  map[string]string             // why nobody can be told, by action
	going    map[string]effect.Check       // what goes on by itself, and how far it is, by action
}

func play(t *testing.T, texts ...string) *theatre {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h := &theatre{
		t: t, store: db, now: stageStart, config: playbook.DefaultConfig(), resource: map[string]any{}, class: map[string]effect.Class{}, two: map[string]bool{},
		fails: map[string]int{}, version: map[string]string{}, done: map[string]bool{}, gathered: map[string]playbook.Gathered{},
	}
	h.config.Mode = playbook.Enforce
	h.fate = func() fate { return lives }
	for i, text := range texts {
		d, err := book.Parse(fmt.Sprintf("book%d.yml", i), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		h.books = append(h.books, d)
	}
	now := func() time.Time { return h.now }
	h.director = playbook.New(playbook.Options{
		Store: mortal{h.in(), func() fate { return h.fate() }}, Judge: h, Reader: reader, Hands: h, Now: now, Chance: func() float64 { return 0 },
		Config:    func() playbook.Config { return h.config },
		Playbooks: func() []book.Definition { return h.books },
		NewID:     func(time.Time) string { h.ids++; return fmt.Sprintf("run-%d", h.ids) },
		Facts: playbook.Facts{
			Account: func(id string) map[string]any { return map[string]any{"id": id, "environment": "production"} },
			Freeze:  func(now time.Time) (string, time.Time, bool) { return "year's end", now.Add(time.Hour), h.freeze },
		},
		Gather: func(_ context.Context, what string, _ finding.Finding) (playbook.Gathered, error) {
			g, ok := h.gathered[what]
			if !ok {
				return g, fault.New(fault.NotFound, "nothing is known of %s", what)
			}
			return g, nil
		},
	})
	h.triager = triage.New(triage.Options{
		Store: store.In(db, func(tx *store.Tx) triage.Tx { return tx }), Now: now, Owners: func() triage.Owners { return owners{} },
		NewID: func(time.Time) ticket.ID { h.ids++; return ticket.ID(fmt.Sprintf("ticket-%d", h.ids)) },
	})
	return h
}

func (h *theatre) in() playbook.Store {
	return store.In(h.store, func(tx *store.Tx) playbook.Tx { return tx })
}

// Look is a fresh read.
func (h *theatre) Look(context.Context, finding.Finding, playbook.Proof) (playbook.Sight, error) {
	r := resource.Resource{Ref: bucket, Properties: h.resource}
	text, err := json.Marshal(r)
	s := playbook.Sight{Result: playbook.StillSo, Text: "still so", At: h.now, Resource: text}
	if h.settled {
		s.Result, s.Text = playbook.NoMore, "so no more"
	}
	return s, err
}

func (h *theatre) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	if h.seen != nil {
		h.seen(t)
	}
	p := effect.Plan{Action: id, Target: t, Undo: effect.Exact, TwoToUndo: h.two[id]}
	if c := h.class[id]; c != "" {
		p.Undo = c
	}
	switch id {
	case "notify.send", "webhook.post", "lambda.invoke", "ssm.run-automation":
		p.Outward = true
	}
	if why := h.unheard[id]; why != "" {
		return p, fault.New(fault.Invalid, "%s", why)
	}
	if !p.Outward && h.done[id+" "+t.Ref.ID] {
		p.Nothing = "it is done"
		return p, nil
	}
	input, err := json.Marshal(h.version[id])
	p.Calls = []effect.Call{{Permission: "test:" + id, Resource: "arn:aws:test:::" + t.Ref.ID, Input: input}}
	return p, err
}

func (h *theatre) Do(_ context.Context, p effect.Plan) (effect.Result, error) {
	if h.meddle != nil {
		h.meddle("do", p.Action)
	}
	if h.fails[p.Action] > 0 {
		h.fails[p.Action]--
		return effect.Result{}, fault.New(fault.Denied, "no")
	}
	key := p.Action + " " + p.Target.Ref.ID
	if p.Outward {
		_, going := h.going[p.Action]
		h.did = append(h.did, p.Action)
		return effect.Result{Calls: 1, After: json.RawMessage(`{"id":"` + p.Target.Effect + `"}`), Going: going}, nil
	}
	if h.done[key] {
		return effect.Result{Already: true}, nil
	}
	h.done[key] = true
	h.did = append(h.did, p.Action)
	return effect.Result{Calls: 1}, nil
}

func (h *theatre) Verify(_ context.Context, p effect.Plan) (effect.Check, error) {
	if p.Outward {
		if c, ok := h.going[p.Action]; ok {
			return c, nil
		}
		return effect.Check{Holds: len(p.Gave) > 0, Text: "it was taken"}, nil
	}
	return effect.Check{Holds: h.done[p.Action+" "+p.Target.Ref.ID], Text: "looked"}, nil
}

func (h *theatre) Undo(_ context.Context, p effect.Plan) (effect.Result, error) {
	if h.fails["undo "+p.Action] > 0 {
		h.fails["undo "+p.Action]--
		return effect.Result{}, fault.New(fault.Denied, "no")
	}
	if !h.done[p.Action+" "+p.Target.Ref.ID] {
		return effect.Result{Already: true}, nil
	}
	delete(h.done, p.Action+" "+p.Target.Ref.ID)
	h.did = append(h.did, "undo "+p.Action)
	return effect.Result{Calls: 1}, nil
}

// report tells triage of the finding by a rule, which opens the ticket.
func (h *theatre) report(by string) {
	h.t.Helper()
	h.find(finding.Finding{
		Fingerprint: finding.Print(finding.Rule, by, bucket.Key()), Kind: finding.Rule, By: by, Title: "Bucket is public", Severity: finding.High,
		Account: bucket.Account, Resource: &bucket, Principal: "arn:aws:iam::111122223333:user/mallory",
		Occurred: h.now.Add(-time.Second), Detected: h.now, Sighting: h.now.String(),
	})
}

func (h *theatre) find(f finding.Finding) {
	h.t.Helper()
	if err := h.triager.Report(h.t.Context(), []finding.Finding{f}, h.now); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.triager.Triage(h.t.Context(), string(f.Fingerprint)); err != nil {
		h.t.Fatal(err)
	}
	h.see(func(tx *store.Tx) error {
		tk, _, err := tx.TicketOf(h.t.Context(), f.Subject())
		h.ref = tk.ID
		return err
	})
}

// advance lets the director go as far as it can now, and says when it wants to look again.
func (h *theatre) advance() time.Time {
	h.t.Helper()
	at, err := h.director.Advance(h.t.Context(), string(h.ref))
	if err != nil {
		h.t.Fatal(err)
	}
	return at
}

// act makes all effects that have begun.
func (h *theatre) act() (acted bool) {
	h.t.Helper()
	for _, e := range h.effects() {
		if e.State != effect.Doing && e.State != effect.Undoing {
			continue
		}
		held, err := h.director.Act(h.t.Context(), e.Key)
		if err != nil {
			h.t.Fatal(err)
		}
		acted = acted || held.IsZero()
	}
	return acted
}

// run goes on without moving the time for more than a while.
func (h *theatre) run(most time.Duration) {
	h.t.Helper()
	until := h.now.Add(most)
	for range 200 {
		again := h.advance()
		switch {
		case h.act():
		case again.IsZero() || again.After(until):
			return
		default:
			h.now = again
		}
	}
	h.t.Fatal("it does not come to rest")
}

func (h *theatre) see(do func(*store.Tx) error) {
	h.t.Helper()
	if err := h.store.View(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
}

func (h *theatre) effects() (all []effect.Effect) {
	h.see(func(tx *store.Tx) (err error) { all, err = tx.Effects(h.t.Context(), effect.Filter{}); return err })
	slices.SortFunc(all, func(a, b effect.Effect) int { return strings.Compare(a.Key, b.Key) })
	return all
}

func (h *theatre) lastRun() (r playbook.Run) {
	h.see(func(tx *store.Tx) error {
		all, err := tx.RunsOf(h.t.Context(), h.ref)
		if len(all) > 0 {
			r = all[len(all)-1]
		}
		return err
	})
	return r
}

func (h *theatre) ticket() (tk ticket.Ticket) {
	h.see(func(tx *store.Tx) (err error) { tk, err = tx.Ticket(h.t.Context(), h.ref); return err })
	return tk
}

// said reports whether a line of the timeline holds the words.
func (h *theatre) said(words string) bool {
	var all []ticket.Entry
	h.see(func(tx *store.Tx) (err error) { all, err = tx.Timeline(h.t.Context(), h.ref); return err })
	return slices.ContainsFunc(all, func(e ticket.Entry) bool { return strings.Contains(e.Text, words) })
}

// wants checks what was done, where each step is, and where the run is.
func (h *theatre) wants(state playbook.RunState, did string, steps string) {
	h.t.Helper()
	r := h.lastRun()
	var got []string
	for _, s := range r.Steps {
		got = append(got, s.ID+" "+string(s.State))
	}
	if r.State != state || strings.Join(h.did, ", ") != did || steps != "" && strings.Join(got, ", ") != steps {
		h.t.Errorf("run is %s (%s), did %q, steps %q\nwant %s, %q, %q\nticket: %+v", r.State, r.Reason, strings.Join(h.did, ", "), strings.Join(got, ", "), state, did, steps, h.ticket())
	}
}
