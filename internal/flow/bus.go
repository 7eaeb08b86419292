package flow

import (
	"context"
	"time"
)

// Bus carries hints between processes. It may lose everything at any moment.
type Bus interface {
	// Publish sends hints and returns those that the bus has taken.
	Publish(ctx context.Context, hints []Hint) ([]Hint, error)
	// Next waits for a hint for the leg; nil means that none came for a while.
	Next(ctx context.Context, leg string) (*Delivery, error)
	// Nudge wakes the leader, which may be another process.
	Nudge()
	// Nudged gets a value when somebody nudged.
	Nudged() <-chan struct{}
	// Ping finds out whether the bus answers; ctx needs a deadline.
	Ping(ctx context.Context) error
	// Clear throws all hints away.
	Clear(ctx context.Context) error
	// Close ends the connection, and the server when it is embedded.
	Close() error
}

// Delivery is a hint in a worker's hands.
type Delivery struct {
	Hint
	Ack  func() error                    // the row has been asked: the hint is spent
	Hold func() error                    // still at it: do not deliver it again yet
	Back func(after time.Duration) error // could not ask the row: deliver it again
}
