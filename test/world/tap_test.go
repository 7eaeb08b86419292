package world

import (
	"testing"
	"time"
)

func TestBusyCountsWhatOverlapsOnce(t *testing.T) {
	zero := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	span := func(from, to int) Span {
		return Span{Begin: zero.Add(time.Duration(from) * time.Millisecond), End: zero.Add(time.Duration(to) * time.Millisecond)}
	}
	tap := &Tap{spans: []Span{span(50, 70), span(0, 10), span(5, 20), span(6, 8), span(90, 120), span(200, 300)}}
	for name, c := range map[string]struct {
		from, to int
		calls    int
		busy     time.Duration
	}{
		"everything":      {0, 1000, 6, 170 * time.Millisecond},
		"cut to the span": {15, 100, 3, 35 * time.Millisecond},
		"nothing":         {20, 50, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := span(c.from, c.to)
			got := tap.Within(w.Begin, w.End)
			if len(got) != c.calls || Busy(got) != c.busy {
				t.Errorf("got %d calls and %s, want %d and %s", len(got), Busy(got), c.calls, c.busy)
			}
		})
	}
}
