package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

var errKilled = errors.New("killed")

// pages lists a number of things in parts, as an API does, and may be killed on the way.
type pages struct {
	things
	size, total int
	kill        int // after so many parts, 0 for never
	given       int
	from        []string
}

var _ inventory.Pager = (*pages)(nil)

// Pages lists from a number on.
func (p *pages) Pages(_ context.Context, _ aws.Config, place inventory.Place, from string, do inventory.Page) error {
	p.from = append(p.from, from)
	at := 0
	if from != "" {
		if _, err := fmt.Sscan(from, &at); err != nil {
			return fault.Wrap(fault.Invalid, err, "cursor %q", from)
		}
	}
	for at < p.total {
		var part []resource.Ref
		for end := min(at+p.size, p.total); at < end; at++ {
			part = append(part, resource.Ref{Type: thing, Account: place.Account, Region: place.Region, ID: fmt.Sprintf("t-%07d", at)})
		}
		next := fmt.Sprint(at)
		if at == p.total {
			next = ""
		}
		if p.given++; p.kill > 0 && p.given > p.kill {
			return errKilled
		}
		if err := do(part, next); err != nil {
			return err
		}
	}
	return nil
}

const thingsThere = "111122223333|eu-central-1|" + string(thing)

// due counts the things that are to be read.
func (s *stall) due() (n int) {
	s.t.Helper()
	for _, b := range must(s.store.Backlog(s.t.Context()))(s.t) {
		if b.Leg == legInventory {
			n = b.Pending
		}
	}
	return n
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// row is what is kept of a thing.
func (s *stall) row(id string) (r standing.Row, ok bool) {
	s.t.Helper()
	if err := s.store.View(s.t.Context(), func(tx storeTx) (err error) {
		r, ok, err = tx.Standing(s.t.Context(), a(id).Key())
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return r, ok
}

// A sweep that is killed goes on where it was, also in another process; a cursor that is good no more begins anew.
func TestASweepThatIsKilledGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cursor string // put in its place
		from   []string
	}{
		"goes on":            {"", []string{"", "300"}},
		"begins anew, stale": {"long ago", []string{"", "long ago", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStall(t, "good")
			p := &pages{size: 100, total: 1000, kill: 3}
			s.inventory = must(inventory.New(anyone{}, p))(t)
			if _, err := s.sweep(t.Context(), thingsThere); !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			if n := s.due(); n != 300 {
				t.Fatalf("%d are due after three parts", n)
			}
			if c.cursor != "" {
				must(0, s.store.Update(t.Context(), func(tx storeTx) error {
					at, err := tx.SweepOf(t.Context(), thingsThere)
					at.Cursor = c.cursor
					return errors.Join(err, tx.SaveSweep(t.Context(), at))
				}))(t)
			}
			s.starts()
			p.kill = 0
			s.inventory = must(inventory.New(anyone{}, p))(t)
			again := must(s.sweep(t.Context(), thingsThere))(t)
			if n := s.due(); n != 1000 || !slices.Equal(p.from, c.from) || again.Before(s.clock.Now().Add(59*time.Minute)) {
				t.Errorf("%d are due, listed from %q, again at %s", n, p.from, again)
			}
		})
	}
}

// A list that is had as a whole goes on after the last that was written down.
func TestAWholeListGoesOnToo(t *testing.T) {
	s := newStall(t, "good")
	for n := range 450 {
		s.world.all[fmt.Sprintf("t-%03d", n)] = nil
	}
	var seen []string
	take := func(most int) func([]resource.Ref, string) error {
		return func(part []resource.Ref, next string) error {
			if most--; most < 0 {
				return errKilled
			}
			for _, r := range part {
				seen = append(seen, r.ID)
			}
			if next != part[len(part)-1].ID {
				t.Errorf("cursor %q", next)
			}
			return nil
		}
	}
	place := must(parseSweep(thingsThere))(t)
	if err := s.inventory.Pages(t.Context(), place, "", take(1)); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	delete(s.world.all, seen[len(seen)-1]) // what the cursor names is gone meanwhile
	must(0, s.inventory.Pages(t.Context(), place, seen[len(seen)-1], take(9)))(t)
	if len(seen) != 450 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 450 {
		t.Errorf("%d", len(seen))
	}
}

// After a restart only what was cut off, is new, or was judged by something else is swept before its turn.
func TestARestartDoesNotSweepEverythingAgain(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	dues := func() int {
		t.Helper()
		must(0, s.planSweeps(t.Context()))(t)
		now := s.clock.Now().Add(time.Second)
		return len(must(s.store.Unsent(t.Context(), legSweep, now, now, 10))(t))
	}
	must(s.sweep(t.Context(), thingsThere))(t)
	if n := dues(); n != 0 {
		t.Errorf("%d sweeps although all is done", n)
	}
	s.starts()
	if n := dues(); n != 0 {
		t.Errorf("%d sweeps after a restart", n)
	}
	s.waive(waiver(s.clock.Now()))
	s.reloads()
	if n := dues(); n != 1 {
		t.Errorf("%d sweeps after the waivers changed", n)
	}
}

// What a complete list has no more is read again, found gone, and forgotten; what an unfinished one lacks is not.
func TestWhatIsListedNoMoreIsLookedAt(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	s.world.all = map[string]map[string]any{"a": {"good": true}, "b": {"good": true}}
	sweep := func() {
		t.Helper()
		s.time.Advance(time.Hour)
		must(s.sweep(t.Context(), thingsThere))(t)
	}
	sweep()
	s.looks("a")
	s.looks("b")
	delete(s.world.all, "b")
	s.world.reads = nil
	sweep()
	now := s.clock.Now().Add(time.Minute)
	hints := must(s.store.Unsent(t.Context(), legInventory, now, now, 10))(t)
	if len(hints) != 2 {
		t.Fatalf("%v", hints)
	}
	s.looks("b")
	if _, ok := s.row("b"); ok {
		t.Error("what is gone is still kept")
	}
	if r, ok := s.row("a"); !ok || r.SweptAt.IsZero() {
		t.Errorf("%+v", r)
	}
}

// What has not changed is not judged again, until something is: the thing, what is expected, the waivers, or its finding's state.
func TestWhatHasNotChangedIsOnlySeen(t *testing.T) {
	t.Parallel()
	s := newStall(t, "good")
	s.world.all["a"] = map[string]any{"good": true, "name": "x"}
	judged := func(want bool, what string) {
		t.Helper()
		before, _ := s.row("a")
		s.looks("a")
		after, _ := s.row("a")
		if got := after.JudgedAt.After(before.JudgedAt); got != want || !after.ReadAt.After(before.ReadAt) {
			t.Errorf("%s: judged %v, want %v; read %s, then %s", what, got, want, before.ReadAt, after.ReadAt)
		}
	}
	judged(true, "for the first time")
	judged(false, "as before")
	s.world.all["a"]["name"] = "y"
	judged(true, "another name")
	judged(false, "the same other name")
	s.waive(waiver(s.clock.Now().Add(-48 * time.Hour)))
	s.reloads()
	judged(true, "other waivers")
	s.world.all["a"]["good"] = false
	judged(true, "bad")
	judged(true, "bad, and software is at work on it")
	if r, _ := s.row("a"); !slices.Equal(r.Failing, []string{"thing-good"}) || r.Judged() != 1 {
		t.Errorf("%+v", r)
	}
}
