package oncall_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func samplePlan(t *testing.T, f oncall.Facts) *oncall.Plan {
	t.Helper()
	s, err := oncall.Sample()
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Plan("", f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ordered() oncall.Order {
	return oncall.Order{ID: "01C", By: "pia", Why: "a test", At: noon()}
}

// TestChangesNeverMakeAHole draws changes at random. Whatever was admitted, in every second there are two different people in the two seats, and
// the proof says so too; and what one instant says is what all together say.
func TestChangesNeverMakeAHole(t *testing.T) {
	t.Parallel()
	admitted, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		p := samplePlan(t, oncall.Facts{})
		people := slices.Sorted(func(yield func(string) bool) {
			for m := range p.Members() {
				if !yield(m) {
					return
				}
			}
		})
		now := noon()
		for i := range rapid.IntRange(1, 12).Draw(rt, "changes") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*60).Draw(rt, "later")) * time.Minute)
			o := oncall.Order{ID: fmt.Sprint(i), By: "x", Why: "y", At: now}
			if rapid.Bool().Draw(rt, "accept") {
				o.Accept = []oncall.FaultKind{oncall.Night, oncall.Rest}
			}
			c, err := drawChange(rt, p, o, people)
			if err != nil {
				refused++
				if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
					rt.Fatalf("%v", err)
				}
				continue
			}
			admitted++
			p = p.With(c)
		}
		always(rt, p, noon().Add(-day), now.Add(40*day))
	})
	if admitted < 100 || refused < 100 {
		t.Errorf("%d changes admitted, %d refused: both want many", admitted, refused)
	}
	t.Logf("%d changes admitted, %d refused", admitted, refused)
}

const day = 24 * time.Hour

func drawChange(rt *rapid.T, p *oncall.Plan, o oncall.Order, people []string) (oncall.Change, error) {
	who := rapid.SampledFrom(people).Draw(rt, "who")
	seat := rapid.SampledFrom(oncall.Seats()).Draw(rt, "seat")
	soon := o.At.Add(time.Duration(rapid.IntRange(-60, 10*24*60).Draw(rt, "from")) * time.Minute)
	long := time.Duration(rapid.IntRange(-10, 20*60).Draw(rt, "long")) * time.Minute
	switch rapid.IntRange(0, 3).Draw(rt, "kind") {
	case 0:
		return p.Swap(o, seat, soon, soon.Add(long*5))
	case 1:
		return p.Take(o, who, o.At.Add(long))
	case 2:
		return p.Leave(o, who, soon, soon.Add(long*20))
	default:
		return p.Override(o, oncall.Span{Seat: seat, Person: who, From: soon, Until: soon.Add(long)})
	}
}

func always(rt *rapid.T, p *oncall.Plan, from, until time.Time) {
	one, two := p.Stints(oncall.Primary, from, until), p.Stints(oncall.Secondary, from, until)
	for _, all := range [][]oncall.Stint{one, two} {
		at := from
		for _, s := range all {
			if s.Person == "" || !s.From.Equal(at) || !s.Until.After(at) {
				rt.Fatalf("until %s, then %+v", at, s)
			}
			at = s.Until
		}
		if !at.Equal(until) {
			rt.Fatalf("it ends at %s", at)
		}
	}
	for _, s := range append(slices.Clone(one), two...) {
		for _, at := range []time.Time{s.From, s.Until.Add(-time.Second)} {
			d := p.At(at)
			if d.Primary.Person == d.Secondary.Person || d.Primary.Person == "" || d.Secondary.Person == "" || d.Next.Person == "" {
				rt.Fatalf("%+v", d)
			}
			if h := (map[oncall.Seat]oncall.Holder{oncall.Primary: d.Primary, oncall.Secondary: d.Secondary})[s.Seat]; h.Person != s.Person || h.Since.After(s.From) && s.From.After(from) || h.Until.Before(s.Until) && s.Until.Before(until) {
				rt.Fatalf("at %s %+v, where the stints have %+v", at, h, s)
			}
		}
	}
	for _, f := range p.Prove(from, until).Faults {
		if f.Kind == oncall.Gap || f.Kind == oncall.Overlap || f.Kind == oncall.Double {
			rt.Fatalf("%s", f)
		}
	}
}

// TestWhatAChangeIsRefusedFor: each reason is named.
func TestWhatAChangeIsRefusedFor(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{Gone: map[string]time.Time{"sam": noon().Add(-day)}})
	d := p.At(noon()) // Dublin's turn: rosa, and who stands behind
	h := time.Hour
	span := func(who string, seat oncall.Seat, from, long time.Duration) oncall.Span {
		return oncall.Span{Seat: seat, Person: who, From: noon().Add(from), Until: noon().Add(from + long)}
	}
	for want, s := range map[string]oncall.Span{
		"has both seats":         span(d.Secondary.Person, oncall.Primary, 0, h),
		"nobody whom":            span("zoe", oncall.Primary, 0, h),
		"has left":               span("sam", oncall.Primary, 0, h),
		"should be asleep":       span("ana", oncall.Primary, 0, h), // four in the morning in Seattle
		"two shifts with":        span(d.Primary.Person, oncall.Primary, 4*h, 2*h),
		"which is over":          span("pia", oncall.Primary, -h, 2*h),
		"more than nothing":      span("pia", oncall.Primary, h, 0),
		"a year at most":         span("pia", oncall.Primary, h, 400*day),
		"is no seat":             span("pia", "third", h, h),
		"a change without a per": span("", oncall.Primary, h, h),
	} {
		if _, err := p.Override(ordered(), s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
	o := ordered()
	o.Accept = []oncall.FaultKind{oncall.Gap}
	if _, err := p.Override(o, span("pia", oncall.Primary, 0, h)); err == nil || !strings.Contains(err.Error(), "never is") {
		t.Errorf("a hole that is wanted: %v", err)
	}
	o.Accept = []oncall.FaultKind{oncall.Night}
	c, err := p.Override(o, span("ana", oncall.Primary, 0, h))
	if err != nil {
		t.Fatalf("a night that is wanted: %v", err)
	}
	if got := p.With(c).At(noon()); got.Primary.Person != "ana" || got.Primary.Site != "Seattle" || !got.Primary.Until.Equal(noon().Add(h)) || got.Next != (oncall.Holder{Person: d.Primary.Person, Site: "Dublin", Since: noon().Add(h), Until: d.Primary.Until}) {
		t.Errorf("%+v", got)
	}
	if f := p.With(c).Prove(noon(), noon().Add(day)).Faults; len(f) != 1 || f[0].Kind != oncall.Left {
		t.Errorf("with a night that is wanted: %v", f)
	}
	o.Why = ""
	if _, err := p.Override(o, span("pia", oncall.Primary, 0, h)); err == nil {
		t.Error("a change without a reason")
	}
}

// TestTakeNow: the secondary takes it, and the primary stands behind.
func TestTakeNow(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{})
	was := p.At(noon())
	c, err := p.Take(ordered(), was.Secondary.Person, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	is := p.With(c).At(noon())
	if is.Primary.Person != was.Secondary.Person || is.Secondary.Person != was.Primary.Person || !is.Primary.Since.Equal(noon()) || !is.Primary.Until.Equal(was.Primary.Until) {
		t.Errorf("%+v, it was %+v", is, was)
	}
	if _, err := p.With(c).Take(ordered(), was.Secondary.Person, time.Time{}); err == nil {
		t.Error("somebody takes what he has")
	}
}

// TestLeaveMovesOnlyWhatItHits: all other shifts of the year stay as they are.
func TestLeaveMovesOnlyWhatItHits(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{})
	from, until := noon().Add(7*day), noon().Add(21*day)
	c, err := p.Leave(ordered(), "rosa", from, until)
	if err != nil {
		t.Fatal(err)
	}
	was, is := p.Shifts(noon(), noon().Add(365*day)), p.With(c).Shifts(noon(), noon().Add(365*day))
	moved, stand := 0, map[string]bool{}
	for i := range was {
		hit := was[i].Start.Before(until) && from.Before(was[i].End)
		switch {
		case was[i] == is[i]:
		case !hit || was[i].Primary != "rosa" && was[i].Secondary != "rosa":
			t.Errorf("%+v became %+v", was[i], is[i])
		default:
			moved++
			for _, who := range []string{is[i].Primary, is[i].Secondary} {
				if who != was[i].Primary && who != was[i].Secondary {
					stand[who] = true
				}
			}
		}
	}
	if moved != 6 && moved != 5 || len(stand) < 2 {
		t.Errorf("%d shifts moved, and %v stand in", moved, stand)
	}
	if _, err := p.Leave(ordered(), "rosa", noon(), until); err == nil || !strings.Contains(err.Error(), "under way") {
		t.Errorf("leave from a shift that is under way: %v", err)
	}
}

// TestSwap: two people have each other's shift, and nothing else changes.
func TestSwap(t *testing.T) {
	t.Parallel()
	p := samplePlan(t, oncall.Facts{})
	first, second := noon().Add(2*day), noon().Add(6*day)
	a, b := p.At(first).Primary, p.At(second).Primary
	c, err := p.Swap(ordered(), oncall.Primary, first, second)
	if err != nil {
		t.Fatal(err)
	}
	q := p.With(c)
	if got := q.At(first).Primary; got.Person != b.Person || !got.Since.Equal(a.Since) || !got.Until.Equal(a.Until) {
		t.Errorf("%+v", got)
	}
	if got := q.At(second).Primary; got.Person != a.Person || !got.Since.Equal(b.Since) {
		t.Errorf("%+v", got)
	}
	if _, err := p.Swap(ordered(), oncall.Primary, first, first); err == nil {
		t.Error("a shift with itself")
	}
}
