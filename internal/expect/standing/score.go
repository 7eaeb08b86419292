package standing

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Count is how many resources came to what.
type Count struct {
	Pass    int `json:"pass"`
	Fail    int `json:"fail"`
	Unknown int `json:"unknown"`
	Waived  int `json:"waived"`
}

// All is how many were judged.
func (c Count) All() int { return c.Pass + c.Fail + c.Unknown + c.Waived }

// Share is the part that passes of all that were judged, 0 to 1. What is not known is not passed, and neither is what is waived.
// ok is false when nothing was judged.
func (c Count) Share() (share float64, ok bool) {
	if c.All() == 0 {
		return 0, false
	}
	return float64(c.Pass) / float64(c.All()), true
}

// Plus is the sum.
func (c Count) Plus(o Count) Count {
	return Count{c.Pass + o.Pass, c.Fail + o.Fail, c.Unknown + o.Unknown, c.Waived + o.Waived}
}

// Group is what a count is of. Empty parts stand for all.
type Group struct {
	Expectation string `json:"expectation,omitempty"`
	Account     string `json:"account,omitempty"`
	Team        string `json:"team,omitempty"`
}

// Compare orders groups by expectation, account and team.
func (g Group) Compare(o Group) int {
	return cmp.Or(cmp.Compare(g.Expectation, o.Expectation), cmp.Compare(g.Account, o.Account), cmp.Compare(g.Team, o.Team))
}

// Score is the count of a group on a day.
type Score struct {
	Group
	Day time.Time // its first instant, UTC
	Count
}

// Day is the day on which t falls, in UTC.
func Day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Fold adds rows up. It holds one count for each expectation and team of the account that it is given, so that its size does not
// follow the number of resources. The zero value is ready.
type Fold struct {
	counts map[Group]Count
}

// Add counts a row.
func (f *Fold) Add(r Row) {
	if f.counts == nil {
		f.counts = map[Group]Count{}
	}
	one := func(id string, c Count) {
		g := Group{id, r.Account, r.Owner}
		f.counts[g] = f.counts[g].Plus(c)
	}
	for _, id := range r.Passing {
		one(id, Count{Pass: 1})
	}
	for _, id := range r.Failing {
		one(id, Count{Fail: 1})
	}
	for _, id := range r.Unknown {
		one(id, Count{Unknown: 1})
	}
	for _, w := range r.Waived {
		one(w.Expectation, Count{Waived: 1})
	}
}

// Scores are the sums, in order.
func (f *Fold) Scores(day time.Time) []Score {
	out := make([]Score, 0, len(f.counts))
	for _, g := range slices.SortedFunc(maps.Keys(f.counts), Group.Compare) {
		out = append(out, Score{g, day, f.counts[g]})
	}
	return out
}
