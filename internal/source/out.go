package source

import (
	"context"
	"time"

	"jobzero/internal/event"
)

// Out is where a live source hands over what it read. Its functions return when the hand-over is committed; an error leaves
// the message with its queue.
type Out struct {
	Events  func(context.Context, []*event.Event) error
	Reports func(context.Context, []Report) error // of other tools; nil: they are skipped
	Dead    func(context.Context, DeadLetter) error
	Skipped func(name string) // what is no record at all, by name; may be nil
	Now     func() time.Time  // for the time of a dead letter
}

// Bury hands over a dead letter made of the bytes.
func (o Out) Bury(ctx context.Context, origin event.Origin, reason string, b []byte) error {
	return o.Dead(ctx, DeadLetter{Origin: origin, Reason: reason, Bytes: Clip(b), Size: int64(len(b)), At: o.Now()})
}

// Skip counts what is no record at all.
func (o Out) Skip(name string) {
	if o.Skipped != nil {
		o.Skipped(name)
	}
}

// Other is the error for something well formed that is no record of this source: to be counted by name, not repaired.
type Other struct{ Name string }

// Error names it.
func (o *Other) Error() string { return "nothing for this source: " + o.Name }
