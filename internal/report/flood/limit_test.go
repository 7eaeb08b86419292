package flood_test

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/report/flood"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func takes(l *flood.Limit, source string, n int, at time.Time) (taken int) {
	for range n {
		if l.Take(source, at) == 0 {
			taken++
		}
	}
	return taken
}

// TestOneSourceDoesNotKeepOthersOut, and many together are bounded.
func TestOneSourceDoesNotKeepOthersOut(t *testing.T) {
	l := flood.New(flood.Rate{Hour: 5}, flood.Rate{Hour: 30})
	if n := takes(l, "192.0.2.1", 1000, now); n != 5 {
		t.Errorf("%d of one source", n)
	}
	if n := takes(l, "192.0.2.2", 1, now); n != 1 {
		t.Error("another source is kept out")
	}
	n := 0
	for i := range 200 {
		n += takes(l, fmt.Sprint("198.51.100.", i), 1, now)
	}
	if n != 24 {
		t.Errorf("%d of many sources, and 6 before them: want 30 in all", n)
	}
	if w := l.Take("203.0.113.9", now); w <= 0 || w > 2*time.Minute {
		t.Errorf("wait %s: of 30 an hour one is free every two minutes", w)
	}
	if n := takes(l, "203.0.113.9", 1, now.Add(2*time.Minute)); n != 1 {
		t.Error("nothing is free after two minutes")
	}
}

// TestWhoIsRefusedSpendsNothing of what all have together.
func TestWhoIsRefusedSpendsNothing(t *testing.T) {
	l := flood.New(flood.Rate{Hour: 1}, flood.Rate{Hour: 3})
	takes(l, "a", 500, now)
	if takes(l, "b", 1, now)+takes(l, "c", 1, now) != 2 {
		t.Error("refused ones were counted for all")
	}
}

// TestNothingGrows keeps to so many sources.
func TestNothingGrows(t *testing.T) {
	l := flood.New(flood.Rate{Hour: 1}, flood.Rate{})
	for i := range 50_000 {
		l.Take(fmt.Sprint("address-", i), now)
	}
	if n := l.Sources(); n != 10_000 {
		t.Errorf("%d sources are remembered", n)
	}
	l.Take("x", now.Add(24*time.Hour))
	if n := l.Sources(); n != 1 {
		t.Errorf("%d sources are remembered into the next day", n)
	}
}
