package app

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/expect/standing"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// fill keeps rows of things in twenty accounts: of ten, seven pass, two fail and one is not known.
func (s *stall) fill(tb testing.TB, rows int) {
	tb.Helper()
	const batch = 5000
	for at := 0; at < rows; at += batch {
		must(0, s.store.Update(tb.Context(), func(tx storeTx) error {
			for n := at; n < min(at+batch, rows); n++ {
				r := standing.Row{
					Ref:   resource.Ref{Type: thing, Account: fmt.Sprintf("1111222233%02d", n%20), Region: "eu-central-1", ID: fmt.Sprintf("t-%07d", n)},
					Owner: fmt.Sprintf("team-%d", n%3), ReadAt: s.clock.Now(), Passing: []string{"thing-safe", "thing-named", "thing-tagged"},
				}
				switch n % 10 {
				case 7, 8:
					r.Failing = []string{"thing-good"}
				case 9:
					r.Unknown = []string{"thing-good"}
				default:
					r.Passing = append(r.Passing, "thing-good")
				}
				if err := tx.SaveStanding(tb.Context(), r); err != nil {
					return err
				}
			}
			return nil
		}))(tb)
	}
}

// heap watches how large the heap is while something is done, and gives by how much it grew at the most.
func heap(do func()) (grown uint64) {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var most uint64
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	<-watched
	return most - min(most, before.HeapAlloc)
}

// Adding up takes as much memory for many resources as for few.
func TestAddingUpDoesNotHoldAllResources(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("it measures memory, which the race detector changes: `make memory` runs it without, as CI does")
	}
	const rows = 200_000
	s := newStall(t, "good")
	s.fill(t, rows)
	grown := heap(func() { must(0, s.fold(t.Context(), s.clock.Now()))(t) })
	t.Logf("%d rows: the heap grew by %d MB at the most", rows, grown>>20)
	if grown > 64<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
	var all standing.Count
	must(0, s.store.View(t.Context(), func(tx storeTx) error {
		found, err := tx.Scores(t.Context(), standing.Group{Expectation: "thing-good"}, standing.Day(s.clock.Now()))
		for _, x := range found {
			all = all.Plus(x.Count)
		}
		return err
	}))(t)
	if all != (standing.Count{Pass: rows / 10 * 7, Fail: rows / 5, Unknown: rows / 10}) {
		t.Errorf("%+v", all)
	}
}

// BenchmarkFold adds a million resources up.
func BenchmarkFold(b *testing.B) {
	s := newStall(b, "good")
	s.fill(b, 1_000_000)
	for b.Loop() {
		grown := heap(func() { must(0, s.fold(b.Context(), s.clock.Now()))(b) })
		b.ReportMetric(float64(grown>>20), "heap-MB")
	}
}

// BenchmarkSweep has a million resources listed by the leg itself, of which each is to be read again: in parts, as an API gives
// them, and as a whole, as a reader without parts does.
func BenchmarkSweep(b *testing.B) {
	const total = 1_000_000
	for name, reader := range map[string]inventory.Reader{
		"parts": &pages{size: 100, total: total},
		"whole": &whole{total: total},
	} {
		b.Run(name, func(b *testing.B) {
			s := newStall(b, "good")
			s.inventory = must(inventory.New(anyone{}, reader))(b)
			for b.Loop() {
				grown := heap(func() { must(s.sweep(b.Context(), thingsThere))(b) })
				b.ReportMetric(float64(grown>>20), "heap-MB")
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*total), "µs/resource")
		})
	}
}

// whole lists a number of things at once.
type whole struct {
	things
	total int
}

// List makes the list anew each time.
func (w *whole) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	var out []resource.Ref
	for n := range w.total {
		out = append(out, resource.Ref{Type: thing, Account: account, Region: region, ID: fmt.Sprintf("t-%07d", n)})
	}
	return out, nil
}

// A long list is written down without being held.
func TestASweepDoesNotHoldItsList(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("it measures memory, which the race detector changes: `make memory` runs it without, as CI does")
	}
	const total = 50_000
	s := newStall(t, "good")
	s.inventory = must(inventory.New(anyone{}, &pages{size: 100, total: total}))(t)
	began := time.Now()
	grown := heap(func() { must(s.sweep(t.Context(), thingsThere))(t) })
	t.Logf("%d things in %s: the heap grew by %d MB at the most", total, time.Since(began).Round(time.Millisecond), grown>>20)
	if n := s.due(); n != total || grown > 32<<20 {
		t.Errorf("%d are due; the heap grew by %d MB", n, grown>>20)
	}
}
