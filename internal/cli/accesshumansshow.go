package cli

import (
	"strconv"
	"strings"

	"jobzero/internal/access/ledger"
	"jobzero/internal/org/burndown"
)

func (s *shell) showHumans(all burndown.Count, by burndown.By, form format) error {
	lines, err := all.Group(by)
	if err != nil {
		return err
	}
	if form == formatJSON {
		return list(s, lines)
	}
	if len(lines) == 0 {
		s.complain("nobody came, as far as the ledger knows")
		return nil
	}
	t := table{columns: []column{
		{name: strings.ToUpper(string(by)), give: 1},
		{name: "PEOPLE"},
		{name: "DAYS"},
		{name: "SESSIONS"},
		{name: "CONSOLE"},
		{name: "SHELLS"},
		{name: "READS"},
		{name: "WRITES"},
		{name: "REFUSED", colour: oddIfAny},
	}}
	for _, l := range lines {
		cells := []string{l.Name}
		for _, n := range []int{l.People, l.Days, l.Sessions, l.Console, l.Shells, l.Reads, l.Writes, l.Refused} {
			cells = append(cells, count(int64(n)))
		}
		t.add(cells...)
	}
	return t.write(s.out)
}

func (s *shell) showProgress(all []burndown.Progress, form format) error {
	over := 0
	for _, p := range all {
		if !p.Met() {
			over++
		}
	}
	s.complain("%s over the goal, of %d", plural(over, "team"), len(all))
	if form == formatJSON {
		return list(s, all)
	}
	t := table{columns: []column{
		{name: "TEAM", give: 1},
		{name: "PER"},
		{name: "FROM"},
		{name: "TO"},
		{name: "SESSIONS"},
		{name: "GOAL"},
		{name: "OVER", colour: oddIfOver},
		{name: "TREND"},
		{name: "READS"},
		{name: "GOAL"},
		{name: "OVER", colour: oddIfOver},
		{name: "TREND"},
		{name: "SHELLS"},
		{name: "ENDS"},
	}}
	for _, p := range all {
		last := p.Last
		if p.Part {
			last += " (part)"
		}
		cells := []string{p.Team, string(p.Per), p.First, last}
		for _, f := range []burndown.Figure{p.Sessions, p.Reads} {
			cells = append(cells, count(int64(f.Actual)), number(f.Goal), signed(f.Over), signed(f.Trend))
		}
		t.add(append(cells, count(int64(p.Shells)), dash(p.End))...)
	}
	return t.write(s.out)
}

// number is a number, or a dash where there is none.
func number(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}

// signed is a number with its sign, or a dash where there is none.
func signed(n *int) string {
	if n == nil || *n <= 0 {
		return number(n)
	}
	return "+" + strconv.Itoa(*n)
}

// oddIfOver marks what is above a goal.
func oddIfOver(cell string) string {
	if strings.HasPrefix(cell, "+") {
		return "31"
	}
	return ""
}

// humansByDay is the list as it is without --by: who did what to data on which day.
func (s *shell) humansByDay(v ledger.View, form format) error {
	people, others := v.Humans()
	if form == formatJSON {
		if err := list(s, people); err != nil {
			return err
		}
	} else if len(people) > 0 {
		t := table{columns: []column{
			{name: "DAY"},
			{name: "WHO", give: 1},
			{name: "HOW SURE"},
			{name: "READS"},
			{name: "WRITES"},
			{name: "REFUSED", colour: oddIfAny},
			{name: "CONSOLE"},
			{name: "RESOURCES"},
			{name: "SERVICES", give: 2},
		}}
		for _, h := range people {
			t.add(dash(h.Day), behindWhom(h.Root), string(h.Root.Strength), count(int64(h.Reads)), count(int64(h.Writes)), count(int64(h.Refused)), count(int64(h.Console)),
				count(int64(h.Resources)), strings.Join(h.Services, ", "))
		}
		if err := t.write(s.out); err != nil {
			return err
		}
	}
	roots := map[string]bool{}
	for _, h := range people {
		roots[h.Root.ID] = true
	}
	s.complain("People who touched data: %s. Uses by nobody knows whom: %s", count(int64(len(roots))), count(int64(others)))
	return nil
}
