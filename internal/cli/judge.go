package cli

import (
	"context"
	"runtime"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// The size of a batch. Bytes count too: a hundred records of a megabyte must not stand in memory several times over.
const (
	batchEvents = 128
	batchBytes  = 2 << 20
)

// hit is one rule that fired on one event.
type hit struct {
	event *event.Event
	match detect.Match
}

// judge spreads events over the processors and gives the hits back in the order of the events.
type judge struct {
	engine detect.Engine
	take   func([]hit) error // called by one goroutine
	cancel context.CancelFunc
	failed error // of take; the others only look after finish

	batch []*event.Event
	bytes int
	work  chan batch
	order chan batch
	all   sync.WaitGroup
}

type batch struct {
	events []*event.Event
	done   chan []hit
}

// newJudge starts the workers; finish ends them. When take returns an error, the context that is given back ends, so that the
// reading stops too.
func newJudge(ctx context.Context, engine detect.Engine, take func([]hit) error) (*judge, context.Context) {
	n := runtime.GOMAXPROCS(0)
	ctx, cancel := context.WithCancel(ctx)
	j := &judge{engine: engine, take: take, cancel: cancel, work: make(chan batch, n), order: make(chan batch, 2*n)}
	for range n {
		j.all.Go(func() {
			for b := range j.work {
				b.done <- j.hits(b.events)
			}
		})
	}
	j.all.Go(func() {
		for b := range j.order {
			if hits := <-b.done; j.failed == nil {
				j.failed = j.take(hits)
			}
			if j.failed != nil {
				j.cancel()
			}
		}
	})
	return j, ctx
}

func (j *judge) hits(events []*event.Event) (out []hit) {
	for _, e := range events {
		for _, m := range j.engine.Detect(e.Record()) {
			out = append(out, hit{e, m})
		}
	}
	return out
}

// add takes one event. It waits when the workers have enough to do, so that memory stays bounded.
func (j *judge) add(e *event.Event) {
	j.batch = append(j.batch, e)
	j.bytes += len(e.Raw)
	if len(j.batch) >= batchEvents || j.bytes >= batchBytes {
		j.flush()
	}
}

func (j *judge) flush() {
	if len(j.batch) == 0 {
		return
	}
	b := batch{j.batch, make(chan []hit, 1)}
	j.batch, j.bytes = nil, 0
	j.work <- b
	j.order <- b
}

// finish judges what is left, waits for everybody and gives the error of take.
func (j *judge) finish() error {
	j.flush()
	close(j.work)
	close(j.order)
	j.all.Wait()
	j.cancel()
	return j.failed
}
