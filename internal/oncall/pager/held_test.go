package pager_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
)

// The model says what people see of pages, in minutes, with nothing of the code that it is held against.

type step struct {
	who     []string // seats
	minutes int
}

type way struct {
	answer, fix []step
	fixIn, nap  int
}

func ways() map[finding.Severity]way {
	return map[finding.Severity]way{
		finding.Critical: {
			answer: []step{{[]string{"primary"}, 5}, {[]string{"secondary"}, 7}, {[]string{"lee", "head"}, 11}, {[]string{"top"}, 13}},
			fix:    []step{{[]string{"lee"}, 29}, {[]string{"head", "top"}, 31}}, fixIn: 60, nap: 10,
		},
		finding.Low: {
			answer: []step{{[]string{"primary"}, 17}, {nil, 19}, {[]string{"secondary", "primary"}, 23}},
			fix:    []step{{[]string{"lee"}, 37}}, fixIn: 180, nap: 40,
		},
	}
}

// never is no minute at all.
const never = -1 << 40

// chain is one clock: which step is next, when, since when it waits, who was asked. since is never where a wait is to an instant.
type chain struct {
	round, next, due, since int
	asked                   []string
}

func (c *chain) wait(now, minutes int) { c.since, c.due = now, now+minutes }

type incident struct {
	page, account  string
	severity       finding.Severity
	state          escalate.State
	by             string
	answered       int
	renewed        int      // when whoever has it was asked anew last
	tickets        []string // open
	opened, joined int
	fixBy          int
	answer, late   chain
	calls          []string
	everything     int
}

// ask asks the next step of a chain that has somebody new.
func (i *incident) ask(name string, c *chain, steps []step, now int, duty map[string]string) (over bool) {
	for ; c.next < len(steps); c.next++ {
		var who []string
		for _, seat := range steps[c.next].who {
			p := cmp.Or(duty[seat], seat)
			if !slices.Contains(c.asked, p) && !slices.Contains(who, p) {
				who = append(who, p)
			}
		}
		if len(who) == 0 {
			continue
		}
		for _, p := range who {
			i.calls = append(i.calls, fmt.Sprintf("%s/%d/%d %s %s", name, c.round, c.next, p, minute(now).Format("02T15:04")))
			c.asked = append(c.asked, p)
		}
		c.wait(now, steps[c.next].minutes)
		c.next++
		return false
	}
	c.due, c.since = never, never
	return true
}

func minute(n int) time.Time {
	return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

// more has whoever has it asked anew: at once the first time, and again no sooner than a quarter of an hour after the time before.
func (i *incident) more(now int) {
	if i.state != escalate.Acknowledged || i.answer.due != never {
		return
	}
	i.answer = chain{round: i.answer.round + 1, due: now, since: never}
	if wait := min(15, i.renewed+15-now); i.renewed != never && wait > 0 {
		i.answer.wait(now, wait)
	}
}

// pass is what time does.
func (i *incident) pass(now int, duty map[string]string) {
	if i.state == escalate.Resolved {
		return
	}
	for _, c := range []*chain{&i.answer, &i.late} { // the clock was put back: what was left of the wait is left
		if c.since > now {
			c.due, c.since = now+c.due-c.since, now
		}
	}
	w := ways()[i.severity]
	if i.answer.due != never && i.answer.due <= now {
		if i.state == escalate.Snoozed {
			i.by, i.answer = "", chain{round: i.answer.round + 1, due: now, since: never}
		}
		if i.state == escalate.Acknowledged { // more has come: whoever has it is asked first
			i.calls = append(i.calls, fmt.Sprintf("answer/%d/0 %s %s", i.answer.round, i.by, minute(now).Format("02T15:04")))
			i.state, i.renewed, i.answer.asked = escalate.Asking, now, []string{i.by}
			i.answer.wait(now, w.answer[0].minutes)
		} else if i.state = escalate.Asking; i.ask("answer", &i.answer, w.answer, now, duty) {
			i.state = escalate.Unanswered
		}
	}
	if i.late.due != never && i.late.due <= now {
		i.ask("fix", &i.late, w.fix, now, duty)
	}
}

// model is all incidents, and who is on duty.
type model struct {
	r      *rapid.T
	h      *house
	now    int
	duty   map[string]string
	all    []*incident
	ticket int
}

func (m *model) account(r *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b"}).Draw(r, "account")
}

// comes: a ticket needs a person. It joins what goes on in its account, or is an incident of its own; a worse one begins it anew.
func (m *model) comes(r *rapid.T) {
	account := m.account(r)
	s := rapid.SampledFrom([]finding.Severity{finding.Low, finding.Critical}).Draw(r, "severity")
	m.ticket++
	id := fmt.Sprintf("T%04d", m.ticket)
	m.h.bring(id, account, s)
	var i *incident
	for _, x := range m.all {
		takes := x.account == account && x.state != escalate.Resolved && m.now >= x.joined && m.now-x.joined <= 15 && m.now-x.opened <= 60
		if takes && (i == nil || x.joined >= i.joined) {
			i = x
		}
	}
	if i == nil {
		i = &incident{account: account, page: fmt.Sprintf("P%06d", len(m.all)+1), severity: s, state: escalate.Asking, renewed: never, opened: m.now, fixBy: m.now + ways()[s].fixIn}
		i.answer = chain{due: m.now, since: never}
		i.late.wait(m.now, ways()[s].fixIn)
		m.all = append(m.all, i)
	} else if s.Rank() > i.severity.Rank() {
		i.severity, i.state, i.by, i.fixBy = s, escalate.Asking, "", m.now+ways()[s].fixIn
		i.answer = chain{round: i.answer.round + 1, due: m.now, since: never}
		i.late = chain{round: i.late.round + 1}
		i.late.wait(m.now, ways()[s].fixIn)
	} else {
		i.more(m.now)
		if by := m.now + ways()[s].fixIn; by < i.fixBy && i.late.next == 0 && i.late.due != never { // the clock was put back
			i.fixBy = by
			i.late.wait(m.now, ways()[s].fixIn)
		}
	}
	i.joined = m.now
	i.tickets = append(i.tickets, id)
	i.everything++
}

// one draws an incident; nil when there is none.
func (m *model) one(r *rapid.T) *incident {
	if len(m.all) == 0 {
		return nil
	}
	return m.all[rapid.IntRange(0, len(m.all)-1).Draw(r, "incident")]
}

func (m *model) answer(r *rapid.T, i *incident, do func(pager.Desk, pager.Order) error) bool {
	who := rapid.SampledFrom([]string{"ana", "bo", "kim"}).Draw(r, "who")
	err := do(pager.Desk{Store: pages(m.h.s)}, pager.Order{Page: escalate.ID(i.page), Answer: escalate.Answer{By: who, At: m.h.now}})
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Denied) {
		r.Fatal(err)
	}
	if i.state == escalate.Resolved && err == nil {
		r.Fatal("an answer to what is over was taken")
	}
	if err == nil {
		i.by = who
	}
	return err == nil
}

func (m *model) acknowledges(r *rapid.T) {
	i := m.one(r)
	if i == nil {
		return
	}
	if m.answer(r, i, func(d pager.Desk, o pager.Order) error { _, err := d.Acknowledge(r.Context(), o); return err }) {
		i.state, i.answer.due, i.answer.since, i.answered = escalate.Acknowledged, never, never, m.now
	}
}

func (m *model) snoozes(r *rapid.T) {
	i := m.one(r)
	if i == nil {
		return
	}
	n := rapid.IntRange(1, 50).Draw(r, "minutes")
	from := m.now
	if i.state == escalate.Snoozed {
		from = i.answered
	}
	took := m.answer(r, i, func(d pager.Desk, o pager.Order) error {
		_, err := d.Snooze(r.Context(), o, time.Duration(n)*time.Minute)
		return err
	})
	if may := i.state != escalate.Resolved && m.now+n-from <= ways()[i.severity].nap; took != may {
		r.Fatalf("a snooze of %d minutes of %s was taken: %t", n, i.severity, took)
	}
	if took {
		i.state, i.answered = escalate.Snoozed, from
		i.answer.wait(m.now, n)
	}
}

func (m *model) escalates(r *rapid.T) {
	i := m.one(r)
	if i == nil {
		return
	}
	by := i.by
	if m.answer(r, i, func(d pager.Desk, o pager.Order) error { _, err := d.Escalate(r.Context(), o); return err }) {
		i.state, i.answer.due, i.answer.since, i.by = escalate.Asking, m.now, never, by
	}
}

func (m *model) closes(r *rapid.T) {
	i := m.one(r)
	if i == nil || len(i.tickets) == 0 {
		return
	}
	m.h.shut(i.tickets[0])
	if i.tickets = i.tickets[1:]; len(i.tickets) == 0 {
		i.state, i.answer.due, i.late.due = escalate.Resolved, never, never
	}
}

func (m *model) duties(r *rapid.T) {
	people := []string{"ana", "bo", "cy", "head"}
	m.h.primary = rapid.SampledFrom(people).Draw(r, "primary")
	m.h.secondary = rapid.SampledFrom(people).Draw(r, "secondary")
	m.duty["primary"], m.duty["secondary"] = m.h.primary, m.h.secondary
	m.duty["head"] = map[bool]string{true: "top", false: "head"}[m.h.primary == "head"] // above who is on duty
}

func (m *model) passes(r *rapid.T) { m.clock(rapid.IntRange(1, 40).Draw(r, "minutes")) }
func (m *model) leaps(r *rapid.T)  { m.clock(rapid.IntRange(200, 5000).Draw(r, "forward")) }
func (m *model) back(r *rapid.T)   { m.clock(-rapid.IntRange(1, 300).Draw(r, "back")) }

func (m *model) clock(minutes int) {
	m.now += minutes
	m.h.now = minute(m.now)
	m.h.pulse()
}

// dies: the process will be killed at some transaction of what it does next.
func (m *model) dies(r *rapid.T) {
	m.h.die, m.h.late = rapid.IntRange(1, 4).Draw(r, "transaction"), rapid.Bool().Draw(r, "after it")
}

// check does what is due and holds all that was done against the model.
func (m *model) check(r *rapid.T) {
	m.h.turn()
	for _, i := range m.all {
		i.pass(m.now, m.duty)
		want := slices.Sorted(slices.Values(i.calls))
		if d := gocmp.Diff(want, m.h.called(escalate.ID(i.page))); d != "" {
			r.Fatalf("calls of %s at minute %d (-model +house):\n%s", i.page, m.now, d)
		}
		p := m.h.page(escalate.ID(i.page))
		if p.State != i.state || p.By != i.by || p.Open != len(i.tickets) || p.Tickets != i.everything || p.Severity != i.severity {
			r.Fatalf("%s at minute %d: %s by %q, %d of %d open, %s; the model says %s by %q, %d of %d, %s", i.page, m.now,
				p.State, p.By, p.Open, p.Tickets, p.Severity, i.state, i.by, len(i.tickets), i.everything, i.severity)
		}
	}
	for n, key := range slices.Sorted(slices.Values(m.h.carried)) {
		if n > 0 && slices.Sorted(slices.Values(m.h.carried))[n-1] == key {
			r.Fatalf("%s was handed on twice", key)
		}
	}
}

func held(t *testing.T, fresh func() string) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHouse(t, fresh())
		defer func() { _ = h.s.Close() }()
		m := &model{r: r, h: h, duty: map[string]string{"primary": "ana", "secondary": "bo", "head": "head"}}
		r.Repeat(map[string]func(*rapid.T){
			"ticket": m.comes, "acknowledge": m.acknowledges, "snooze": m.snoozes, "escalate": m.escalates, "close": m.closes,
			"duty": m.duties, "time": m.passes, "more time": m.passes, "leap": m.leaps, "clock put back": m.back, "kill": m.dies,
			"restart": func(*rapid.T) { h.restart() }, "": m.check,
		})
		if err := h.s.View(t.Context(), func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) }); err != nil {
			r.Fatal(err)
		}
	})
}

// TestModel: whatever people say, whoever is on duty, however the clock jumps and wherever the process is killed, exactly those are called
// whom the model calls, once for each level.
func TestModel(t *testing.T) {
	made := filepath.Join(t.TempDir(), "made.db")
	s, err := store.Open(t.Context(), "sqlite://"+made)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	fewer(t, 30)
	held(t, func() string {
		n++
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", n))
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite://" + file
	})
}

// TestModelOnPostgres is the same, for fewer stories.
func TestModelOnPostgres(t *testing.T) {
	fewer(t, 4)
	held(t, func() string { return testpg.Start(t) })
}

// fewer has rapid tell fewer stories, unless somebody asks for a number: each is a few hundred transactions that go to the disk.
func fewer(t *testing.T, n int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
}

func TestMain(m *testing.M) { testpg.Main(m) }
