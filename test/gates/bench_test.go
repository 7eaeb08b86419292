//go:build unix

package gates

import (
	"syscall"
	"testing"
	"time"

	"jobzero/content"
	"jobzero/internal/expect"
	"jobzero/internal/resource"
)

// BenchmarkSweep judges what is live of every type that the cases have, each by all that is expected of it: pairs/s is how many
// expectations of resources are decided in a second of CPU, the collection of garbage included, whatever else the machine does.
func BenchmarkSweep(b *testing.B) {
	set, errs := expect.Load(content.FS(), "expectations")
	for _, err := range errs {
		b.Fatal(err)
	}
	var all []resource.Resource
	for _, s := range cases(b) {
		r, _, err := live(s)
		if err != nil {
			b.Fatal(err)
		}
		if !r.Gone {
			all = append(all, r)
		}
	}
	facts := expect.Facts{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	pairs := 0
	b.ReportAllocs()
	before := spent(b)
	for b.Loop() {
		for _, r := range all {
			pairs += len(set.Check(r, facts))
		}
	}
	b.ReportMetric(float64(pairs)/(spent(b)-before).Seconds(), "pairs/s")
}

// spent is the CPU time of the process so far.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
