package handoff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
)

// nine is when Dublin's shift of the built-in rota begins, after Sydney's.
func nine() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func samplePlan(tb interface{ Fatal(args ...any) }, changes ...oncall.Change) *oncall.Plan {
	s, err := oncall.Sample()
	if err != nil {
		tb.Fatal(err)
	}
	p, err := s.Plan("", oncall.Facts{Changes: changes})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// dublins is the handoff to Dublin, written a quarter of an hour before.
func dublins(tb interface{ Fatal(args ...any) }, chain ...string) (handoff.Handoff, *oncall.Plan) {
	p := samplePlan(tb)
	d := p.At(nine())
	return handoff.Write(handoff.Planned{
		Shift: oncall.Shift{Rota: d.Rota, Site: d.Primary.Site, Start: nine(), End: d.Primary.Until},
		From:  p.At(nine().Add(-time.Second)).Primary, To: d.Primary.Person, Other: d.Secondary.Person, Chain: chain,
	}, handoff.Document{Written: nine().Add(-handoff.Before)}), p
}

// TestNobodyAccepts: the next one is asked at once, the secondary fifteen minutes after the hour, then one manager every fifteen minutes, then all
// of them again; and when the shift is over the handoff has lapsed. All the time whoever was on duty is.
func TestNobodyAccepts(t *testing.T) {
	h, p := dublins(t, "head", "ciso")
	var told []string
	end := false
	for now := nine().Add(-handoff.Before); !end && now.Before(nine().Add(7*time.Hour)); now = now.Add(time.Minute) {
		var tell []handoff.Tell
		var again time.Time
		h, tell, again = h.Step(now)
		for _, x := range tell {
			told = append(told, now.Format("15:04")+" "+x.Person)
		}
		if end = again.IsZero(); end {
			break
		}
		if d := handoff.Hold(p, h, now, now); !now.Before(nine()) && (d.Primary.Person != "mia" || d.Waiting == nil || !d.Primary.Until.IsZero() || !d.Primary.Since.Equal(nine().Add(-6*time.Hour)) || d.Next.Person != h.To) {
			t.Fatalf("at %s: %+v", now, d)
		}
	}
	want := []string{"08:45 rosa", "09:15 tess", "09:30 head", "09:45 ciso", "10:00 rosa", "10:00 tess", "10:00 head", "10:00 ciso", "10:15 rosa"}
	if len(told) < len(want) || !slices.Equal(told[:len(want)], want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if h.State != handoff.Lapsed || told[len(told)-1] != "15:00 mia" {
		t.Errorf("%s, told last %s", h.State, told[len(told)-1])
	}
	if _, err := h.Accept("rosa", nine().Add(7*time.Hour)); !fault.Is(err, fault.Conflict) {
		t.Errorf("accepted when it was over: %v", err)
	}
}

// TestWhoAccepts: only whoever was asked can, once, and has duty from the hour or from when he says so.
func TestWhoAccepts(t *testing.T) {
	fresh, p := dublins(t, "head")
	if _, err := fresh.Accept("tess", nine()); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "rosa may") {
		t.Errorf("the secondary before he was asked: %v", err)
	}
	for name, c := range map[string]struct {
		who, then, behind string
		at, since         time.Duration // of the hour
	}{
		"before the hour":         {"rosa", "rosa", "tess", -10 * time.Minute, 0},
		"late":                    {"rosa", "rosa", "tess", 7 * time.Minute, 7 * time.Minute},
		"the secondary":           {"tess", "tess", "rosa", 16 * time.Minute, 16 * time.Minute},
		"the manager":             {"head", "head", "tess", 31 * time.Minute, 31 * time.Minute},
		"the next one in the end": {"rosa", "rosa", "tess", 40 * time.Minute, 40 * time.Minute},
	} {
		h := fresh
		for now := nine().Add(-handoff.Before); now.Before(nine().Add(c.at)); now = now.Add(time.Minute) {
			h, _, _ = h.Step(now)
		}
		at := nine().Add(c.at)
		h, err := h.Accept(c.who, at)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := handoff.Hold(p, h, at.Add(time.Hour), at.Add(time.Hour))
		if d.Primary.Person != c.then || d.Secondary.Person != c.behind || !d.Primary.Since.Equal(nine().Add(c.since)) || d.Waiting != nil || !d.Primary.Until.Equal(nine().Add(6*time.Hour)) {
			t.Errorf("%s: %+v", name, d)
		}
		if before := handoff.Hold(p, h, nine().Add(c.at-time.Minute), at.Add(time.Hour)); c.at > 0 && before.Primary.Person != "mia" {
			t.Errorf("%s, a minute before: %+v", name, before)
		}
		if _, err := h.Accept(c.who, at); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s, twice: %v", name, err)
		}
		if _, tell, again := h.Step(at.Add(2 * time.Hour)); len(tell) != 0 || !again.IsZero() {
			t.Errorf("%s: told %v", name, tell)
		}
	}
}

// TestTakenByHand: whoever takes the seat by himself has it, though nobody accepted; and the plan of a time to come is believed before the hour.
func TestTakenByHand(t *testing.T) {
	h, p := dublins(t)
	h, _, _ = h.Step(nine().Add(-handoff.Before))
	if d := handoff.Hold(p, h, nine().Add(time.Hour), nine().Add(-time.Minute)); d.Primary.Person != "rosa" || d.Waiting != nil {
		t.Errorf("of a time to come: %+v", d)
	}
	c, err := p.Take(oncall.Order{ID: "1", By: "pia", Why: "rosa is ill", At: nine().Add(5 * time.Minute)}, "pia", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	p = p.With(c)
	if d := handoff.Hold(p, h, nine().Add(10*time.Minute), nine().Add(10*time.Minute)); d.Primary.Person != "pia" || d.Waiting != nil {
		t.Errorf("%+v", d)
	}
	h = h.Taken("pia", c)
	if d := handoff.Hold(p, h, nine().Add(10*time.Minute), nine().Add(10*time.Minute)); h.AcceptedBy != "pia" || d.Primary.Person != "pia" {
		t.Errorf("%+v, %+v", h, d)
	}
}

// TestWhateverHappens draws when it is looked (late, never for a while, after jumps of the clock), who accepts and what is changed: all the
// time one person is on duty and another one stands behind; nobody is asked before the one before him had his time; nobody is asked twice for the
// same; and who has accepted is on duty.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		chain := []string{"head", "director", "ciso"}[:rapid.IntRange(0, 3).Draw(rt, "managers")]
		h, p := dublins(rt, chain...)
		now, keys := nine().Add(-handoff.Before), map[string]bool{}
		asked := map[string]time.Time{}
		for range rapid.IntRange(1, 60).Draw(rt, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(-5, 20).Draw(rt, "minutes")) * time.Minute) // the clock is set back sometimes
			var tell []handoff.Tell
			was := h
			h, tell, _ = h.Step(now)
			for _, x := range tell {
				if keys[x.Key] {
					rt.Fatalf("told twice: %s", x.Key)
				}
				keys[x.Key] = true
				if _, is := asked[x.Person]; !is {
					asked[x.Person] = now
				}
			}
			if n := len(h.Asked); n > len(was.Asked) && n > 1 {
				last := h.Asked[n-2].At
				if last.Before(nine()) {
					last = nine()
				}
				if now.Sub(last) < handoff.Patience {
					rt.Fatalf("%s was asked at %s, and the one before at %s", h.Asked[n-1].Person, now, last)
				}
			}
			if rapid.IntRange(0, 9).Draw(rt, "accepts") == 0 {
				who := rapid.SampledFrom(append(h.May(), "mia", "zoe")).Draw(rt, "who")
				if next, err := h.Accept(who, now); err == nil {
					if !slices.Contains(h.May(), who) {
						rt.Fatalf("%s accepted", who)
					}
					h = next
				}
			}
			at := now.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "ahead")) * time.Second)
			d := handoff.Hold(p, h, at, now)
			if d.Primary.Person == "" || d.Secondary.Person == "" || d.Primary.Person == d.Secondary.Person {
				rt.Fatalf("%+v", d)
			}
			want := "mia"
			if h.State == handoff.Accepted && !at.Before(nine()) && (!at.Before(h.AcceptedAt) || now.Before(h.AcceptedAt)) {
				want = h.AcceptedBy
			}
			if h.State != handoff.Lapsed && at.Before(h.Ends) && !now.Before(nine()) && d.Primary.Person != want {
				rt.Fatalf("at %s %s is on duty, want %s: %+v", at, d.Primary.Person, want, h)
			}
		}
	})
}

// TestNotes: what is written stays.
func TestNotes(t *testing.T) {
	h, _ := dublins(t)
	for i := range 3 {
		var err error
		if h, err = h.Note("mia", fmt.Sprintf(" call %d ", i), nine()); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.Notes) != 3 || h.Notes[2].Text != "call 2" {
		t.Errorf("%+v", h.Notes)
	}
	for _, text := range []string{" ", strings.Repeat("x", 10_000)} {
		if _, err := h.Note("mia", text, nine()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.10q: %v", text, err)
		}
	}
}
