package setting_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"pgregory.net/rapid"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// switches are a thing with three of them, turned one by one.
type switches map[string]bool

var names = []string{"a", "b", "c"}

// errKilled is the death of the process between two calls.
var errKilled = errors.New("killed")

// world is one such thing, and how many calls may still be made before the process dies.
type world struct {
	on   switches
	left int
	sent int
}

type turned struct {
	Name string
	On   bool
}

func (w *world) action(undo effect.Class) setting.Of[switches] {
	return setting.Of[switches]{
		About: action.Info{ID: "test.turn-on", Undo: undo, Targets: []resource.Type{resource.Bucket}},
		Look:  func(context.Context, aws.Config, effect.Target) (switches, error) { return maps.Clone(w.on), nil },
		Goal: func(effect.Target, switches) (setting.Goal[switches], error) {
			return setting.Goal[switches]{To: switches{"a": true, "b": true, "c": true}, Met: "all are on", Missing: "not all are on", Diff: "+ on"}, nil
		},
		Calls: func(_ effect.Target, from, to switches) (out []effect.Call, err error) {
			for _, n := range names {
				if from[n] != to[n] {
					call, err := action.NewCall("test:Turn", "arn:aws:test:::x", setting.In{"Name": n, "On": to[n]})
					if err != nil {
						return nil, err
					}
					out = append(out, call)
				}
			}
			return out, nil
		},
		Send: func(_ context.Context, _ aws.Config, call effect.Call) error {
			if w.left == 0 {
				return errKilled
			}
			w.left--
			w.sent++
			var in turned
			err := json.Unmarshal(call.Input, &in)
			w.on[in.Name] = in.On
			return err
		},
	}
}

func drawn(t *rapid.T, label string) switches {
	s := switches{}
	for _, n := range names {
		s[n] = rapid.Bool().Draw(t, label+n)
	}
	return s
}

// TestKilledBetweenCalls: whatever the state and wherever the process dies, doing again makes the rest of the calls and no more, and so
// does undoing.
func TestKilledBetweenCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawn(t, "before")
		w := &world{on: maps.Clone(before), left: rapid.IntRange(0, 3).Draw(t, "calls before death")}
		a, ctx := w.action(effect.Exact), t.Context()
		p, err := a.Plan(ctx, action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Calls) == 0 {
			if p.Nothing == "" {
				t.Fatalf("nothing to do and no reason: %+v", p)
			}
			return
		}
		died := w.left < len(p.Calls)
		if _, err := a.Do(ctx, action.Session{}, p); died != errors.Is(err, errKilled) {
			t.Fatalf("do: %v", err)
		}
		w.left = 100
		for range 2 {
			if _, err := a.Do(ctx, action.Session{}, p); err != nil {
				t.Fatalf("do again: %v", err)
			}
		}
		if c, err := a.Verify(ctx, action.Session{}, p); err != nil || !c.Holds || w.sent != len(p.Calls) {
			t.Fatalf("%+v, %v after %d calls of %d", c, err, w.sent, len(p.Calls))
		}
		w.left, w.sent = rapid.IntRange(0, 3).Draw(t, "undo calls before death"), 0
		if _, err := a.Undo(ctx, action.Session{}, p); (w.sent < len(p.Calls)) != errors.Is(err, errKilled) {
			t.Fatalf("undo: %v", err)
		}
		w.left = 100
		if _, err := a.Undo(ctx, action.Session{}, p); err != nil || !maps.Equal(w.on, before) || w.sent != len(p.Calls) {
			t.Fatalf("undo again: %v: %v, was %v, %d calls", err, w.on, before, w.sent)
		}
	})
}

// TestSomebodyElse: a state that neither the plan nor a part of its calls explains is a world that moved on, and nothing is called.
func TestSomebodyElse(t *testing.T) {
	w := &world{on: switches{"a": false, "b": false, "c": true}, left: 100}
	a := w.action(effect.Exact)
	p, err := a.Plan(t.Context(), action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	w.on = switches{"a": true, "b": false, "c": false}
	if _, err := a.Do(t.Context(), action.Session{}, p); !fault.Is(err, fault.Conflict) || w.sent != 0 {
		t.Errorf("%v after %d calls, want a conflict and none", err, w.sent)
	}
}

// TestNothingBringsItBack: an action of that class undoes nothing and says so.
func TestNothingBringsItBack(t *testing.T) {
	w := &world{on: switches{}, left: 100}
	a := w.action(effect.None)
	p, err := a.Plan(t.Context(), action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Undo(t.Context(), action.Session{}, p); !fault.Is(err, fault.Denied) || w.sent != 0 {
		t.Errorf("%v after %d calls, want denied and none", err, w.sent)
	}
	if _, err := a.Inverse(p); !fault.Is(err, fault.Denied) {
		t.Errorf("inverse: %v", err)
	}
}

// TestUnclear: what cannot be told is no call and no proof, in the goal's own words.
func TestUnclear(t *testing.T) {
	w := &world{on: switches{"a": true, "b": true, "c": true}, left: 100}
	a := w.action(effect.Exact)
	plain := a.Goal
	a.Goal = func(to effect.Target, now switches) (setting.Goal[switches], error) {
		g, err := plain(to, now)
		g.Unclear = "the lamp is behind a curtain"
		return g, err
	}
	p, err := a.Plan(t.Context(), action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
	if err != nil || len(p.Calls) > 0 || p.Nothing != "the lamp is behind a curtain" {
		t.Errorf("%+v, %v", p, err)
	}
	if c, err := a.Verify(t.Context(), action.Session{}, p); err != nil || !c.Unknown || c.Holds || c.Text != p.Nothing {
		t.Errorf("%+v, %v", c, err)
	}
	w.on["b"] = false
	if c, err := a.Verify(t.Context(), action.Session{}, p); err != nil || c.Unknown || c.Holds {
		t.Errorf("with something to do: %+v, %v", c, err)
	}
}

// TestSame: states that differ only in what does not matter are one; the calls are those of the state as it is now.
func TestSame(t *testing.T) {
	for name, c := range map[string]struct {
		same func(a, b switches) bool
		want int
	}{"by the letter": {nil, 0}, "by a and b": {func(a, b switches) bool { return a["a"] == b["a"] && a["b"] == b["b"] }, 2}} {
		t.Run(name, func(t *testing.T) {
			w := &world{on: switches{"a": false, "b": false, "z": false}, left: 100}
			a := w.action(effect.Exact)
			a.Same = c.same
			p, err := a.Plan(t.Context(), action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
			if err != nil || len(p.Calls) != 3 {
				t.Fatalf("%+v, %v", p, err)
			}
			w.on = switches{"a": false, "b": true, "c": false, "z": true} // a part of the calls: goes on whatever else there is
			if r, err := a.Do(t.Context(), action.Session{}, p); err != nil || r.Calls != 2 {
				t.Errorf("%+v, %v", r, err)
			}
			w.on, w.sent = switches{"a": true, "b": true, "c": true, "z": true}, 0
			_, err = a.Undo(t.Context(), action.Session{}, p)
			if c.want == 0 && !fault.Is(err, fault.Conflict) || c.want > 0 && err != nil {
				t.Errorf("undo of a state that is another by the letter: %v after %d calls", err, w.sent)
			}
		})
	}
}

// TestRefusedSince: what came up after the plan is a world that moved on, so that it is planned again.
func TestRefusedSince(t *testing.T) {
	w := &world{on: switches{}, left: 100}
	a, refused := w.action(effect.Exact), ""
	a.Guard = func(context.Context, action.Session, effect.Target) (string, error) { return refused, nil }
	p, err := a.Plan(t.Context(), action.Session{}, effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	refused = "somebody is in the room"
	if _, err := a.Do(t.Context(), action.Session{}, p); !fault.Is(err, fault.Conflict) || w.sent != 0 {
		t.Errorf("%v after %d calls, want a conflict and none", err, w.sent)
	}
	if q, err := a.Plan(t.Context(), action.Session{}, p.Target); err != nil || q.Refused != refused {
		t.Errorf("%+v, %v", q, err)
	}
}

// TestLean: members that are not there are left out, and empty ones that are stay.
func TestLean(t *testing.T) {
	got, err := setting.Lean(struct {
		A *string
		B *string
		C []any
	}{nil, aws.String(""), []any{map[string]any{"d": nil, "e": 1}}})
	text, _ := action.Text(got)
	if want := `{"B":"","C":[{"e":1}]}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
}
