package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/action/lambda"
	"jobzero/internal/action/ssm"
	"jobzero/internal/doc"
	"jobzero/internal/expect"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// bookChecker holds one playbook against what is loaded.
type bookChecker struct {
	k       *Knowledge
	d       book.Definition
	rules   map[string]bool
	actions []action.Info
	bad     []error
}

func (c *bookChecker) add(place, format string, args ...any) {
	c.bad = append(c.bad, c.d.Errorf(place, format, args...))
}

// triggers holds what the playbook is for against what is loaded.
func (c *bookChecker) triggers() {
	for i, id := range c.d.When.Rules {
		if !c.rules[id] {
			c.add(fmt.Sprintf("when.rules[%d]", i), "%v", unloaded("rule", id, slices.Sorted(maps.Keys(c.rules))))
		}
	}
	for i, id := range c.d.When.Expectations {
		c.expectation(fmt.Sprintf("when.expectations[%d]", i), id)
	}
	for i, what := range c.d.When.Leavers {
		if !slices.Contains(leaverWords(), what) {
			c.add(fmt.Sprintf("when.leavers[%d]", i), "when.leavers: nobody holds a %q; there are %s", what, strings.Join(leaverWords(), ", "))
		}
	}
}

func (c *bookChecker) expectation(place, id string) {
	if _, ok := c.k.Expectations.One(id); !ok {
		c.add(place, "%v", unloaded("expectation", id, c.k.Expectations.IDs()))
	}
}

// proof looks at what shows that a finding is settled.
func (c *bookChecker) proof() {
	if c.d.SettledBy != "" {
		c.expectation("settled_by", c.d.SettledBy)
	}
	if c.d.Settled == "" {
		return
	}
	if _, err := expect.Compile(c.d.Position("settled"), c.d.Settled); err != nil {
		c.bad = append(c.bad, err)
	}
}

// step holds what a step does against what there is.
func (c *bookChecker) step(s *book.Step) {
	if s.Playbook != "" && !slices.ContainsFunc(c.k.Playbooks, func(d book.Definition) bool { return d.ID == s.Playbook }) {
		c.add(s.Place()+".playbook", "%v", unloaded("playbook", s.Playbook, ids(c.k.Playbooks)))
	}
	id := s.ActionID()
	if id == "" {
		return
	}
	at := slices.IndexFunc(c.actions, func(a action.Info) bool { return a.ID == id })
	switch {
	case at < 0 && s.Action == "":
		c.add(s.Place(), "step %s: nobody here does %s: there is no action %s", s.ID, s.Kind(), id)
	case at < 0:
		c.add(s.Place()+".action", "%v", unloaded("action", id, actionIDs(c.actions)))
	case s.Action != "":
		c.params(s, c.actions[at])
		c.target(s, c.actions[at])
	default:
		c.outside(s)
	}
}

// outside holds whom a step tells or asks against what the settings allow. Who owns something only the ticket tells.
func (c *bookChecker) outside(s *book.Step) {
	var err error
	at, o := "", c.k.outside
	switch s.Kind() {
	case book.Tell:
		at, err = ".notify.to", o.Notify.Reaches(s.Notify.To)
	case book.Hook:
		at = ".webhook.name"
		err = o.Notify.Webhooks.Knows(s.Webhook.Name)
	case book.Function:
		at = ".lambda.function"
		_, err = lambda.Find(o.Functions, s.Lambda.Function)
	case book.Script:
		at = ".document.name"
		_, err = ssm.Find(o.Documents, s.Document.Name)
	default:
	}
	if err != nil {
		c.add(s.Place()+at, "step %s: %v", s.ID, err)
	}
}

// params holds what an action is given against what it takes.
func (c *bookChecker) params(s *book.Step, a action.Info) {
	var takes []string
	for _, p := range a.Params {
		takes = append(takes, p.Name)
		_, fixed := s.Params[p.Name]
		_, said := s.With[p.Name]
		if p.Required && !fixed && !said {
			c.add(s.Place()+".action", "step %s: action %s wants %s: %s; give it in params, or in with as an expression", s.ID, a.ID, p.Name, p.Text)
		}
	}
	for field, table := range map[string]map[string]string{"params": s.Params, "with": s.With} {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if slices.Contains(takes, name) {
				continue
			}
			there := "it takes nothing"
			if len(takes) > 0 {
				there = "it takes " + strings.Join(takes, ", ")
			}
			c.add(s.Place()+"."+field+"."+name, "step %s: action %s takes no %q; %s", s.ID, a.ID, name, there)
		}
	}
}

// target holds what an action is done to against what it can be done to. What a rule's finding is about only the event tells.
func (c *bookChecker) target(s *book.Step, a action.Info) {
	if s.On != nil {
		if !slices.Contains(a.Targets, resource.Type(s.On.Type)) {
			c.add(s.Place()+".on.type", "step %s: action %s is not done to %s; it is done to %s", s.ID, a.ID, s.On.Type, joined(a.Targets))
		}
		return
	}
	of := c.about()
	if len(of) > 0 && !slices.ContainsFunc(of, func(t resource.Type) bool { return slices.Contains(a.Targets, t) }) {
		c.add(s.Place()+".action", "step %s: action %s is not done to %s, which the findings are about; it is done to %s: say on", s.ID, a.ID, joined(of), joined(a.Targets))
	}
}

// about are the types of what the playbook's findings are about; none: nobody can say.
func (c *bookChecker) about() (out []resource.Type) {
	w := c.d.When
	asked := w.Hand || w.Reused || w.Schedule != "" || len(w.Tickets) > 0
	if asked || len(w.Leavers) > 0 || len(w.Rules) > 0 && c.d.SettledBy == "" {
		return nil
	}
	for _, id := range append(slices.Clone(w.Expectations), c.d.SettledBy) {
		if e, ok := c.k.Expectations.One(id); ok {
			out = append(out, e.Types...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func ids(all []book.Definition) (out []string) {
	for _, d := range all {
		out = append(out, d.ID)
	}
	return out
}

func actionIDs(all []action.Info) (out []string) {
	for _, a := range all {
		out = append(out, a.ID)
	}
	return out
}

func joined[T ~string](all []T) string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// meant says which of some names may be meant by one that there is not; empty: none is near.
func meant(name string, there []string) string {
	best, far := "", len(name)/3+1
	for _, t := range there {
		if d := doc.Distance(name, t); d < far {
			best, far = t, d
		}
	}
	if best == "" {
		return ""
	}
	return "; is it " + best + "?"
}
