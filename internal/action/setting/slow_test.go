package setting_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

var target = effect.Target{Ref: resource.Ref{Type: resource.Bucket, ID: "x"}}

// TestSlow: what AWS does after it has answered is waited for, for a while and no longer, and a look that fails meanwhile is no failure.
func TestSlow(t *testing.T) {
	for looks, waited := range map[int]time.Duration{0: 0, 3: 1500 * time.Millisecond, 1000: 10 * time.Second} {
		t.Run(fmt.Sprint(looks), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{on: switches{}, left: 100}
				a := w.action(effect.Exact)
				a.Slow = true
				seen, behind := maps.Clone(w.on), -1
				a.Look = func(context.Context, aws.Config, effect.Target) (switches, error) {
					switch {
					case behind < 0:
						return maps.Clone(seen), nil
					case behind < looks:
						behind++
						return nil, errors.New("not now")
					}
					return maps.Clone(w.on), nil
				}
				p, err := a.Plan(t.Context(), action.Session{}, target)
				if err != nil {
					t.Fatal(err)
				}
				send := a.Send
				a.Send = func(ctx context.Context, cfg aws.Config, call effect.Call) error {
					behind = 0
					return send(ctx, cfg, call)
				}
				began := time.Now()
				if r, err := a.Do(t.Context(), action.Session{}, p); err != nil || r.Calls != 3 || time.Since(began) != waited {
					t.Errorf("%+v, %v after %s, want %s", r, err, time.Since(began), waited)
				}
			})
		})
	}
}

// TestPending: what is on its way needs no call, and does not hold yet.
func TestPending(t *testing.T) {
	w := &world{on: switches{"a": true, "b": true, "c": true}}
	a := w.action(effect.Exact)
	goal := a.Goal
	a.Goal = func(t effect.Target, now switches) (setting.Goal[switches], error) {
		g, err := goal(t, now)
		g.Pending = "c is being turned on"
		return g, err
	}
	p, err := a.Plan(t.Context(), action.Session{}, target)
	if err != nil || len(p.Calls) > 0 || p.Nothing != "c is being turned on" {
		t.Errorf("%+v, %v", p, err)
	}
	if c, err := a.Verify(t.Context(), action.Session{}, p); err != nil || c.Holds || c.Unknown || c.Text != "c is being turned on" {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestGone: what is gone is said by its name, wrapped or not.
func TestGone(t *testing.T) {
	for err, want := range map[error]string{
		setting.ErrGone:          "it does not exist any more",
		setting.Gone("the user"): "the user does not exist any more",
	} {
		w := &world{}
		a := w.action(effect.Exact)
		a.Look = func(context.Context, aws.Config, effect.Target) (switches, error) {
			return nil, fmt.Errorf("look: %w", err)
		}
		p, failed := a.Plan(t.Context(), action.Session{}, target)
		if failed != nil || p.Nothing != want {
			t.Errorf("%+v, %v, want %q", p, failed, want)
		}
		if c, failed := a.Verify(t.Context(), action.Session{}, p); failed != nil || !c.Holds || c.Text != want {
			t.Errorf("%+v, %v, want %q", c, failed, want)
		}
	}
}
