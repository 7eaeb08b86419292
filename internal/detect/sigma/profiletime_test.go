package sigma

import (
	"testing"
	"time"
)

// A few times far above the rest are a thread's that slept; many such are the rule's own.
func TestMeanWithoutSleepers(t *testing.T) {
	for name, c := range map[string]struct {
		usual, far  int
		least, most time.Duration
		timed       int64
	}{
		"none":     {0, 0, 0, 0, 0},
		"plain":    {100, 0, 800 * time.Nanosecond, 800 * time.Nanosecond, 100},
		"one":      {100, 1, 800 * time.Nanosecond, 800 * time.Nanosecond, 100},
		"two":      {100, 2, 800 * time.Nanosecond, 800 * time.Nanosecond, 100},
		"a third":  {100, 50, time.Millisecond, time.Second, 150},
		"only far": {0, 3, 20 * time.Millisecond, 20 * time.Millisecond, 3},
	} {
		var x cost
		for range c.usual {
			x.time(800 * time.Nanosecond)
		}
		for range c.far {
			x.time(20 * time.Millisecond)
		}
		if got, n := x.mean(); got < c.least || got > c.most || n != c.timed {
			t.Errorf("%s: %s of %d", name, got, n)
		}
	}
	var odd cost
	odd.time(-time.Second)
	odd.time(1 << 62)
	if _, n := odd.mean(); n == 0 {
		t.Error("times that cannot be were lost")
	}
}
