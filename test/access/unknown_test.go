package access

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/cases"
)

// TestWhatIsUnknownDecidesNothing: a decision that was taken without some keys stands whatever they are.
func TestWhatIsUnknownDecidesNothing(t *testing.T) {
	m := maker{Rand: rand.New(rand.NewPCG(3, 7))}
	unknown := 0
	for range 3000 {
		c := m.make()
		dark := c
		dark.Request.Context = maps.Clone(c.Request.Context)
		keys := slices.Sorted(maps.Keys(c.Request.Context))
		m.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		for _, k := range keys[:min(4, len(keys))] {
			dark.Request.Context[k] = nil
		}
		a, b := read(t, &c, false), read(t, &dark, false)
		known, before := a.Policies.Decide(&a.Call), b.Policies.Decide(&b.Call)
		switch {
		case before.Outcome == access.Unknown:
			unknown++
			if len(before.Unknown) == 0 {
				t.Fatalf("unknown, and nobody knows why: %+v", c)
			}
		case (before.Outcome == access.Allowed) != (known.Outcome == access.Allowed):
			t.Fatalf("%s without knowing, but %s when it is known: %+v", before.Outcome, known.Outcome, c)
		}
	}
	if unknown < 50 {
		t.Errorf("only %d of 3000 hang on what is not known", unknown)
	}
}

// BenchmarkDecide is one decision over random cases whose policies were read before, of one core: in turn over as many sets of policies
// as the processor's memory holds, and over many more.
func BenchmarkDecide(b *testing.B) {
	for _, sets := range []int{50, 2000} {
		b.Run(fmt.Sprintf("%d-sets", sets), func(b *testing.B) {
			list := randomly(sets, 1)
			all := make([]*cases.Case, len(list))
			for i := range list {
				all[i] = read(b, &list[i], false)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				c := all[i%len(all)]
				c.Policies.Decide(&c.Call)
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
		})
	}
}
