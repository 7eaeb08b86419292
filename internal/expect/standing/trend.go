package standing

import (
	"maps"
	"slices"
	"time"
)

// Trend is what a group comes to now and came to before.
type Trend struct {
	Group
	Day time.Time `json:"day"` // of Now
	Now Count     `json:"now"`
	// Of the last day that was counted at least a week, or 30 days, before; nil when there is none.
	Week  *Count `json:"week,omitempty"`
	Month *Count `json:"month,omitempty"`
	Days  []Past `json:"days"` // all that were asked for, the oldest first
}

// Past is what a group came to on a day.
type Past struct {
	Day time.Time `json:"day"`
	Count
}

// Share is the part that passes now.
func (t Trend) Share() float64 { share, _ := t.Now.Share(); return share }

// By says what scores are told apart by.
type By struct{ Expectation, Account, Team bool }

// of is the group that a score belongs to.
func (b By) of(g Group) Group {
	if !b.Expectation {
		g.Expectation = ""
	}
	if !b.Account {
		g.Account = ""
	}
	if !b.Team {
		g.Team = ""
	}
	return g
}

// Trends adds scores up by group and day. Its size follows what it gives, not the scores. Make it with NewTrends.
type Trends struct {
	by   By
	days map[Group]map[time.Time]Count
}

// NewTrends adds up by what is asked for.
func NewTrends(by By) *Trends { return &Trends{by, map[Group]map[time.Time]Count{}} }

// Add takes a score in.
func (t *Trends) Add(s Score) {
	g := t.by.of(s.Group)
	if t.days[g] == nil {
		t.days[g] = map[time.Time]Count{}
	}
	t.days[g][s.Day] = t.days[g][s.Day].Plus(s.Count)
}

// All gives the trends of groups that have something on the last day that anything was counted, in order. Days before since are
// compared with, and not given.
func (t *Trends) All(since time.Time) []Trend {
	var last time.Time
	for _, days := range t.days {
		for d := range days {
			if d.After(last) {
				last = d
			}
		}
	}
	var out []Trend
	for _, g := range slices.SortedFunc(maps.Keys(t.days), Group.Compare) {
		days := t.days[g]
		now, ok := days[last]
		if !ok {
			continue // none of it is left
		}
		x := Trend{Group: g, Day: last, Now: now, Week: before(days, last, 7), Month: before(days, last, 30)}
		for _, d := range slices.SortedFunc(maps.Keys(days), time.Time.Compare) {
			if !d.Before(since) {
				x.Days = append(x.Days, Past{d, days[d]})
			}
		}
		out = append(out, x)
	}
	return out
}

// Slack is how many days before the one that is asked for stand in for it: jobzero may not have run then.
const Slack = 5

func before(days map[time.Time]Count, last time.Time, ago int) *Count {
	for n := range Slack + 1 {
		if c, ok := days[last.AddDate(0, 0, -ago-n)]; ok {
			return &c
		}
	}
	return nil
}
