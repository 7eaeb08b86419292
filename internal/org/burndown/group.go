package burndown

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// By is what sums are made by.
type By string

// What there is.
const (
	ByTeam    By = "team"
	ByPerson  By = "person"
	ByAccount By = "account"
	ByDay     By = "day"
)

// Ways lists them.
func Ways() []By { return []By{ByTeam, ByPerson, ByAccount, ByDay} }

// Line is the sum of one team, person, account or day.
type Line struct {
	Name   string `json:"name"`
	People int    `json:"people"`
	Days   int    `json:"days"` // on which anybody came
	Sums
}

// Group adds up. Days come last first, all else by how much it is, the most first.
func (c Count) Group(by By) ([]Line, error) {
	if !slices.Contains(Ways(), by) {
		return nil, fault.New(fault.Invalid, "by %q: want team, person, account or day", by)
	}
	type sum struct {
		line   Line
		people map[string]bool
		days   map[time.Time]bool
	}
	sums := map[string]*sum{}
	for _, cell := range c.Cells {
		name := cell.name(by)
		s := sums[name]
		if s == nil {
			s = &sum{Line{Name: name}, map[string]bool{}, map[time.Time]bool{}}
			sums[name] = s
		}
		s.line.add(cell.Sums)
		s.people[cell.Person], s.days[cell.Day] = true, true
	}
	out := make([]Line, 0, len(sums))
	for _, s := range sums {
		s.line.People, s.line.Days = len(s.people), len(s.days)
		out = append(out, s.line)
	}
	slices.SortFunc(out, func(a, b Line) int {
		if by == ByDay {
			return strings.Compare(b.Name, a.Name)
		}
		if n := b.Sessions + b.Reads - a.Sessions - a.Reads; n != 0 {
			return n
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

func (c Cell) name(by By) string {
	switch by {
	case ByTeam:
		return c.Team
	case ByPerson:
		return c.Person
	case ByAccount:
		return c.Account
	case ByDay:
	}
	return c.Day.Format(time.DateOnly)
}
