package oncall_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

// TestAChangeIsTakenBack: from the time on at which somebody says so, and not where it would leave a seat empty; what was, was.
func TestAChangeIsTakenBack(t *testing.T) {
	at := func(h int) time.Time { return noon().Add(time.Duration(h) * time.Hour) }
	by := func(id string, h int) oncall.Order {
		return oncall.Order{ID: id, By: "pia", Why: "a test", At: at(h), Accept: []oncall.FaultKind{oncall.Rest, oncall.Night}}
	}
	p := plan(t, string(oncall.SampleText()), oncall.Facts{})
	was := p.At(at(1)).Primary.Person
	c, err := p.Override(by("01A", 0), oncall.Span{Seat: oncall.Primary, Person: "sam", From: at(0), Until: at(2)})
	if err != nil {
		t.Fatal(err)
	}
	p = p.With(c)
	back, err := p.Withdraw(by("01B", 1), "01A")
	if err != nil || back.Of != "01A" || len(back.Spans) != 1 || !back.Spans[0].From.Equal(at(1)) {
		t.Fatalf("%+v, %v", back, err)
	}
	after := p.With(back)
	if a, b := after.At(at(0).Add(30*time.Minute)).Primary.Person, after.At(at(1)).Primary.Person; a != "sam" || b != was {
		t.Errorf("before it %s, after it %s; it was %s", a, b, was)
	}
	if _, err := after.Withdraw(by("01C", 1), "01A"); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	if _, err := p.Withdraw(by("01C", 3), "01A"); !fault.Is(err, fault.Conflict) {
		t.Errorf("when it is over: %v", err)
	}
	if _, err := p.Withdraw(by("01C", 1), "01Z"); !fault.Is(err, fault.NotFound) {
		t.Errorf("one that there is not: %v", err)
	}

	// Somebody stands in for a hole; taken back, the hole is there again, and it is told which.
	text := sampleWith("members: [pia, quinn, rosa, sam, tess]}", "members: [pia, quinn]}\nleave: [{person: pia, from: 2026-11-25, until: 2026-11-25}]")
	p = plan(t, text, oncall.Facts{})
	stand, err := p.Override(by("01A", 0), oncall.Span{Seat: oncall.Secondary, Person: "kim", From: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.With(stand).Withdraw(by("01B", 1), "01A"); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "gap: rota security: 2026-11-25T09:00Z to 2026-11-25T15:00Z, Dublin secondary") {
		t.Errorf("the hole is there again: %v", err)
	}

	// Leave that was a mistake.
	p = plan(t, string(oncall.SampleText()), oncall.Facts{})
	leave, err := p.Leave(by("01L", 0), "rosa", at(24), at(24*20))
	if err != nil {
		t.Fatal(err)
	}
	p = p.With(leave)
	back, err = p.Withdraw(by("01M", 1), "01L")
	if err != nil {
		t.Fatal(err)
	}
	fresh, undone := plan(t, string(oncall.SampleText()), oncall.Facts{}), p.With(back)
	for h := range 24 * 21 {
		if a, b := fresh.At(at(h)).Primary.Person, undone.At(at(h)).Primary.Person; a != b {
			t.Fatalf("at %s %s is on duty, and it was %s", at(h), b, a)
		}
	}
}

// TestOnePersonInTwoRotas: each time is told with both seats, and a rota by itself has none.
func TestOnePersonInTwoRotas(t *testing.T) {
	text := strings.TrimRight(string(oncall.SampleText()), "\n")
	_, sites, _ := strings.Cut(text, "  - name: security\n")
	set, err := oncall.Parse("r.yaml", []byte(text+"\n  - name: shop\n"+sites+"\n"), nil, beside)
	if err != nil {
		t.Fatal(err)
	}
	var plans []*oncall.Plan
	for _, name := range set.Rotas() {
		p, err := set.Plan(name, oncall.Facts{})
		if err != nil {
			t.Fatal(err)
		}
		plans = append(plans, p)
	}
	all := oncall.Clashes(plans, noon(), noon().Add(3*24*time.Hour))
	if len(all) != 26 { // two seats in each of the 13 shifts that three days from noon touch
		t.Errorf("%d times", len(all))
	}
	for _, c := range all {
		if c.Rotas != [2]string{"security", "shop"} || c.Seats[0] != c.Seats[1] || !c.From.Before(c.Until) {
			t.Errorf("%s", c)
		}
	}
	if alone := oncall.Clashes(plans[:1], noon(), noon().Add(3*24*time.Hour)); len(alone) != 0 {
		t.Errorf("%v", alone)
	}
	if f := plans[1].Prove(noon(), noon().Add(3*24*time.Hour)).Faults; len(f) != 0 {
		t.Errorf("it is no fault: %v", f)
	}
}
