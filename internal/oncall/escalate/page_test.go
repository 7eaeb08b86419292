package escalate_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
	"jobzero/internal/ticket"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const people = `
people:
  - {id: top, name: T}
  - {id: head, name: H, manager: top}
  - {id: ana, name: A, manager: head}
  - {id: bo, name: B, manager: head}
  - {id: vera, name: V, manager: top}
  - {id: lee, name: L, manager: vera}
teams: [{name: shop, lead: lee, members: [lee]}]
`

func world(tb testing.TB) escalate.World {
	tb.Helper()
	o, err := org.Parse("org.yaml", []byte(people))
	if err != nil {
		tb.Fatal(err)
	}
	return escalate.World{
		Seats: escalate.Seats{Org: o, Owners: []ticket.Owner{{Team: "shop"}}, Primary: "ana", Secondary: "bo"},
		Quiet: escalate.Quiet{From: 22 * 60, Until: 7 * 60, Zone: "UTC"},
	}
}

func aCase(s finding.Severity) escalate.Case {
	return escalate.Case{Ticket: "01T", Title: "bucket is public", Why: "no playbook", Severity: s, Owner: ticket.Owner{Team: "shop"}, Account: "111122223333", Opened: noon}
}

func called(calls []escalate.Call) string {
	var out []string
	for _, c := range calls {
		out = append(out, string(c.Chain)+":"+c.Person)
	}
	return strings.Join(out, " ")
}

// TestUpTheChain: nobody answers, so it goes to the top; who sits on two levels is asked once; then nobody is left, and it is said.
func TestUpTheChain(t *testing.T) {
	p, _ := escalate.Open("01P", aCase(finding.Critical), builtin(t), noon)
	w := world(t)
	now, got := noon, []string{}
	for range 20 {
		calls, _ := p.Pass(now, w)
		if len(calls) > 0 {
			got = append(got, now.Format("15:04 ")+called(calls))
		}
		due := p.Due()
		if due.IsZero() {
			break
		}
		if !due.After(now) {
			t.Fatalf("at %s it is due at %s", now, due)
		}
		now = due
	}
	want := "12:00 answer:ana|12:05 answer:bo|12:10 answer:lee|12:20 answer:head|12:35 answer:top|16:00 fix:ana fix:lee|17:00 fix:head fix:vera|19:00 fix:top"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("asked\n%s\nwant\n%s", s, want)
	}
	if p.State != escalate.Unanswered || !p.Answer.Over || !p.Late.Over {
		t.Errorf("%+v", p)
	}
}

// TestLateThoughAcknowledged: acknowledging ends the one clock and not the other.
func TestLateThoughAcknowledged(t *testing.T) {
	p, _ := escalate.Open("01P", aCase(finding.Critical), builtin(t), noon)
	w := world(t)
	p.Pass(noon, w)
	if _, err := p.Acknowledge(escalate.Answer{By: "ana", At: noon.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if calls, _ := p.Pass(noon.Add(time.Hour), w); len(calls) != 0 || !p.Due().Equal(noon.Add(4*time.Hour)) {
		t.Errorf("acknowledged, and asked: %v, due %s", calls, p.Due())
	}
	if calls, _ := p.Pass(noon.Add(4*time.Hour), w); called(calls) != "fix:ana fix:lee" || p.State != escalate.Acknowledged {
		t.Errorf("late: %v, %s", calls, p.State)
	}
	if _, err := p.Acknowledge(escalate.Answer{By: "ana", At: noon.Add(5 * time.Hour)}); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	if told, err := p.Acknowledge(escalate.Answer{By: "bo", At: noon.Add(5 * time.Hour)}); err != nil || !strings.Contains(told.Text, "taking it over from ana") {
		t.Errorf("%v, %v", told, err)
	}
}

// TestSnooze: within its bound, also when it is snoozed again and again; then everybody is asked anew.
func TestSnooze(t *testing.T) {
	p, _ := escalate.Open("01P", aCase(finding.Critical), builtin(t), noon)
	w := world(t)
	p.Pass(noon, w)
	at := func(m int) escalate.Answer {
		return escalate.Answer{By: "ana", At: noon.Add(time.Duration(m) * time.Minute)}
	}
	if _, err := p.Snooze(at(0), 16*time.Minute); !fault.Is(err, fault.Denied) {
		t.Errorf("for too long: %v", err)
	}
	if _, err := p.Snooze(at(0), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Snooze(at(9), 10*time.Minute); !fault.Is(err, fault.Denied) {
		t.Errorf("one on the other: %v", err)
	}
	if calls, _ := p.Pass(noon.Add(9*time.Minute), w); len(calls) != 0 {
		t.Errorf("woken: %v", calls)
	}
	calls, _ := p.Pass(noon.Add(10*time.Minute), w)
	if called(calls) != "answer:ana" || calls[0].Round != 1 || calls[0].Level != 0 {
		t.Errorf("after it: %+v", calls)
	}
	low, _ := escalate.Open("01Q", aCase(finding.Critical), builtin(t), noon)
	low.Line.Snooze = 0
	if _, err := low.Snooze(at(0), time.Minute); !fault.Is(err, fault.Denied) {
		t.Errorf("where nobody may: %v", err)
	}
}

// TestQuietHours: what can wait waits for the morning of whom it is for, unless a person escalates it; what is critical does not.
func TestQuietHours(t *testing.T) {
	night := time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)
	w := world(t)
	p, _ := escalate.Open("01P", aCase(finding.Medium), builtin(t), night)
	calls, told := p.Pass(night, w)
	if len(calls) != 0 || p.State != escalate.Waiting || !p.Due().Equal(night.Add(8*time.Hour)) || told[0].Kind != "waits" {
		t.Errorf("%v %s %s", calls, p.State, p.Due())
	}
	loud := p
	if _, err := loud.Escalate(escalate.Answer{By: "bo", At: night.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if calls, _ := loud.Pass(night.Add(time.Hour), w); called(calls) != "answer:ana" {
		t.Errorf("escalated at night: %v", calls)
	}
	if calls, _ := p.Pass(p.Due(), w); called(calls) != "answer:ana" {
		t.Errorf("in the morning: %v", calls)
	}
	bad := aCase(finding.Critical)
	bad.Opened = night
	c, _ := escalate.Open("01Q", bad, builtin(t), night)
	if calls, _ := c.Pass(night, w); called(calls) != "answer:ana" {
		t.Errorf("critical: %v", calls)
	}
}

// TestNobodyOnDuty: a rota that says nothing stops nothing, and is told.
func TestNobodyOnDuty(t *testing.T) {
	w := world(t)
	w.Seats.Primary, w.Seats.Secondary, w.Silent = "", "", "the rota has a gap"
	p, _ := escalate.Open("01P", aCase(finding.Critical), builtin(t), noon)
	calls, told := p.Pass(noon, w)
	if called(calls) != "answer:lee" || !strings.Contains(told[0].Text, "the rota has a gap") {
		t.Errorf("%v %v", calls, told)
	}
}

// TestStorm: 400 tickets are one page that says 400; it takes none that comes much later, and a worse one begins it anew.
func TestStorm(t *testing.T) {
	policy := builtin(t)
	p, _ := escalate.Open("01P", aCase(finding.Medium), policy, noon)
	w := world(t)
	asked, _ := p.Pass(noon, w)
	for i := range 399 {
		if now := noon.Add(time.Duration(i) * time.Second); p.Takes(policy.Group, now) {
			p.Join(aCase(finding.Medium), policy, now)
			more, _ := p.Pass(now, w)
			asked = append(asked, more...)
		}
	}
	if p.Tickets != 400 || p.Open != 400 || called(asked) != "answer:ana" {
		t.Errorf("%d tickets, asked %s", p.Tickets, called(asked))
	}
	if p.Takes(policy.Group, p.Joined.Add(16*time.Minute)) || p.Takes(policy.Group, noon.Add(61*time.Minute)) {
		t.Error("it goes on for ever")
	}
	if _, err := p.Acknowledge(escalate.Answer{By: "ana", At: noon.Add(10 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	now := noon.Add(12 * time.Minute)
	p.Join(aCase(finding.Critical), policy, now)
	if calls, _ := p.Pass(now, w); called(calls) != "answer:ana" || calls[0].Round != 1 || p.Line.Name != "critical" || !p.FixBy.Equal(noon.Add(4*time.Hour)) {
		t.Errorf("a critical one hides: %+v, %s, fix by %s", calls, p.State, p.FixBy)
	}
	for range 401 {
		p.Settle(now)
	}
	if p.State != escalate.Resolved || !p.Due().IsZero() {
		t.Errorf("%s, due %s", p.State, p.Due())
	}
	if _, err := p.Acknowledge(escalate.Answer{By: "ana", At: now}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an answer to what is over: %v", err)
	}
}

// TestClockPutBack: a wait does not grow by what the clock was put back.
func TestClockPutBack(t *testing.T) {
	p, _ := escalate.Open("01P", aCase(finding.Critical), builtin(t), noon)
	p.Pass(noon, world(t))
	before := noon.Add(-6 * time.Hour)
	if !p.Mend(before) || !p.Due().Equal(before.Add(5*time.Minute)) || p.Mend(before) {
		t.Errorf("due %s", p.Due())
	}
}

func TestCalls(t *testing.T) {
	c := escalate.Call{Page: "01P", Chain: escalate.ToFix, Round: 2, Level: 3, Person: "a/na", State: escalate.Queued}
	got, err := escalate.ParseKey(c.Key())
	if err != nil || got.Key() != c.Key() {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "a/b", "a/b/c/d/e", "a/answer/1/1/"} {
		if _, err := escalate.ParseKey(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, step := range []struct {
		to   escalate.CallState
		want bool
	}{{escalate.Failed, true}, {escalate.Sent, true}, {escalate.Failed, false}, {escalate.Delivered, true}, {escalate.Sent, false}, {escalate.Answered, true}} {
		if c.Move(step.to, "email", "", noon) != step.want {
			t.Errorf("to %s: %s", step.to, c.State)
		}
	}
}
