package flow

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff is how long to wait after failures: Base doubled for each failure before, at most Cap, a quarter more or less.
type Backoff struct {
	Base time.Duration // 1 second when 0
	Cap  time.Duration // 5 minutes when 0
}

func (b Backoff) fill() Backoff {
	if b.Base <= 0 {
		b.Base = time.Second
	}
	if b.Cap <= 0 {
		b.Cap = 5 * time.Minute
	}
	return b
}

// After is the wait after that many failures before this one.
func (b Backoff) After(failures int) time.Duration {
	d := b.Base
	for range failures {
		if d >= b.Cap/2 { // before it grows too large for a number
			d = b.Cap
			break
		}
		d *= 2
	}
	d = min(d, b.Cap)
	return d*3/4 + rand.N(d/2+1) //nolint:gosec // jitter is no secret
}

// pause waits, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
