package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/store/db"
)

// brakes writes one row, and checks afterwards which of them are there.
type brakes struct {
	t *testing.T
	s *Store
}

func openGrouped(t *testing.T) brakes {
	t.Helper()
	s, err := Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return brakes{t, s}
}

func (b brakes) set(ctx context.Context, name string, then func(*Tx) error) error {
	return b.s.Update(ctx, func(tx *Tx) error {
		if err := tx.SetBrake(ctx, effect.Brake{Name: name, On: true}); err != nil {
			return err
		}
		return then(tx)
	})
}

func (b brakes) wants(on bool, names ...string) {
	b.t.Helper()
	err := b.s.View(b.t.Context(), func(tx *Tx) error {
		for _, name := range names {
			got, err := tx.Brake(b.t.Context(), name)
			if err != nil || got.On != on {
				b.t.Errorf("%s: on is %t, want %t (%v)", name, got.On, on, err)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// together has all of them wait for one turn, so that they make one group.
func (b brakes) together(all ...func()) {
	b.t.Helper()
	inside, let := make(chan struct{}), make(chan struct{})
	var (
		running sync.WaitGroup
		once    sync.Once
	)
	running.Go(func() {
		err := b.set(b.t.Context(), "first", func(*Tx) error {
			once.Do(func() { close(inside) }) // it may be run again
			<-let
			return nil
		})
		if err != nil {
			b.t.Errorf("first: %v", err)
		}
	})
	<-inside
	for _, f := range all {
		before := b.s.groups.waiting.Load()
		running.Go(f)
		for b.s.groups.waiting.Load() == before {
			runtime.Gosched() // until it waits: there is nothing else to tell
		}
	}
	close(let)
	running.Wait()
}

// What waits goes to the disk together, and what fails in it leaves nothing and takes nothing along.
func TestAGroupIsCommittedTogether(t *testing.T) {
	b := openGrouped(t)
	mine := errors.New("changed my mind")
	ended, end := context.WithCancel(t.Context())
	var groups sync.Map
	mark := func(*Tx) error { groups.Store(b.s.groups.open, true); return nil }
	b.together(
		func() { must(t, b.set(t.Context(), "a", mark)) },
		func() {
			if err := b.set(t.Context(), "fails", func(*Tx) error { return mine }); err != mine { //nolint:errorlint // the very same
				t.Errorf("fails: %v", err)
			}
		},
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = b.set(t.Context(), "panics", func(*Tx) error { panic("boom") })
		},
		func() {
			if err := b.set(ended, "ends", func(tx *Tx) error {
				end()
				return tx.SetBrake(ended, effect.Brake{Name: "late", On: true})
			}); !errors.Is(err, context.Canceled) {
				t.Errorf("ends: %v", err)
			}
		},
		func() { must(t, b.set(t.Context(), "z", mark)) },
	)
	b.wants(true, "first", "a", "z")
	b.wants(false, "fails", "panics", "ends", "late")
	n := 0
	groups.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d groups of what waited together", n)
	}
}

// Where the database takes back more than what failed, the others are run again.
func TestAScatteredGroupIsRunAgain(t *testing.T) {
	b := openGrouped(t)
	var ran atomic.Int32
	b.together(
		func() { must(t, b.set(t.Context(), "a", func(*Tx) error { ran.Add(1); return nil })) },
		func() {
			err := b.s.groups.do(t.Context(), func(q db.DBTX) error { // as the database does when the disk is full
				_, err := q.ExecContext(t.Context(), "rollback")
				return errors.Join(err, errors.New("disk full"))
			})
			if err == nil {
				t.Error("it has not failed")
			}
		},
		func() { must(t, b.set(t.Context(), "z", func(*Tx) error { return nil })) },
	)
	b.wants(true, "first", "a", "z")
	if n := ran.Load(); n != 2 {
		t.Errorf("it ran %d times, want 2: what it wrote was gone", n)
	}
}

// Who stops waiting keeps nobody else from the disk.
func TestAGroupDoesNotWaitForWhoLeft(t *testing.T) {
	b := openGrouped(t)
	leaving, leave := context.WithCancel(t.Context())
	b.together(
		func() { must(t, b.set(t.Context(), "a", func(*Tx) error { leave(); return nil })) },
		func() {
			if err := b.set(leaving, "left", func(*Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("left: %v", err)
			}
		},
	)
	b.wants(true, "first", "a")
	b.wants(false, "left")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// BenchmarkGroup is many goroutines that write a small row each, in groups as they come and one by one.
func BenchmarkGroup(b *testing.B) {
	for _, c := range []struct {
		name   string
		groups bool
	}{{"groups", true}, {"one by one", false}} {
		b.Run(c.name, func(b *testing.B) {
			s, err := Open(b.Context(), "sqlite://"+filepath.Join(b.TempDir(), "test.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			if !c.groups {
				s.groups = nil
			}
			var n atomic.Int64
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					err := s.Update(b.Context(), func(tx *Tx) error {
						return tx.Enqueue(b.Context(), "triage", fmt.Sprint(n.Add(1)), time.Time{})
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
