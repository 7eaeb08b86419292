package flow

import (
	"context"
)

// Queue is the bounded hand-over between two stream legs of one process. A full queue makes the giver wait, so that memory
// stays bounded. It is never closed: both sides end with their context.
type Queue[T any] struct{ ch chan T }

// NewQueue makes a queue for size things.
func NewQueue[T any](size int) *Queue[T] { return &Queue[T]{ch: make(chan T, size)} }

// Put hands one thing over, waiting while the queue is full.
func (q *Queue[T]) Put(ctx context.Context, v T) error {
	select {
	case q.ch <- v:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Take waits for the next thing.
func (q *Queue[T]) Take(ctx context.Context) (T, error) {
	select {
	case v := <-q.ch:
		return v, nil
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// Waiting is how many things are in the queue.
func (q *Queue[T]) Waiting() int { return len(q.ch) }
