package scope

import (
	"maps"
	"slices"

	"jobzero/internal/access/ask"
	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/org"
)

// Of is what an organisation knows of an account. Without an organisation that is its ID.
func Of(o *org.Org, account string) sigma.Scope {
	a, _ := o.Account(account)
	return sigma.Scope{Account: account, Name: a.Name, Units: o.UnitsOf(account), Environment: a.Environment, Tags: a.Tags}
}

// Scopes are the rules of a set that do not count everywhere alike. With nil every rule counts everywhere.
type Scopes struct {
	org    *org.Org
	access *ask.Known
	rules  map[string]scoped
}

type scoped struct {
	sigma.Scoping
	level func(sigma.Scope) finding.Severity
	place string
}

// New finds the rules and correlations of a set that have a scope. A nil organisation knows only the accounts' IDs.
func New(set sigma.Set, o *org.Org) *Scopes {
	s := &Scopes{org: o, rules: map[string]scoped{}}
	for _, r := range set.Rules {
		s.add(r.ID, scoped{r.Scoping, r.LevelIn, r.File})
	}
	for _, c := range set.Correlations {
		s.add(c.ID, scoped{c.Scoping, c.LevelIn, c.File})
	}
	return s
}

// Knowing is the same with what is known of who may do what, for rules that ask about it.
func (s *Scopes) Knowing(k *ask.Known) *Scopes {
	out := *s
	out.access = k
	return &out
}

func (s *Scopes) add(id string, r scoped) {
	if !r.Everywhere() {
		s.rules[id] = r
	}
}

// Problems names the rules whose scope nobody can tell: they ask for what only an organisation knows, and there is none.
func (s *Scopes) Problems() []error {
	var out []error
	for _, id := range slices.Sorted(maps.Keys(s.rules)) {
		r := s.rules[id]
		if s.org == nil && r.NeedsOrg() {
			out = append(out, fault.New(fault.Invalid, "%s: rule %s counts only in some units, environments, tags or names of accounts, and no organisation says "+
				"which accounts these are: it matches nothing there; name an org file", r.place, id))
		}
	}
	return out
}

// Match is a match as it counts in an account; false when it does not.
func (s *Scopes) Match(m detect.Match, account string) (detect.Match, bool) {
	if s == nil {
		return m, true
	}
	r, ok := s.rules[m.Rule.ID]
	if !ok {
		return m, true
	}
	in := Of(s.org, account)
	if !r.Applies(in) {
		return m, false
	}
	if level := r.level(in); level != m.Rule.Level {
		changed := *m.Rule
		changed.Level = level
		m.Rule = &changed
	}
	return m, true
}

// Now is whether a match on an event counts by the rule's condition: the match, with what is not known noted among its reasons; false when it does
// not.
func (s *Scopes) Now(m detect.Match, e *event.Event) (detect.Match, bool) {
	if s == nil {
		return m, true
	}
	r, ok := s.rules[m.Rule.ID]
	if !ok || r.When == nil {
		return m, true
	}
	counts, why := r.When.Counts(e, s.access)
	if why != "" {
		m.Why = append(m.Why[:len(m.Why):len(m.Why)], detect.Reason{Search: "when (" + why + ")", Matched: true})
	}
	return m, counts
}

// Matches are those of the matches on an event that count in its account, each as it counts there. The slice is used again.
func (s *Scopes) Matches(all []detect.Match, e *event.Event) []detect.Match {
	if s == nil || len(s.rules) == 0 || len(all) == 0 {
		return all
	}
	kept := all[:0]
	for _, m := range all {
		m, ok := s.Match(m, e.Account)
		if ok {
			m, ok = s.Now(m, e)
		}
		if ok {
			kept = append(kept, m)
		}
	}
	return kept
}
