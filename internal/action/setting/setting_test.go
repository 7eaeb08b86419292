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
