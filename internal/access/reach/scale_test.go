package reach_test

import (
	"runtime"
	"testing"
	"time"

	"jobzero/internal/access/reach"
	"jobzero/test/genestate"
)

// BenchmarkRadius measures how far credentials of an organisation of 1,000 accounts, 100,000 principals and 1,000,000 resources reach: of one that gets everywhere,
// and of one that gets along a ring of accounts.
func BenchmarkRadius(b *testing.B) {
	begun := time.Now()
	e, err := genestate.Estate(b.Context(), genestate.Large())
	if err != nil {
		b.Fatal(err)
	}
	made := time.Since(begun)
	begun = time.Now()
	g := reach.New(e, reach.Options{})
	indexed := time.Since(begun)
	for name, who := range map[string]string{
		"everywhere": arn(genestate.Account(0), "user/ops"), "ring": arn(genestate.Account(500), "role/next"), "user": arn(genestate.Account(500), "user/user-3"),
		"ci": arn(genestate.Account(500), "role/ci"),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := g.Radius(who)
				if err != nil || r.Cut {
					b.Fatal(err, r.Cut)
				}
				b.ReportMetric(float64(len(r.Principals)), "principals")
				b.ReportMetric(float64(r.Score), "score")
			}
		})
	}
	b.Run("everybody", func(b *testing.B) {
		for b.Loop() {
			o := reach.New(e, reach.Options{}).Overview(3)
			b.ReportMetric(float64(len(o.Climbers)), "climbers")
			if o.Cut {
				b.Log("cut off")
			}
		}
	})
	b.Run("reached-by", func(b *testing.B) {
		for b.Loop() {
			all, cut, err := g.ReachedBy("arn:aws:s3:::bucket-" + genestate.Account(500) + "-10")
			if err != nil || len(all) == 0 {
				b.Fatal(err, cut)
			}
			b.ReportMetric(float64(len(all)), "principals")
		}
	})
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.Logf("made and read in %s, indexed in %s, %d MB of memory taken", made, indexed, m.Sys>>20)
}
