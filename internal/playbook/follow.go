package playbook

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/playbook/book"
)

// It is looked at what goes on by itself once in a tenth of the time that it has taken, within these bounds: each look is a call.
const followSoon, followLate = 10 * time.Second, 5 * time.Minute

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
		pause := min(max(d.now().Sub(s.Began)/10, followSoon), followLate)
		return next{again: sooner(d.now().Add(pause), deadline(n, s))}, nil
	case c.Holds:
		return d.end(ctx, k, n, outcome{state: StepDone, text: c.Text, output: c.Output})
	default:
		return d.end(ctx, k, n, outcome{state: StepFailed, text: c.Text, output: c.Output})
	}
}
