package playbook_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// Whatever is reported, whoever dies and whatever people do in whichever order, between any two transactions of each other:
// nothing is done while the brake is on, nothing is done again that a person has taken back, a death costs at most one call,
// timelines are whole, clocks are in order, and left alone every finding comes to rest with its ticket closed on a world that
// is fine, or with a person.
//
// It plays for JOBZERO_TOWN (a duration, 15s when unset), and a hundred towns at most: -rapid.checks wants more.
func TestWhateverHappensEveryTicketComesToRest(t *testing.T) {
	began, rounds, budget := time.Now(), 0, patience(t)
	rapid.Check(t, func(r *rapid.T) {
		if rounds++; rounds > 10 && time.Since(began) > budget {
			return
		}
		dir, err := os.MkdirTemp(t.TempDir(), "town") //nolint:usetesting // one for each round, removed at its end
		if err != nil {
			r.Fatal(err)
		}
		w := newTown(t.Context(), t, dir, 2)
		defer func() { _ = w.store.Close() }()
		m := &mob{town: w, r: r, ctx: t.Context()}
		w.fate, w.meanwhile = m.fate, m.meanwhile
		steps := rapid.IntRange(10, 60).Draw(r, "steps")
		for range steps {
			if rapid.IntRange(0, 2).Draw(r, "who") > 0 {
				m.work()
			} else {
				m.act()
			}
			m.check()
		}
		w.fate, w.meanwhile = func() fate { return lives }, func() {}
		m.leaveAlone()
		m.check()
		m.checkPages(t.Context())
		m.checkRest()
	})
}

func patience(t *testing.T) time.Duration {
	word := cmp.Or(os.Getenv("JOBZERO_TOWN"), "15s")
	d, err := time.ParseDuration(word)
	if err != nil {
		t.Fatalf("JOBZERO_TOWN: %v", err)
	}
	return d
}

// mob does everything that people, processes and the world may do, as rapid draws it.
type mob struct {
	*town
	r   *rapid.T
	ctx context.Context
}

func (m *mob) fate() fate {
	switch rapid.IntRange(0, 24).Draw(m.r, "fate") {
	case 23:
		return diesBefore
	case 24:
		return diesAfter
	default:
		return lives
	}
}

func (m *mob) meanwhile() {
	for range rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 3}).Draw(m.r, "meanwhile") {
		m.act()
	}
}

func (m *mob) must(err error) {
	if err != nil {
		m.wrong("%v", err)
	}
}

func (m *mob) work() {
	_, err := m.town.work(m.ctx, func(n int) int { return rapid.IntRange(0, n-1).Draw(m.r, "which") })
	m.must(err)
}

// act does one thing from outside.
func (m *mob) act() {
	acts := []struct {
		name string
		do   func()
	}{
		{"offend", m.offend},
		{"offend", m.offend},
		{"offend", m.offend},
		{"event", m.event},
		{"mend", m.mend},
		{"sweep", m.sweep},
		{"hide", func() { m.plot().hidden = true }},
		{"show", m.show},
		{"brake on", m.stop},
		{"brake off", m.resume},
		{"close", func() { m.order(triage.Close) }},
		{"reopen", func() { m.order(triage.Reopen) }},
		{"others work", m.work},
		{"others work", m.work},
		{"others work", m.work},
		{"others work", m.work},
		{"undo", m.undo},
		{"weather", m.storm},
		{"mode", m.mode},
		{"wait", func() { m.now = m.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(m.r, "seconds")) * time.Second) }},
	}
	a := acts[rapid.IntRange(0, len(acts)-1).Draw(m.r, "act")]
	before := m.meddling
	m.meddling = true
	a.do()
	m.meddling = before
}

func (m *mob) plot() *plot {
	return m.plots[m.key()]
}

func (m *mob) key() string {
	for _, p := range m.plots {
		id := fmt.Sprintf("orders-%d", rapid.IntRange(0, len(m.plots)-1).Draw(m.r, "bucket"))
		ref := p.ref
		ref.ID = id
		return ref.Key()
	}
	return ""
}

// touched is what an event does: the bucket will be read.
func (m *mob) touched(key string) {
	m.must(m.store.Update(m.ctx, func(tx *store.Tx) error { return tx.Enqueue(m.ctx, legLook, key, m.now) }))
}

func (m *mob) offend() {
	k := m.key()
	m.plots[k].public = true
	m.touched(k)
}

// event is a rule that fires on the change itself.
func (m *mob) event() {
	p := m.plot()
	p.public = true
	f := p.belief("made-public", finding.Rule, m.now)
	f.Sighting, f.Occurred = m.now.String(), m.now
	m.must(m.triager.Report(m.ctx, []finding.Finding{f}, m.now))
	m.touched(p.ref.Key())
}

func (m *mob) mend() {
	k := m.key()
	m.plots[k].public = false
	m.touched(k)
}

func (m *mob) show() {
	k := m.key()
	m.plots[k].hidden = false
	m.touched(k)
}

func (m *mob) sweep() {
	for k := range m.plots {
		m.touched(k)
	}
}

func (m *mob) brakes() playbook.Store {
	return store.In(m.store, func(tx *store.Tx) playbook.Tx { return tx })
}

func (m *mob) stop() {
	m.must(playbook.StopEnforcing(m.ctx, m.brakes(), playbook.Order{Person: "alex", Reason: "looks wrong"}, m.now))
	m.braked = true
}

func (m *mob) resume() {
	m.must(playbook.ResumeEnforcing(m.ctx, m.brakes(), playbook.Order{Person: "alex", Reason: "it is well"}, m.now))
	m.braked = false
}

func (m *mob) order(verb func(context.Context, triage.Store, triage.Order, time.Time) error) {
	all := m.tickets(m.ctx)
	if len(all) == 0 {
		return
	}
	tk := all[rapid.IntRange(0, len(all)-1).Draw(m.r, "ticket")]
	in := store.In(m.store, func(tx *store.Tx) triage.Tx { return tx })
	err := verb(m.ctx, in, triage.Order{Ticket: tk.ID, Person: "alex", Reason: "I say so"}, m.now)
	if fault.Is(err, fault.Conflict) {
		return // it was not in a state for that
	}
	m.must(err)
	p := m.plots[tk.Subject]
	for _, after := range m.tickets(m.ctx) {
		if after.ID == tk.ID && after.State == ticket.Closed && tk.State != ticket.Closed {
			p.closed = m.now
		}
	}
}

func (m *mob) undo() {
	all := m.effects(m.ctx)
	if len(all) == 0 {
		return
	}
	e := all[rapid.IntRange(0, len(all)-1).Draw(m.r, "effect")]
	_, err := playbook.RequestUndo(m.ctx, m.brakes(), e.Key, playbook.Order{Person: "alex", Reason: "it is needed"}, m.now)
	if !fault.Is(err, fault.Conflict) {
		m.must(err)
	}
}

func (m *mob) storm() {
	code := rapid.SampledFrom([]fault.Code{fault.Unavailable, fault.Conflict, fault.Denied}).Draw(m.r, "weather")
	m.weather = fault.New(code, "the weather is %s", code)
}

func (m *mob) mode() {
	m.config.Mode = rapid.SampledFrom([]playbook.Mode{playbook.PlanOnly, playbook.Enforce}).Draw(m.r, "mode")
}

// check is what holds at every moment.
func (m *mob) check() {
	m.r.Helper()
	calls := 0
	for _, e := range m.effects(m.ctx) {
		calls += e.Calls
	}
	if extra := m.calls - calls; extra > m.died {
		m.wrong("%d calls changed the world, effects have %d on record, and %d processes died", m.calls, calls, m.died)
	}
	for _, tk := range m.tickets(m.ctx) {
		m.checkTicket(tk)
	}
	if len(m.broken) > 0 {
		m.r.Fatal(strings.Join(m.broken, "\n") + "\n" + m.story())
	}
}

func (m *mob) checkTicket(tk ticket.Ticket) {
	var lines []ticket.Entry
	m.see(m.ctx, func(tx *store.Tx) (err error) { lines, err = tx.Timeline(m.ctx, tk.ID); return err })
	m.must(ticket.Check(lines))
	if tk.Entries != len(lines) {
		m.wrong("ticket %s: %d entries of %d", tk.ID, len(lines), tk.Entries)
	}
	c, last := tk.Clocks, time.Time{}
	for _, at := range []struct {
		name string
		at   time.Time
	}{{"occurred", c.Occurred}, {"detected", c.Detected}, {"opened", c.Opened}, {"contained", c.Contained}, {"verified", c.Verified}, {"closed", c.Closed}} {
		if at.at.IsZero() {
			continue
		}
		if at.at.Before(last) {
			m.wrong("ticket %s, %s: its clock %s is before the one before: %+v", tk.ID, tk.State, at.name, c)
		}
		last = at.at
	}
	if (tk.State == ticket.Closed) == c.Closed.IsZero() {
		m.wrong("ticket %s is %s and was closed at %s", tk.ID, tk.State, c.Closed)
	}
}

// leaveAlone lets go of everything that holds and lets the road come to rest.
func (m *mob) leaveAlone() {
	m.weather = nil
	for k, p := range m.plots {
		if p.hidden {
			p.hidden = false
			m.touched(k)
		}
	}
	m.resume()
	for range 3000 {
		more, err := m.town.work(m.ctx, func(int) int { return 0 })
		m.must(err)
		if !more || len(m.broken) > 0 {
			return
		}
	}
	m.wrong("the road does not come to rest")
}

// checkRest is what holds when everything has come to rest.
func (m *mob) checkRest() {
	m.r.Helper()
	m.see(m.ctx, func(tx *store.Tx) error {
		found, err := tx.Findings(m.ctx, finding.Filter{})
		for _, f := range found {
			if f.State == finding.Open || f.Ticket == "" {
				m.wrong("finding %s on %q is %s and nobody deals with it", f.By, f.Ticket, f.State)
			}
		}
		return err
	})
	for _, e := range m.effects(m.ctx) {
		if e.State == effect.Doing || e.State == effect.Undoing {
			m.wrong("effect %s is %s for ever", e.Key, e.State)
		}
	}
	for _, tk := range m.tickets(m.ctx) {
		p := m.plots[tk.Subject]
		if tk.State != ticket.Closed && tk.State != ticket.Human {
			m.wrong("ticket %s is %s for ever: %s", tk.ID, tk.State, tk.Reason)
		}
		if tk.State == ticket.Closed && p.public && p.closed.IsZero() {
			m.wrong("ticket %s is closed by software and %s is public", tk.ID, p.ref.ID)
		}
		m.see(m.ctx, func(tx *store.Tx) error {
			runs, err := tx.RunsOf(m.ctx, tk.ID)
			for _, run := range runs {
				if run.State == playbook.Running || run.State == playbook.Verifying {
					m.wrong("ticket %s is %s and its run %s is %s for ever", tk.ID, tk.State, run.ID, run.State)
				}
			}
			return err
		})
	}
	if len(m.broken) > 0 {
		m.r.Fatal(strings.Join(m.broken, "\n") + "\n" + m.story())
	}
}

// story is all timelines, for the reader of a failure.
func (m *mob) story() string {
	var b strings.Builder
	for _, tk := range m.tickets(m.ctx) {
		fmt.Fprintf(&b, "%s is %s: %s\n", tk.ID, tk.State, tk.Reason)
		m.see(m.ctx, func(tx *store.Tx) error {
			lines, err := tx.Timeline(m.ctx, tk.ID)
			for _, l := range lines {
				fmt.Fprintf(&b, "  %s %s %s: %s\n", l.At.Format("15:04:05.000"), l.Actor, l.Kind, l.Text)
			}
			return err
		})
	}
	return b.String()
}
