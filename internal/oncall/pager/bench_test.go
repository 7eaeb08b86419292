package pager_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// timers is how many pages are due in one minute.
const timers = 10_000

// BenchmarkTimers is how late 10,000 pages are passed on that are due in one minute, at the embedded size: SQLite and the bus in the process,
// each step synced to the disk. A page counts as passed on when its handler is back: the next level is on the disk then, with the call, the
// line on the timeline and the links of the chain.
func BenchmarkTimers(b *testing.B) {
	for b.Loop() {
		late := passAll(b, time.Minute)
		slices.Sort(late)
		b.ReportMetric(float64(late[len(late)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(late[len(late)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(float64(late[len(late)-1].Microseconds())/1000, "worst-ms")
	}
}

// BenchmarkTimersAtOnce is the same when all are due at one instant: how long until the last is passed on.
func BenchmarkTimersAtOnce(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(slices.Max(passAll(b, 0)).Seconds(), "last-s")
	}
}

// passAll has all timers fire within a time, and says how late each did.
func passAll(b *testing.B, within time.Duration) (late []time.Duration) {
	b.Helper()
	ctx := context.Background()
	h := newHouse(b, "sqlite://"+filepath.Join(b.TempDir(), "jobzero.db"))
	defer func() { _ = h.s.Close() }()
	begin := time.Now().Add(10 * time.Second)
	due := fill(b, h, begin, within)
	begun := time.Now()
	if begun.After(begin) {
		b.Fatalf("the pages were not there in time, by %s", begun.Sub(begin))
	}
	bus, err := flow.OpenEmbedded(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = bus.Close() }()
	h.g.Now = func() time.Time { return time.Now().UTC() }
	h.g.Store, h.g.Carrier = pages(h.s), nil
	var (
		mu   sync.Mutex
		seen = map[string]bool{}
		done = make(chan struct{})
	)
	leg := flow.Into(pager.Leg, "tickets", func(ctx context.Context, ref string) (time.Time, error) {
		again, err := h.g.Advance(ctx, ref)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && !seen[ref] {
			seen[ref] = true
			if late = append(late, time.Since(due[ref])); len(late) == timers {
				close(done)
			}
		}
		return again, err
	})
	leg.Workers = pager.Workers
	e, err := flow.New(flow.Options{Book: h.s, Bus: bus, Alone: true, Legs: []flow.Leg{leg}})
	if err != nil {
		b.Fatal(err)
	}
	h.s.OnWork(e.Poke)
	if err := e.Start(ctx); err != nil {
		b.Fatal(err)
	}
	<-done
	if err := e.Stop(ctx); err != nil {
		b.Fatal(err)
	}
	return late
}

// fill puts pages in, each of which was asked about five minutes before it is due.
func fill(b *testing.B, h *house, begin time.Time, within time.Duration) map[string]time.Time {
	b.Helper()
	due := map[string]time.Time{}
	world := escalate.World{Seats: escalate.Seats{Org: h.org, Primary: "ana", Secondary: "bo"}, Quiet: h.policy.Quiet}
	all := make([]int, timers)
	for i := range all {
		all[i] = i
	}
	ctx := b.Context()
	for part := range slices.Chunk(all, 500) {
		h.do(func(tx *store.Tx) error {
			for _, i := range part {
				at := begin.Add(within * time.Duration(i) / timers).UTC().Truncate(time.Microsecond)
				asked := at.Add(-5 * time.Minute)
				id := fmt.Sprintf("%06d", i)
				tk := ticket.Ticket{ID: ticket.ID("T" + id), Subject: id, State: ticket.Investigating, Severity: finding.Critical, Account: "111122223333", Clocks: ticket.Clocks{Opened: asked}}
				c := escalate.CaseOf(tk, nil, "no playbook")
				p, told := escalate.Open(escalate.ID("P"+id), c, h.policy, asked)
				p.Pass(asked, world)
				p.Version = 1
				ref := pager.PageRef(p.ID)
				due[ref] = at
				if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: asked, Actor: "jobzero/oncall", Kind: told.Kind, Text: told.Text}); err != nil {
					return err
				}
				if err := tx.SavePage(ctx, p); err != nil {
					return err
				}
				if err := tx.Enqueue(ctx, pager.Leg, ref, p.Due()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return due
}
