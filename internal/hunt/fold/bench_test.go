package fold_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/hunt/fold"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/test/genlogs/cloudlog"
)

// idle is a part that does nothing with what is read: what reading costs anybody.
type idle struct{ records int }

func (p *idle) Record(*event.Record, event.Origin) error { p.records++; return nil }
func (p *idle) Event(*event.Event) error                 { p.records++; return nil }
func (*idle) DeadLetter(source.DeadLetter) error         { return nil }
func (*idle) Skipped(string, string)                     {}
func (p *idle) Full() bool                               { return p.records >= 8192 }

// spent is the processor time of this process in its own code.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// BenchmarkRun is a whole run over files: the processor time of a run less that of reading the same files and doing nothing with
// them, so that it can be compared on a busy machine. JOBZERO_LOGS names a folder of logs, such as test/genlogs writes; without
// it 100,000 records are made up.
func BenchmarkRun(b *testing.B) {
	dir := os.Getenv("JOBZERO_LOGS")
	if dir == "" {
		dir = b.TempDir()
		if _, err := cloudlog.New(cloudlog.Options{Events: 100_000, Seed: 7, Span: 72 * time.Hour}).Write(dir); err != nil {
			b.Fatal(err)
		}
		dir = filepath.Join(dir, "AWSLogs")
	}
	var events int64
	var reading, folding time.Duration
	var rows int
	for b.Loop() {
		begin := spent(b)
		if _, err := file.Spread(b.Context(), []string{dir}, file.Options{}, func() *idle { return &idle{} }, func(*idle) error { return nil }); err != nil {
			b.Fatal(err)
		}
		middle := spent(b)
		l := ledger.New(ledger.Options{})
		stats, err := fold.Run(b.Context(), file.Paths(dir), fold.Options{Once: true}, l)
		if err != nil {
			b.Fatal(err)
		}
		reading, folding = reading+middle-begin, folding+spent(b)-middle
		events, rows = events+stats.Events, l.Size().Rows
	}
	b.ReportMetric(float64(events)/reading.Seconds(), "read/s/core")
	b.ReportMetric(float64(events)/(folding-reading).Seconds(), "events/s/core")
	b.ReportMetric(float64(rows), "rows")
}
