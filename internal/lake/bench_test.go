package lake_test

import (
	"testing"

	"jobzero/internal/lake"
)

func BenchmarkWriter(b *testing.B) {
	rows := made(b, 3000)
	b.ReportAllocs()
	for b.Loop() {
		w, err := lake.New(b.TempDir(), lake.Options{Memory: 1 << 20})
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rows {
			if err := w.Add(b.Context(), r); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := w.Finish(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
}
