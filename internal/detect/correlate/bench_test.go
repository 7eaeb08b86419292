package correlate_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"jobzero/internal/detect/correlate"
)

// eventID looks like the ID of a CloudTrail event.
func eventID(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i*2654435761%(1<<32), i) }

func manyFailures(timespan time.Duration) []correlate.Spec {
	return []correlate.Spec{{
		ID: "many-failed-logins", Type: correlate.EventCount, Rules: []string{"failed-login"}, GroupBy: []string{"User", "sourceIPAddress"},
		Timespan: timespan, Condition: []correlate.Test{{Op: correlate.GTE, Number: 10}}, Lateness: 45 * time.Minute,
	}}
}

// failure is the i-th failed login, one of so many users, a millisecond after the one before.
func failure(i, users int) correlate.Hit {
	return correlate.Hit{
		Rule: "failed-login", Event: eventID(i), Ref: eventID(i), Time: morning.Add(time.Duration(i) * time.Millisecond),
		Keys: []correlate.Key{{For: "many-failed-logins", Group: []string{fmt.Sprintf("user-%07d", i%users), "203.0.113.7"}}},
	}
}

func machine(t testing.TB, specs []correlate.Spec, o correlate.Options) *correlate.Machine {
	t.Helper()
	m, err := correlate.New(specs, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// BenchmarkEventCount takes hits of 100,000 groups in batches of 1,000, with a watermark that follows 45 minutes behind; each
// group has a hit every 100 s, so that six are in a window.
func BenchmarkEventCount(b *testing.B) {
	const users, batch, batches = 100_000, 1000, 6000
	m := machine(b, manyFailures(10*time.Minute), correlate.Options{})
	hits := make([]correlate.Hit, batch)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range hits {
			hits[i] = failure(n, users)
			n++
		}
		b.StartTimer()
		m.Take(hits)
		m.Advance([]correlate.Mark{{Source: "cloudtrail", Seen: hits[batch-1].Time}})
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "hits/s")
	groups, bytes := m.Size()
	b.ReportMetric(float64(groups), "groups")
	b.ReportMetric(float64(bytes)/float64(max(1, groups)), "B/group")
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}

// TestMemory: groups take no more heap than Size says, which is what the budget of bytes counts.
func TestMemory(t *testing.T) { fill(t, 100_000, 5_000) }

// BenchmarkMillionGroups is the default budget, filled to the brim.
func BenchmarkMillionGroups(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(float64(fill(b, 1_000_000, 50_000))/1_000_000, "B/group")
	}
}

// fill makes some groups, and then more than the budget allows: these push out as many of the oldest. It gives the heap that
// the groups take.
func fill(t testing.TB, some, more int) int {
	before := heap()
	m := machine(t, manyFailures(time.Hour), correlate.Options{MaxGroups: some})
	take := func(from, to int) {
		const batch = 1000
		hits := make([]correlate.Hit, 0, batch)
		for i := from; i < to; i++ {
			if hits = append(hits, failure(i, some+more)); len(hits) == batch {
				m.Take(hits)
				hits = hits[:0]
			}
		}
	}
	take(0, some)
	used := heap() - before
	groups, bytes := m.Size()
	t.Logf("%d groups take %d B of heap each; Size says %d", groups, used/groups, bytes/groups)
	if groups != some || used > bytes || bytes > used*5/4 || bytes > 512<<20 {
		t.Errorf("%d groups take %d KiB of heap, Size says %d KiB", groups, used>>10, bytes>>10)
	}
	take(some, some+more)
	r := m.Report()[0]
	if r.Groups != some || r.EvictedGroups != more || r.EvictedHits != more {
		t.Errorf("%d groups are held, %d of %d hits were evicted", r.Groups, r.EvictedGroups, r.EvictedHits)
	}
	for i, want := range map[int]int{0: 0, more - 1: 0, more: 1, some + more - 1: 1} {
		h := failure(i, some+more)
		if p, err := m.Explain("many-failed-logins", h.Keys[0].Group, h.Time); err != nil || p.Hits != want {
			t.Errorf("group %d holds %d hits (%v), want %d", i, p.Hits, err, want)
		}
	}
	return used
}
