package playbook

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/playbook/book"
)

// followPause is how long it is waited between two looks at what goes on by itself: it takes minutes, and each look is a call.
const followPause = 10 * time.Second

// followMost is how long that is done where a step does not say itself when it has failed.
const followMost = 24 * time.Hour

// follow looks once how far it is what a step has begun. It holds up no other step that may go on.
func (d *Director) follow(ctx context.Context, k desk, n *book.Node) (next, error) {
	s := k.run.step(n.ID)
	c, err := d.hands.Verify(ctx, *s.Plan)
	if err != nil {
		return next{}, fmt.Errorf("follow step %s: %w", n.ID, err)
	}
	switch {
	case (c.Going || c.Unknown) && !d.now().Before(s.Began.Add(followMost)):
		return d.end(ctx, k, n, outcome{state: StepFailed, text: fmt.Sprintf("nobody saw it end within %s: %s", followMost, c.Text), output: c.Output})
	case c.Going || c.Unknown:
		return next{again: sooner(d.now().Add(followPause), deadline(n, s))}, nil
	case c.Holds:
		return d.end(ctx, k, n, outcome{state: StepDone, text: c.Text, output: c.Output})
	default:
		return d.end(ctx, k, n, outcome{state: StepFailed, text: c.Text, output: c.Output})
	}
}
