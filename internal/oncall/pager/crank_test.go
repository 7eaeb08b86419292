package pager_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// house is a pager over a real store, turned by hand: work is claimed, done and finished as the engine does, but the clock stands still
// meanwhile, and the process can die at any transaction.
type house struct {
	tb                 testing.TB
	s                  *store.Store
	g                  *pager.Pager
	now                time.Time
	primary, secondary string
	policy             escalate.Policy
	org                *org.Org
	carried            []string // keys of calls that were handed on, in committed transactions or not
	named              int
	die                int // at which transaction from now; 0: never
	late               bool
}

var errKilled = errors.New("the process was killed")

// dying is a store whose process dies: before a transaction, or after it is on the disk and before anybody hears of it.
type dying struct {
	pager.Store
	h *house
}

// Update runs a transaction, or dies.
func (d dying) Update(ctx context.Context, do func(pager.Tx) error) error {
	d.h.die--
	if d.h.die != 0 {
		return d.Store.Update(ctx, do)
	}
	if d.h.late {
		if err := d.Store.Update(ctx, do); err != nil {
			return err
		}
	}
	return errKilled
}

const company = `
people:
  - {id: top, name: T}
  - {id: head, name: H, manager: top}
  - {id: ana, name: A, manager: head}
  - {id: bo, name: B, manager: head}
  - {id: cy, name: C, manager: head}
  - {id: lee, name: L, manager: top}
teams: [{name: shop, lead: lee, members: [lee]}]
`

// rules: no quiet hours, which have tests of their own; each level has another time, so that no two can be mistaken for each other.
const rules = `
group: {within: 15m, longest: 1h}
lines:
  - name: urgent
    severities: [critical]
    acknowledge:
      - {ask: [primary], within: 5m}
      - {ask: [secondary], within: 7m}
      - {ask: [lead, above/1], within: 11m}
      - {ask: [top], within: 13m}
    fix: {within: 1h, levels: [{ask: [lead], within: 29m}, {ask: [above/1, top], within: 31m}]}
    snooze: 10m
  - name: usual
    severities: [informational, low, medium, high]
    acknowledge:
      - {ask: [primary], within: 17m}
      - {ask: [owner], within: 19m} # nobody sits there
      - {ask: [secondary, primary], within: 23m}
    fix: {within: 3h, levels: [{ask: [lead], within: 37m}]}
    snooze: 40m
`

func newHouse(tb testing.TB, url string) *house {
	tb.Helper()
	s, err := store.Open(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	h := &house{tb: tb, s: s, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), primary: "ana", secondary: "bo"}
	if h.policy, err = escalate.Parse("rules.yaml", []byte(rules)); err != nil {
		tb.Fatal(err)
	}
	if h.org, err = org.Parse("org.yaml", []byte(company)); err != nil {
		tb.Fatal(err)
	}
	h.restart()
	return h
}

// restart is a new process over the same store.
func (h *house) restart() {
	h.die = 0
	h.g = pager.New(pager.Options{
		Store: dying{pages(h.s), h}, Roster: h, Carrier: h, Policy: func() escalate.Policy { return h.policy }, Org: func() *org.Org { return h.org },
		NewID: func(time.Time) escalate.ID { h.named++; return escalate.ID(fmt.Sprintf("P%06d", h.named)) }, Now: func() time.Time { return h.now },
	})
	if _, err := h.s.ReleaseAll(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

func pages(s *store.Store) pager.Store {
	return store.In(s, func(tx *store.Tx) pager.Tx { return tx })
}

// OnDuty says who is.
func (h *house) OnDuty(context.Context, string, time.Time) (string, string, error) {
	return h.primary, h.secondary, nil
}

// Zone is not known of anybody.
func (h *house) Zone(string) *time.Location { return nil }

// Carry notes that a call was handed on.
func (h *house) Carry(_ context.Context, _ pager.Tx, _ escalate.Page, c escalate.Call) error {
	h.carried = append(h.carried, c.Key())
	return nil
}

// Spare has nothing to spare.
func (h *house) Spare(context.Context, pager.Tx, escalate.Page, string) error { return nil }

// turn does all that is due, dying where it is told to.
func (h *house) turn() {
	h.tb.Helper()
	ctx := h.tb.Context()
	for range 10_000 {
		hints, err := h.s.Unsent(ctx, pager.Leg, h.now, h.now, 1)
		if err != nil {
			h.tb.Fatal(err)
		}
		if len(hints) == 0 {
			return
		}
		ask := flow.Ask{Leg: pager.Leg, Ref: hints[0].Ref, Holder: "h", Now: h.now, Wall: h.now, Until: h.now.Add(time.Minute)}
		c, ok, err := h.s.Claim(ctx, ask)
		if err != nil || !ok {
			h.tb.Fatalf("claim %s: %t, %v", hints[0].Ref, ok, err)
		}
		again, err := h.g.Advance(ctx, c.Ref)
		switch {
		case errors.Is(err, errKilled):
			h.restart()
			continue
		case err != nil:
			h.tb.Fatalf("%s: %v", c.Ref, err)
		}
		end := flow.Outcome{End: flow.Settle}
		if !again.IsZero() {
			end = flow.Outcome{End: flow.LookAgain, Due: again}
		}
		if _, err := h.s.Finish(ctx, c, end); err != nil {
			h.tb.Fatal(err)
		}
	}
	h.tb.Fatal("work without end")
}

// pulse is what runs each minute by a clock that nobody can set.
func (h *house) pulse() {
	h.do(func(tx *store.Tx) error { return tx.Enqueue(h.tb.Context(), pager.Leg, pager.Clock, time.Time{}) })
}

func (h *house) do(f func(*store.Tx) error) {
	h.tb.Helper()
	if err := h.s.Update(h.tb.Context(), f); err != nil {
		h.tb.Fatal(err)
	}
}

// bring has a ticket come to a person.
func (h *house) bring(id, account string, s finding.Severity) {
	h.tb.Helper()
	tk := ticket.Ticket{
		ID: ticket.ID(id), Subject: id, Title: "bad " + id, Severity: s, State: ticket.Human, Reason: "no playbook", Owner: ticket.Owner{Team: "shop"},
		Account: account, Clocks: ticket.Clocks{Occurred: h.now, Detected: h.now, Opened: h.now},
	}
	h.do(func(tx *store.Tx) error {
		return tx.AppendEntry(h.tb.Context(), &tk, ticket.Entry{At: h.now, Actor: "jobzero/triage", Kind: "opened", Text: "x"})
	})
}

func (h *house) shut(id string) {
	h.tb.Helper()
	h.do(func(tx *store.Tx) error {
		tk, err := tx.Ticket(h.tb.Context(), ticket.ID(id))
		if err != nil {
			return err
		}
		if err := tk.Move(ticket.Closed, "mended", h.now); err != nil {
			return err
		}
		return tx.AppendEntry(h.tb.Context(), &tk, ticket.Entry{At: h.now, Actor: "person/mia", Kind: "closed", Text: "x"})
	})
}

// called are the calls of a page, as the model writes them.
func (h *house) called(id escalate.ID) (out []string) {
	h.tb.Helper()
	err := h.s.View(h.tb.Context(), func(tx *store.Tx) error {
		all, err := tx.Calls(h.tb.Context(), id)
		for _, c := range all {
			out = append(out, fmt.Sprintf("%s/%d/%d %s %s", c.Chain, c.Round, c.Level, c.Person, c.At.Format("02T15:04")))
		}
		return err
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func (h *house) page(id escalate.ID) (p escalate.Page) {
	h.tb.Helper()
	err := h.s.View(h.tb.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.Page(h.tb.Context(), id)
		return err
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	return p
}
