package estate_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/test/genestate"
)

// size is the organisation that is measured: a tenth of a large one, or a large one with JOBZERO_ACCOUNTS=1000.
func size(b *testing.B) genestate.Size {
	b.Helper()
	accounts := 100
	if given := os.Getenv("JOBZERO_ACCOUNTS"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil {
			b.Fatal(err)
		}
		accounts = n
	}
	return genestate.Size{Accounts: accounts, Principals: 100, Resources: 1000}
}

// BenchmarkOrganisation loads an organisation and asks who can: seconds each, and the heap that stays.
func BenchmarkOrganisation(b *testing.B) {
	s := size(b)
	for b.Loop() {
		start := time.Now()
		e, err := genestate.Estate(b.Context(), s)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "load-s")
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MB")
		for name, on := range map[string]string{
			"who-object-s": "arn:aws:s3:::bucket-" + genestate.Account(7) + "-5/a", "who-key-s": "arn:aws:kms:eu-west-1:" + genestate.Account(7) + ":key/key-4", "who-all-s": "*",
		} {
			start := time.Now()
			can, perhaps := e.Who(estate.Question{Action: map[string]string{"who-object-s": "s3:GetObject", "who-key-s": "kms:Decrypt", "who-all-s": "ec2:RunInstances"}[name], Resource: on, Context: policy.Keys{}})
			b.ReportMetric(time.Since(start).Seconds(), name)
			if name == "who-object-s" && len(can)+len(perhaps) == 0 {
				b.Fatal("nobody can read it")
			}
		}
		b.ReportMetric(float64(len(e.Holders())), "principals")
		runtime.KeepAlive(e)
	}
}
