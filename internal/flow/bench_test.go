package flow_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jobzero/internal/flow"
)

// BenchmarkLatency is the way from a commit to the handler and, beside it, to the work being settled: one thing at a time, with
// the embedded bus and SQLite, each step synced to the disk.
func BenchmarkLatency(b *testing.B) {
	p := embedded(b)
	begun := make(chan time.Time, 1)
	e, err := flow.New(flow.Options{Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{
		flow.Into("count", "things", func(context.Context, string) (time.Time, error) {
			begun <- time.Now()
			return time.Time{}, nil
		}),
	}})
	if err != nil {
		b.Fatal(err)
	}
	p.OnWork(e.Poke)
	if err := e.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		if err := p.Enqueue("count", fmt.Sprint(i), time.Time{}); err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		took = append(took, max(0, (<-begun).Sub(committed)))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	if err := e.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkThroughput is a backlog of things, four workers.
func BenchmarkThroughput(b *testing.B) {
	p := embedded(b)
	begun := make(chan struct{}, 1)
	e, err := flow.New(flow.Options{Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{
		flow.Into("count", "things", func(context.Context, string) (time.Time, error) {
			begun <- struct{}{}
			return time.Time{}, nil
		}),
	}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		if err := p.Enqueue("count", fmt.Sprint(i), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	if err := e.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	for range b.N {
		<-begun
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "things/s")
	if err := e.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}
