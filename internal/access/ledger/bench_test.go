package ledger_test

import (
	"bytes"
	"testing"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/test/genlogs/cloudlog"
)

// scanned is a sink that keeps records as they were scanned.
type scanned struct{ records []event.Record }

func (s *scanned) Event(e *event.Event) error {
	s.records = append(s.records, *e.Record())
	return nil
}

func (s *scanned) Record(r *event.Record, origin event.Origin) error {
	e, err := file.EventOf(r, origin)
	if err != nil {
		return err
	}
	return s.Event(e)
}
func (s *scanned) DeadLetter(source.DeadLetter) error { return nil }
func (s *scanned) Skipped(string, string)             {}

// records are made-up logs, scanned: what reading costs anybody.
func records(tb testing.TB, n int) []event.Record {
	tb.Helper()
	all := &scanned{}
	for object := range cloudlog.New(cloudlog.Options{Events: n, Seed: 3}).Objects() {
		if _, err := file.Read(tb.Context(), bytes.NewReader(object.JSON), "records.json", file.Options{}, all); err != nil {
			tb.Fatal(err)
		}
	}
	return all.records
}

// BenchmarkFold is the cost of an event beyond reading it: who, what, which resource, and the row that it adds to.
func BenchmarkFold(b *testing.B) {
	all := records(b, 20_000)
	l := ledger.New(ledger.Options{Window: 2})
	b.ReportAllocs()
	b.ResetTimer()
	i := 0
	for b.Loop() {
		l.Add(&all[i%len(all)])
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(l.Size().Rows), "rows")
}
