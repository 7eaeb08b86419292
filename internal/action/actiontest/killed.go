package actiontest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/action"
	"jobzero/internal/effect"
)

// errKilled is the death of the process between two calls.
var errKilled = errors.New("killed")

// mortal is a configuration whose process dies before the call that follows on so many.
func mortal(cfg aws.Config, calls int) aws.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(cfg.APIOptions[:len(cfg.APIOptions):len(cfg.APIOptions)], func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("killed", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, _ middleware.Metadata, _ error) {
			if calls == 0 {
				return out, middleware.Metadata{}, errKilled
			}
			calls--
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	})
	return cfg
}

// killed: a plan of several calls whose process dies after some of them is carried on until it holds, and undone as if nothing had
// happened. Which calls are made again is the action's affair: action/setting makes none twice, others those that change nothing then.
func killed(t *testing.T, build func() *world) {
	for calls := 1; ; calls++ {
		w := build()
		p := w.plan(t)
		if len(p.Calls) == 1 {
			t.Skip("the plan has one call: there is nothing between")
		}
		if calls == len(p.Calls) {
			return
		}
		t.Run(fmt.Sprintf("after %d of %d", calls, len(p.Calls)), func(t *testing.T) { carriedOn(t, w, p, calls) })
	}
}

func carriedOn(t *testing.T, w *world, p effect.Plan, calls int) {
	before := w.state(t)
	dying := action.Session{Reader: w.session.Reader, Responder: mortal(w.session.Responder, calls)}
	if r, err := w.Action.Do(t.Context(), dying, p); !errors.Is(err, errKilled) {
		t.Fatalf("do: %+v, %v; want a death after %d calls", r, err, calls)
	}
	if r, err := w.Action.Do(t.Context(), w.session, p); err != nil || r.Calls > len(p.Calls) {
		t.Fatalf("do again: %+v, %v", r, err)
	}
	w.holds(t, p, true)
	if p.Undo == effect.None {
		return
	}
	if _, err := w.Action.Undo(t.Context(), w.session, p); err != nil {
		t.Fatalf("undo: %v", err)
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("undoing did not bring the state back: %s", d)
	}
}
