package cli

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/access/least"
)

// smallerPolicy is a plan for programs.
type smallerPolicy struct {
	Principal string          `json:"principal"`
	Kind      least.Kind      `json:"kind"`
	Holders   []string        `json:"holders"`
	Before    extent          `json:"before"`
	After     extent          `json:"after"`
	Policies  []writtenPolicy `json:"policies"`
	Actions   []granted       `json:"actions"`
	Lost      []string        `json:"allowedElsewhere,omitempty"` // used, and allowed by none of its policies
	Denied    []missed        `json:"denied,omitempty"`           // of what was done and not counted
	Notes     []string        `json:"notes,omitempty"`
	Proved    int             `json:"usesProved"`
}

type extent struct {
	Actions    int `json:"actions"`
	Statements int `json:"statements"`
	Policies   int `json:"policies"`
	Characters int `json:"characters"`
}

type writtenPolicy struct {
	Name   string          `json:"name"`
	Size   int             `json:"size"`
	Policy json.RawMessage `json:"policy"`
}

type granted struct {
	Action string       `json:"action"`
	Level  string       `json:"level"`
	Reason least.Reason `json:"reason"`
	Why    string       `json:"why,omitempty"`
	Stays  bool         `json:"stays"`
	Count  int          `json:"count,omitempty"`
	Last   *time.Time   `json:"last,omitempty"`
}

// missed is a call that a change would refuse.
type missed struct {
	Principal string `json:"principal"`
	Action    string `json:"action"`
	Resource  string `json:"resource,omitempty"` // empty: not known
	Day       string `json:"day"`
	Count     int    `json:"count"`
	Perhaps   bool   `json:"perhaps,omitempty"`
	Because   string `json:"because,omitempty"`
}

func smaller(p *least.Plan, past *least.Replayed) smallerPolicy {
	x := smallerPolicy{
		Principal: p.Subject.Principal, Kind: p.Subject.Kind, Holders: p.Subject.Holders, Before: extent(p.Before), After: extent(p.After), Policies: []writtenPolicy{},
		Lost: p.Lost, Denied: missedOf(past), Notes: p.Notes, Proved: p.Proved,
	}
	for _, t := range p.Policies {
		x.Policies = append(x.Policies, writtenPolicy{t.Name, t.Size, json.RawMessage(t.JSON)})
	}
	for _, g := range p.Grants {
		a := granted{Action: g.Action, Level: string(g.Level), Reason: g.Reason, Why: g.Why, Stays: g.Stays(), Count: g.Count}
		if !g.Last.IsZero() {
			a.Last = &g.Last
		}
		x.Actions = append(x.Actions, a)
	}
	return x
}

func missedOf(past *least.Replayed) (out []missed) {
	for _, m := range past.Missed {
		out = append(out, missed{m.Principal, m.Action, m.Resource, m.Day, m.Count, m.Perhaps, m.Because})
	}
	return out
}

// showPolicies writes the policies, and says on the side what to know.
func (s *shell) showPolicies(p *least.Plan) error {
	for _, t := range p.Policies {
		if _, err := s.out.Write(t.JSON); err != nil {
			return err
		}
	}
	s.notes(p.Notes)
	return nil
}

func (s *shell) notes(list []string) {
	for _, n := range list {
		s.complain("note: %s", clean(n))
	}
}

// showLeast answers people: what it was and will be, what goes, what stays and why.
func (s *shell) showLeast(p *least.Plan, past *least.Replayed) error {
	sizes := table{columns: []column{{name: "OF " + clean(p.Subject.Principal), give: 1}, {name: "BEFORE"}, {name: "AFTER"}}}
	for _, row := range []struct {
		name          string
		before, after int
	}{
		{"actions", p.Before.Actions, p.After.Actions},
		{"statements", p.Before.Statements, p.After.Statements},
		{"policies", p.Before.Policies, p.After.Policies},
		{"characters", p.Before.Characters, p.After.Characters},
	} {
		sizes.add(row.name, strconv.Itoa(row.before), strconv.Itoa(row.after))
	}
	services := table{columns: []column{{name: "SERVICE"}, {name: "GRANTED"}, {name: "STAYS"}, {name: "GOES", give: 1}}}
	for _, x := range p.Services {
		services.add(x.Name, strconv.Itoa(x.Granted), strconv.Itoa(x.Stays()), goes(x))
	}
	for _, t := range []*table{&sizes, &services, staying(p), missing(past)} {
		if len(t.rows) == 0 {
			continue
		}
		if err := t.write(s.out); err != nil {
			return err
		}
		if err := s.print(""); err != nil {
			return err
		}
	}
	s.notes(p.Notes)
	return nil
}

// goes counts what goes of a service by access level.
func goes(x least.Service) string {
	var out []string
	for _, l := range least.Levels() {
		if n := x.Levels[l][least.Unused] + x.Levels[l][least.Dropped]; n > 0 {
			out = append(out, strconv.Itoa(n)+" "+string(l))
		}
	}
	return strings.Join(out, ", ")
}

// staying lists what stays: one by one what is known to be needed, and what cannot be judged by service.
func staying(p *least.Plan) *table {
	t := &table{columns: []column{{name: "STAYS", give: 1}, {name: "LEVEL"}, {name: "WHY", give: 2}, {name: "CALLS"}, {name: "LAST"}}}
	unseen := map[string]int{}
	for _, g := range p.Grants {
		service, _, _ := strings.Cut(g.Action, ":")
		switch {
		case g.Reason == least.Unseen:
			unseen[service+"\x00"+g.Why]++
		case g.Stays():
			calls := "-"
			if g.Count > 0 {
				calls = strconv.Itoa(g.Count)
			}
			t.add(g.Action, string(g.Level), string(g.Reason), calls, instant(g.Last))
		}
	}
	for _, x := range p.Services {
		for _, why := range least.Blindness() {
			if n := unseen[x.Name+"\x00"+why]; n > 0 {
				t.add(x.Name+": "+plural(n, "action"), "-", string(least.Unseen)+": "+why, "-", "-")
			}
		}
	}
	return t
}

// missing lists what would have been denied.
func missing(past *least.Replayed) *table {
	t := &table{columns: []column{{name: "WOULD BE DENIED", give: 1}, {name: "RESOURCE", give: 1}, {name: "DAY"}, {name: "CALLS"}, {name: "BECAUSE", give: 2}}}
	for _, m := range past.Missed {
		t.add(m.Action, orUnknown(m.Resource), m.Day, strconv.Itoa(m.Count), becauseOf(m))
	}
	return t
}

func orUnknown(resource string) string {
	if resource == "" {
		return "(not known)"
	}
	return resource
}

func becauseOf(m least.Missed) string {
	out := "nothing allows it any more"
	if m.Because != "" {
		out = m.Because + " denies it"
	}
	if m.Perhaps {
		out = "perhaps: " + out
	}
	return out
}
