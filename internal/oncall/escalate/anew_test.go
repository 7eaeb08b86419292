package escalate_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
)

// TestMoreAsksTheHolderAnew: whoever has the page is asked once, whatever comes while it waits; after the answer no sooner than a storm lasts; and
// without one all levels follow.
func TestMoreAsksTheHolderAnew(t *testing.T) {
	policy, w := builtin(t), world(t)
	p, _ := escalate.Open("01P", aCase(finding.High), policy, noon)
	p.Pass(noon, w)
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	answer := func(m int, by string) {
		t.Helper()
		if _, err := p.Acknowledge(escalate.Answer{By: by, At: at(m)}); err != nil {
			t.Fatal(err)
		}
	}
	answer(1, "bo")
	var asked []escalate.Call
	for i := range 400 {
		now := at(2).Add(time.Duration(i) * 100 * time.Millisecond)
		told := p.Join(aCase(finding.High), policy, now)
		if i == 0 && !strings.Contains(told.Text, "bo, who has it, is asked anew") {
			t.Errorf("told %q", told.Text)
		}
		calls, _ := p.Pass(now, w)
		asked = append(asked, calls...)
	}
	if called(asked) != "answer:bo" || asked[0].Round != 1 || asked[0].Seat != escalate.Holder || p.State != escalate.Asking || p.By != "bo" {
		t.Fatalf("asked %v, %s by %q", asked, p.State, p.By)
	}
	answer(4, "bo")
	p.Join(aCase(finding.Low), policy, at(5))
	if calls, _ := p.Pass(at(5), w); len(calls) != 0 || p.State != escalate.Acknowledged || !p.Due().Equal(at(17)) {
		t.Errorf("soon again: %v, %s, due %s", calls, p.State, p.Due())
	}
	if calls, _ := p.Pass(at(17), w); called(calls) != "answer:bo" {
		t.Errorf("a quarter of an hour later: %v", calls)
	}
	next := p.Due()
	if calls, _ := p.Pass(next, w); called(calls) != "answer:ana" || calls[0].Level != 0 || calls[0].Round != 2 {
		t.Errorf("without an answer all levels follow: %+v", calls)
	}
}

// TestTheTopWhenNobodyIsOnDuty: it is whoever is above all others.
func TestTheTopWhenNobodyIsOnDuty(t *testing.T) {
	w := world(t)
	w.Seats.Primary, w.Seats.Secondary = "", ""
	if got := w.Seats.Who(escalate.Top); len(got) != 1 || got[0] != "top" {
		t.Errorf("%v", got)
	}
	w.Seats.Org = &org.Org{}
	if got := w.Seats.Who(escalate.Top); len(got) != 0 {
		t.Errorf("of no organisation: %v", got)
	}
}

// TestTimesArePrintedAsPeopleWriteThem: and rows of before, which have nanoseconds, are read.
func TestTimesArePrintedAsPeopleWriteThem(t *testing.T) {
	p := builtin(t)
	text, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(text), `"group":{"within":"15m0s","longest":"1h0m0s"}`) {
		t.Errorf("%v %s", err, text)
	}
	var back escalate.Policy
	if err := json.Unmarshal(text, &back); err != nil || back.Lines[0].Acknowledge[0].Within != p.Lines[0].Acknowledge[0].Within {
		t.Errorf("%v %+v", err, back)
	}
	var old escalate.Level
	if err := json.Unmarshal([]byte(`{"ask":["primary"],"within":300000000000}`), &old); err != nil || old.Within.Of() != 5*time.Minute {
		t.Errorf("%v %+v", err, old)
	}
	if err := json.Unmarshal([]byte(`{"ask":["primary"],"within":"soon"}`), &old); err == nil {
		t.Error("soon is no length of time")
	}
}
