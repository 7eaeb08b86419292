package playbook_test

import (
	"errors"
	"testing"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
)

// callsOn gives the request IDs on the timeline, by the kind of the entry.
func callsOn(s *stage) map[string][]string {
	out := map[string][]string{}
	for _, e := range s.timeline() {
		for _, m := range e.Made {
			out[e.Kind] = append(out[e.Kind], m.Request)
		}
	}
	s.see(func(tx *store.Tx) error { return tx.CheckAudit(s.t.Context()) }) // also though a header is no UTF-8
	return out
}

// TestEveryCallIsOnTheTimeline: also those of an attempt that failed, that did not come through, or that does not count any more.
func TestEveryCallIsOnTheTimeline(t *testing.T) {
	one := func(id string) []effect.Made {
		return []effect.Made{{API: "s3:PutBucketPolicy", Account: bucket.Account, Resource: "arn:aws:s3:::orders", At: stageStart, Request: id, Error: "\xff"}}
	}
	for name, c := range map[string]struct {
		play func(*stage)
		kind string
	}{
		"done":      {func(s *stage) { try(t, s.settle()) }, "effect"},
		"failed":    {func(s *stage) { s.broken = errors.New("denied"); try(t, s.settle()) }, "failed"},
		"moved on":  {func(s *stage) { s.broken = fault.New(fault.Conflict, "another policy"); try(t, s.settle()) }, "replan"},
		"cut":       {func(s *stage) { s.broken = fault.New(fault.Unavailable, "throttled"); cut(t, s) }, "retry"},
		"overtaken": {func(s *stage) { s.broken = errors.New("denied"); s.during = s.overtake; try(t, s.settle()) }, "calls"},
		"cut, overtaken": {func(s *stage) {
			s.broken = fault.New(fault.Unavailable, "throttled")
			s.during = s.overtake
			cut(t, s)
		}, "calls"},
		"undone": {func(s *stage) {
			try(t, s.settle())
			s.made = one("UNDO")
			_, err := playbook.RequestUndo(t.Context(), s.brakes(), s.effects()[0].Key, playbook.Order{Person: "mia"}, s.now)
			try(t, err)
			try(t, s.settle())
		}, "undone"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.made = one("R1")
			s.report()
			c.play(s)
			want := "R1"
			if c.kind == "undone" {
				want = "UNDO"
			}
			if got := callsOn(s); len(got[c.kind]) == 0 || got[c.kind][0] != want {
				t.Errorf("calls on the timeline: %v, want %s at %q", got, want, c.kind)
			}
		})
	}
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cut drives the ticket until its first call does not come through.
func cut(t *testing.T, s *stage) {
	t.Helper()
	if err := s.settle(); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("a call that does not come through ends with %v", err)
	}
}

// overtake is another process that makes the same effect's next attempt.
func (s *stage) overtake() {
	s.during = nil
	for _, e := range s.effects() {
		if e.State == effect.Doing {
			e.Attempts++
			try(s.t, s.store.Update(s.t.Context(), func(tx *store.Tx) error { return tx.SaveEffect(s.t.Context(), e) }))
		}
	}
}
