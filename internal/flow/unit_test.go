package flow_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
)

func nothing(context.Context) error { return nil }

func noThing(context.Context, string) (time.Time, error) { return time.Time{}, nil }

func TestNewRefuses(t *testing.T) {
	p := embedded(t)
	for name, o := range map[string]flow.Options{
		"no book":        {Bus: p.Bus},
		"no bus":         {Book: p.Book},
		"no name":        {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{flow.From("", nothing, "x")}},
		"a dot":          {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{flow.Into("a.b", "x", noThing)}},
		"two of a name":  {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{flow.Into("a", "x", noThing), flow.Into("a", "x", noThing)}},
		"no handler":     {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{flow.Into("a", "x", nil)}},
		"both":           {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{{Name: "a", Kind: flow.Durable, Handle: noThing, Run: nothing}}},
		"neither kind":   {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{{Name: "a", Handle: noThing}}},
		"role of no leg": {Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{flow.Into("a", "x", noThing)}, Roles: []string{"b"}},
	} {
		if _, err := flow.New(o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	e, err := flow.New(flow.Options{Book: p.Book, Bus: p.Bus})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Stop(t.Context()); err != nil {
		t.Errorf("stop before start: %v", err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("started twice: %v", err)
	}
	if err := e.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPicture(t *testing.T) {
	got := flow.Picture([]flow.Leg{
		flow.From("source", nothing, "events"),
		flow.Via("triage", "findings", noThing, "tickets"),
		flow.Into("action", "steps", noThing),
	})
	want := "" +
		"world    ┄┄ source ┄┄▶ events\n" +
		"findings ── triage ──▶ tickets\n" +
		"steps    ── action ──▶ world\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("picture (-want +got):\n%s", diff)
	}
}

func TestBackoff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flow.Backoff{
			Base: time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "base")),
			Cap:  time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "cap")),
		}
		n := rapid.IntRange(0, 1000).Draw(t, "failures")
		plain := time.Duration(min(math.Ldexp(float64(b.Base), n), float64(b.Cap)))
		got := b.After(n)
		if got < plain*3/4 || got > plain*5/4+2 {
			t.Fatalf("%v after %d failures: %s, without jitter %s", b, n, got, plain)
		}
	})
}

func TestLeap(t *testing.T) {
	clock := flow.NewLeap()
	before := clock.Now()
	clock.Advance(time.Hour)
	clock.Advance(time.Hour) // nobody listened: it must not block
	if d := clock.Now().Sub(before); d < 2*time.Hour || d > 2*time.Hour+time.Minute {
		t.Errorf("leapt %s", d)
	}
	select {
	case <-clock.Changed():
	default:
		t.Error("nobody was told")
	}
}
