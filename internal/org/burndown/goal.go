package burndown

import (
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/org"
)

// Goal is how much of people's access a team may still have: so much at the start, so much by the end, and in between on the straight line.
type Goal struct {
	Team     string  `yaml:"team"`
	Per      Period  `yaml:"per"`   // day or week
	Start    org.Day `yaml:"start"` // the first day
	End      org.Day `yaml:"end"`   // the day on which the last number has to be met
	Sessions *Fall   `yaml:"sessions"`
	Reads    *Fall   `yaml:"reads"`
}

// Fall is a number that falls.
type Fall struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// Period is what is counted together.
type Period string

// The periods.
const (
	Daily  Period = "day"
	Weekly Period = "week"
)

// days is how many days a period has.
func (p Period) days() int {
	if p == Weekly {
		return 7
	}
	return 1
}

// At is the number on a day: From until the start, To from the end on. Halves are rounded down, for less is the goal.
func (f Fall) At(start, end, day time.Time) int {
	switch {
	case !day.After(start):
		return f.From
	case !day.Before(end):
		return f.To
	}
	gone, whole := day.Sub(start).Hours(), end.Sub(start).Hours()
	return f.From - int(float64(f.From-f.To)*gone/whole+0.5)
}

// Goals is the content of one file. It is immutable once parsed.
type Goals struct {
	Goals []Goal `yaml:"goals"`
}

// ParseGoals reads and checks the text of goals. Every mistake has file:line:column.
func ParseGoals(name string, data []byte) (*Goals, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	out := &Goals{}
	if err := doc.Decode(name, data, out); err != nil {
		return nil, err
	}
	if len(out.Goals) == 0 {
		return nil, fault.New(fault.Invalid, "%s:1:1: there are no goals: want a list `goals`, with team, per, start, end, and sessions or reads", name)
	}
	seen := map[string]bool{}
	for i, g := range out.Goals {
		n := nodes[0].Get("goals").Items[i]
		if err := g.check(n); err != nil {
			return nil, err
		}
		if seen[g.Team] {
			return nil, n.Errorf("team %s has two goals: want one", g.Team)
		}
		seen[g.Team] = true
	}
	return out, nil
}

func (g Goal) check(n *doc.Node) error {
	switch {
	case g.Team == "":
		return n.Errorf("a goal without a team")
	case g.Per != Daily && g.Per != Weekly:
		return n.Errorf("per %q: want day or week", g.Per)
	case g.Start.IsZero() || g.End.IsZero():
		return n.Errorf("the goal of %s wants a start and an end, as 2026-12-31", g.Team)
	case !g.Start.End().Before(g.End.End()):
		return n.Errorf("the goal of %s ends on %s, which is not after its start", g.Team, g.End)
	case g.Sessions == nil && g.Reads == nil:
		return n.Errorf("the goal of %s says nothing: want sessions or reads, such as {from: 40, to: 0}", g.Team)
	}
	for what, f := range map[string]*Fall{"sessions": g.Sessions, "reads": g.Reads} {
		if f != nil && (f.To < 0 || f.From < f.To) {
			return n.Get(what).Errorf("%s from %d to %d: a goal falls, and not below 0", what, f.From, f.To)
		}
	}
	return nil
}

// Check names the teams that the organisation does not have: a goal for nobody is met by nobody.
func (g *Goals) Check(name string, o *org.Org) error {
	if o == nil {
		return nil
	}
	for _, x := range g.Goals {
		if _, ok := o.Owner(x.Team, ""); !ok && x.Team != Unknown {
			return fault.New(fault.Invalid, "%s: team %q is not in the organisation's file: mend the name, or add the team there", name, x.Team)
		}
	}
	return nil
}
