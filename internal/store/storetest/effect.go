package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
)

func runs(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	late := playbook.Run{ID: "R2", Ticket: "T1", Playbook: "close-bucket", Mode: playbook.Enforce, State: playbook.Running, Started: noon().Add(time.Hour)}
	early := late
	early.ID, early.Started, early.Steps = "R1", noon(), []playbook.Step{{ID: "one", Action: "s3.block-public-access", State: playbook.StepWaiting}}
	do(t, s, func(tx *store.Tx) error {
		if _, err := tx.Run(t.Context(), "R1"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown run: %v", err)
		}
		if err := tx.SaveRun(t.Context(), late); err != nil {
			return err
		}
		return tx.SaveRun(t.Context(), early)
	})
	early.State, early.Ended = playbook.Settled, noon().Add(time.Minute)
	do(t, s, func(tx *store.Tx) error { return tx.SaveRun(t.Context(), early) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.RunsOf(t.Context(), "T1")
		if diff := cmp.Diff([]playbook.Run{early, late}, got); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		left, err := tx.UnfinishedRuns(t.Context(), "T1")
		if diff := cmp.Diff([]playbook.Run{late}, left); diff != "" || err != nil {
			t.Errorf("unfinished runs (-want +got): %v\n%s", err, diff)
		}
		one, err := tx.Run(t.Context(), "R1")
		if diff := cmp.Diff(early, one); diff != "" {
			t.Errorf("run (-want +got):\n%s", diff)
		}
		return err
	})
}

func anEffect(key, account, name string, at time.Time) effect.Effect {
	return effect.Effect{
		Key: key, Ticket: "T-" + account, Run: strings.Split(key, "/")[0], Step: "one", Playbook: "close-bucket", Account: account,
		State: effect.Doing, Attempts: 1, Began: at,
		Plan: effect.Plan{Action: "s3.block-public-access", Target: effect.Target{Ref: bucket(name)}, Before: []byte(`{"x":[1,2]}`)},
	}
}

func effects(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	a := anEffect("R1/one", "111122223333", "a", noon())
	b := anEffect("R2/one", "444455556666", "b", noon().Add(time.Minute))
	c := anEffect("R3/one", "111122223333", "a", noon().Add(time.Hour))
	c.State = effect.Done
	do(t, s, func(tx *store.Tx) error {
		for _, e := range []effect.Effect{c, a, b} {
			if err := tx.SaveEffect(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	a.State, a.Attempts = effect.Failed, 2
	do(t, s, func(tx *store.Tx) error { return tx.SaveEffect(t.Context(), a) })
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Effect(t.Context(), a.Key)
		if diff := cmp.Diff(a, got); diff != "" || !ok {
			t.Errorf("effect (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		if _, ok, err = tx.Effect(t.Context(), "R9/one"); ok {
			t.Error("there is an effect that was never saved")
		}
		return err
	})
	effectLists(t, s)
	effectCounts(t, s)
}

func effectLists(t *testing.T, s *store.Store) {
	t.Helper()
	for _, k := range []struct {
		name string
		f    effect.Filter
		want string
	}{
		{"all, newest first", effect.Filter{}, "R3/one R2/one R1/one"},
		{"limit", effect.Filter{Limit: 1}, "R3/one"},
		{"ticket", effect.Filter{Ticket: "T-111122223333"}, "R3/one R1/one"},
		{"ticket and resource", effect.Filter{Ticket: "T-111122223333", Resource: bucket("b").Key()}, ""},
		{"run", effect.Filter{Run: "R2"}, "R2/one"},
		{"resource", effect.Filter{Resource: bucket("a").Key(), Since: noon().Add(time.Second)}, "R3/one"},
		{"account", effect.Filter{Account: "111122223333", Playbook: "close-bucket"}, "R3/one R1/one"},
		{"states", effect.Filter{States: []effect.State{effect.Doing, effect.Failed}}, "R2/one R1/one"},
		{"since is inclusive", effect.Filter{Since: noon().Add(time.Minute)}, "R3/one R2/one"},
	} {
		look(t, s, func(tx *store.Tx) error {
			list, err := tx.Effects(t.Context(), k.f)
			var got []string
			for _, e := range list {
				got = append(got, e.Key)
			}
			if g := strings.Join(got, " "); g != k.want {
				t.Errorf("%s: got %q, want %q", k.name, g, k.want)
			}
			return err
		})
	}
}

func effectCounts(t *testing.T, s *store.Store) {
	t.Helper()
	for _, k := range []struct {
		playbook, account string
		since             time.Time
		want              int
	}{
		{"close-bucket", "111122223333", noon(), 2},
		{"close-bucket", "111122223333", noon().Add(time.Second), 1},
		{"", "", time.Time{}, 3},
		{"other", "", time.Time{}, 0},
	} {
		look(t, s, func(tx *store.Tx) error {
			n, err := tx.CountEffects(t.Context(), k.playbook, k.account, k.since)
			if n != k.want {
				t.Errorf("count %+v: got %d", k, n)
			}
			return err
		})
	}
}

func brakes(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	s := open(t, url)
	want := effect.Brake{Name: "all", On: true, By: "person/ada", Reason: "too many", At: noon()}
	do(t, s, func(tx *store.Tx) error {
		b, err := tx.Brake(t.Context(), "all")
		if diff := cmp.Diff(effect.Brake{Name: "all"}, b); diff != "" {
			t.Errorf("a brake never set (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		return tx.SetBrake(t.Context(), want)
	})
	again := open(t, url) // a restart does not take it off
	look(t, again, func(tx *store.Tx) error {
		got, err := tx.Brake(t.Context(), "all")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("brake (-want +got):\n%s", diff)
		}
		return err
	})
}

func letters(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	bytes := make([]byte, 70_000)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	want := event.Letter{
		ID: "01L", Origin: event.Origin{Source: "file", Place: "a.json\x00\xff", Offset: 7}, Reason: "no eventID",
		Bytes: bytes, Size: 70_000, At: noon(), State: event.Dead,
	}
	empty := event.Letter{ID: "01M", Origin: event.Origin{Source: "s3", Place: "s3://b/k", Offset: -1}, Reason: "bomb", Size: -1, At: noon(), State: event.Dead}
	changed := want
	changed.Reason = "another reason"
	do(t, s, func(tx *store.Tx) error {
		for _, l := range []event.Letter{want, empty, changed} {
			if err := tx.AddLetter(t.Context(), l); err != nil {
				return err
			}
		}
		return nil
	})
	want.Origin.Place = "a.json\x00\uFFFD" // what JSON can keep
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Letter(t.Context(), "01L")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("letter (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		if _, err = tx.Letter(t.Context(), "01X"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown letter: %v", err)
		}
		return nil
	})
	empty.State = event.Replayed
	do(t, s, func(tx *store.Tx) error { return tx.SaveLetter(t.Context(), empty) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveLetter(t.Context(), event.Letter{ID: "01X"})
	}); !fault.Is(err, fault.NotFound) {
		t.Errorf("save an unknown letter: %v", err)
	}
	letterLists(t, s)
	again := event.Letter{ID: "01N", Origin: empty.Origin, Reason: empty.Reason, Size: -1, At: noon().Add(time.Hour), State: event.Dead}
	other := again
	other.ID, other.Reason = "01P", "truncated"
	do(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.AddLetter(t.Context(), again), tx.AddLetter(t.Context(), other))
	})
	look(t, s, func(tx *store.Tx) error {
		if _, err := tx.Letter(t.Context(), "01N"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the same message delivered again is a letter of its own: %v", err)
		}
		_, err := tx.Letter(t.Context(), "01P")
		return err
	})
}

func letterLists(t *testing.T, s *store.Store) {
	t.Helper()
	for _, c := range []struct {
		f    event.LetterFilter
		want string
	}{
		{event.LetterFilter{}, "01M 01L"},
		{event.LetterFilter{State: event.Dead}, "01L"},
		{event.LetterFilter{Source: "s3"}, "01M"},
		{event.LetterFilter{Limit: 1}, "01M"},
	} {
		look(t, s, func(tx *store.Tx) error {
			list, err := tx.Letters(t.Context(), c.f)
			var got []string
			for _, l := range list {
				got = append(got, l.ID)
				if l.Bytes != nil {
					t.Errorf("the list carries bytes")
				}
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("%+v: got %q, want %q", c.f, g, c.want)
			}
			return err
		})
	}
}

// touches: the newest event that changed a resource is remembered, in whatever order the records come.
func touches(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	want := event.Touch{Resource: bucket("a").Key(), Event: "new", Time: noon(), Name: "PutBucketPolicy", Actor: "ada\x00", Raw: []byte("{}")}
	late := want
	late.Event, late.Time = "old", noon().Add(-time.Hour)
	do(t, s, func(tx *store.Tx) error {
		if _, ok, err := tx.Touch(t.Context(), want.Resource); ok || err != nil {
			t.Errorf("an untouched resource: %v %v", ok, err)
		}
		for _, e := range []event.Touch{late, want, late} {
			if err := tx.SaveTouch(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Touch(t.Context(), want.Resource)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("touch (-want +got):\n%s", diff)
		}
		return err
	})
}
