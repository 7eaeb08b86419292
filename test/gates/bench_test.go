package gates

import (
	"testing"
	"time"

	"jobzero/content"
	"jobzero/internal/expect"
	"jobzero/internal/resource"
)

// BenchmarkSweep judges what is live of every type that the cases have, each by all that is expected of it: pairs/s is how many
// expectations of resources are decided in a second by one core.
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
	for b.Loop() {
		for _, r := range all {
			pairs += len(set.Check(r, facts))
		}
	}
	b.ReportMetric(float64(pairs)/b.Elapsed().Seconds(), "pairs/s")
}
