package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
)

// BenchmarkUpdate is what a room does for each finding: a row and what must happen next, in one transaction that is on the
// disk when it returns.
func BenchmarkUpdate(b *testing.B) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": fresh, "postgres": testpg.Start} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), fresh(b))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				err := s.Update(b.Context(), func(tx *store.Tx) error {
					f := finding.Finding{Fingerprint: finding.Fingerprint(fmt.Sprint(i)), Severity: finding.High, Detected: began}
					if err := tx.SaveFinding(b.Context(), f); err != nil {
						return err
					}
					return tx.Enqueue(b.Context(), "triage", string(f.Fingerprint), time.Time{})
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
