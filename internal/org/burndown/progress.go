package burndown

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Figure is one number of a team in one period, against its goal.
type Figure struct {
	Actual int  `json:"actual"`
	Goal   *int `json:"goal"`   // nil: the team has none
	Over   *int `json:"over"`   // actual less goal: below zero is under it; nil without a goal
	Before *int `json:"before"` // the period before; nil where the ledger does not have all of it
	Trend  *int `json:"trend"`  // actual less before
}

// Progress is where a team stands.
type Progress struct {
	Team     string `json:"team"`
	Per      Period `json:"per"`
	First    string `json:"first"` // day of the period
	Last     string `json:"last"`
	Sessions Figure `json:"sessions"`
	Reads    Figure `json:"reads"`
	Shells   int    `json:"shells"`
	End      string `json:"end,omitempty"` // of the goal
	// Part says that the ledger does not have all of the period: the number may still grow.
	Part bool `json:"part,omitempty"`
}

// Met reports whether no number is over its goal. A team without a goal has nothing to meet.
func (p Progress) Met() bool {
	return (p.Sessions.Over == nil || *p.Sessions.Over <= 0) && (p.Reads.Over == nil || *p.Reads.Over <= 0)
}

// Against holds the last period of a count, that which ends on a day, against goals: every team that has a goal or that people came
// to, the furthest over its goal first. A team without a goal is counted by week.
func (c Count) Against(g *Goals, last time.Time) []Progress {
	goals := map[string]Goal{}
	for _, x := range g.Goals {
		goals[x.Team] = x
	}
	teams := map[string]bool{}
	for name := range goals {
		teams[name] = true
	}
	for _, cell := range c.Cells {
		teams[cell.Team] = true
	}
	out := make([]Progress, 0, len(teams))
	for name := range teams {
		out = append(out, c.progress(name, goals[name], last))
	}
	slices.SortFunc(out, func(a, b Progress) int { return cmp.Or(b.over()-a.over(), strings.Compare(a.Team, b.Team)) })
	return out
}

func (p Progress) over() (n int) {
	for _, f := range []Figure{p.Sessions, p.Reads} {
		if f.Over != nil {
			n += max(*f.Over, 0)
		}
	}
	return n
}

func (c Count) progress(team string, g Goal, last time.Time) Progress {
	if g.Per == "" {
		g.Per = Weekly
	}
	first := last.AddDate(0, 0, 1-g.Per.days())
	now, before := c.between(team, first, last), c.between(team, first.AddDate(0, 0, -g.Per.days()), first.AddDate(0, 0, -1))
	whole := !c.First.IsZero() && !c.First.After(first.AddDate(0, 0, -g.Per.days()))
	p := Progress{Team: team, Per: g.Per, First: first.Format(time.DateOnly), Last: last.Format(time.DateOnly), Shells: now.Shells, End: g.End.String()}
	p.Part = c.First.IsZero() || c.First.After(first) || c.Last.Before(last)
	p.Sessions, p.Reads = figure(now.Sessions, g, g.Sessions, last), figure(now.Reads, g, g.Reads, last)
	if whole {
		p.Sessions.against(before.Sessions)
		p.Reads.against(before.Reads)
	}
	return p
}

func figure(now int, g Goal, f *Fall, last time.Time) Figure {
	out := Figure{Actual: now}
	if f != nil {
		goal := f.At(g.Start.End().AddDate(0, 0, -1), g.End.End().AddDate(0, 0, -1), last)
		out.Goal, out.Over = &goal, new(now-goal)
	}
	return out
}

// against notes the period before.
func (f *Figure) against(before int) { f.Before, f.Trend = &before, new(f.Actual-before) }

// between adds up the days of a team from the first to the last, both included.
func (c Count) between(team string, first, last time.Time) (s Sums) {
	for _, cell := range c.Cells {
		if cell.Team == team && !cell.Day.Before(first) && !cell.Day.After(last) {
			s.add(cell.Sums)
		}
	}
	return s
}
