package oncall

import (
	"sync"
	"time"
)

// feasts remembers, year by year, which shifts of a site are on holidays: the how manieth of its year each is.
type feasts struct {
	mu    sync.Mutex
	years map[int]map[int64]int
}

// holiday reports whether a shift is on a holiday of its site, and the how manieth of its year it is.
func (c *circle) holiday(s *site, n int64) (year, j int, is bool) {
	if s.holidays.empty() {
		return 0, 0, false
	}
	year = c.begins(s, n).Year()
	s.feasts.mu.Lock()
	defer s.feasts.mu.Unlock()
	known, ok := s.feasts.years[year]
	if !ok {
		if s.feasts.years == nil || len(s.feasts.years) >= maxYears {
			s.feasts.years = map[int]map[int64]int{}
		}
		known = c.feastsOf(s, year)
		s.feasts.years[year] = known
	}
	j, is = known[n]
	return year, j, is
}

// feastsOf numbers the shifts of a year that a holiday overlaps.
func (c *circle) feastsOf(s *site, year int) map[int64]int {
	out := map[int64]int{}
	for _, e := range s.holidays.year(year) {
		for n := c.number(s, e.From.Add(-s.Lasts)) + 1; n <= c.number(s, e.Until.Add(-time.Nanosecond)); n++ {
			if _, twice := out[n]; !twice && c.begins(s, n).Year() == year {
				out[n] = len(out)
			}
		}
	}
	return out
}
