package oncall

import (
	"sync"
	"time"

	"jobzero/internal/org/freeze"
)

// almanac remembers what calendars have, year by year: reckoning how an event repeats takes longer than all else here.
type almanac struct {
	calendars []*freeze.Calendar

	mu    sync.Mutex
	years map[int][]freeze.Freeze
}

func (a *almanac) add(c *freeze.Calendar) {
	if c != nil {
		a.calendars = append(a.calendars, c)
	}
}

func (a *almanac) empty() bool { return len(a.calendars) == 0 }

// maxYears bounds what is remembered; whoever asks about more years than that waits longer.
const maxYears = 64

// year gives the events of a year in UTC, and those that reach into it.
func (a *almanac) year(y int) []freeze.Freeze {
	a.mu.Lock()
	defer a.mu.Unlock()
	if known, ok := a.years[y]; ok {
		return known
	}
	if a.years == nil || len(a.years) >= maxYears {
		a.years = map[int][]freeze.Freeze{}
	}
	from := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	out := freeze.Join(a.calendars...).Between(from, from.AddDate(1, 0, 0))
	a.years[y] = out
	return out
}

// on gives the first event that overlaps a time.
func (a *almanac) on(from, until time.Time) (freeze.Freeze, bool) {
	if a.empty() {
		return freeze.Freeze{}, false
	}
	for y := from.UTC().Year(); y <= until.UTC().Year(); y++ {
		for _, e := range a.year(y) {
			if e.From.Before(until) && from.Before(e.Until) {
				return e, true
			}
		}
	}
	return freeze.Freeze{}, false
}
