package store_test

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/store"
	"jobzero/internal/testpg"
)

// BenchmarkSight is what it costs to write down that a way has brought an event: one a transaction, as EventBridge brings them, and
// 500, as S3 does. The first way makes rows, the second one completes them; zero events are the transaction by itself.
func BenchmarkSight(b *testing.B) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": fresh, "postgres": testpg.Start} {
		for _, size := range []int{0, 1, 500} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				s, err := store.Open(b.Context(), fresh(b))
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = s.Close() }()
				took := map[reconcile.Ways]time.Duration{}
				for n := 0; b.Loop(); n += size {
					for _, way := range []reconcile.Ways{reconcile.Live, reconcile.Stored} {
						began := time.Now()
						err := s.Update(b.Context(), func(tx *store.Tx) error {
							for i := range size {
								x := reconcile.Sight{
									Account: "111122223333", ID: event.ID(fmt.Sprintf("5f1a9f5e-6d0c-4e0b-9a51-%012d", n+i)), Region: "eu-central-1",
									Name: "PutBucketTagging", Ways: way, At: began, Heard: began,
								}
								if err := tx.AddSight(b.Context(), x); err != nil {
									return err
								}
							}
							return nil
						})
						if err != nil {
							b.Fatal(err)
						}
						took[way] += time.Since(began)
					}
				}
				per := float64(b.N * max(size, 1))
				b.ReportMetric(float64(took[reconcile.Live].Microseconds())/per, "first-µs/event")
				b.ReportMetric(float64(took[reconcile.Stored].Microseconds())/per, "second-µs/event")
			})
		}
	}
}
