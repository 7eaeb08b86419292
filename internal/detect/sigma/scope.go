package sigma

import (
	"slices"
	"strings"

	"jobzero/internal/detect/when"
	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Scope is where something happened, as far as it is known.
type Scope struct {
	Account     string            // twelve digits
	Name        string            // of the account
	Units       []string          // its organisational unit and those above it
	Environment string            // such as prod
	Tags        map[string]string // of the account
}

// Scoping says where a rule counts, how much there, and when. The zero value is everywhere and always, with the rule's own level.
type Scoping struct {
	Where  Where
	Levels []ScopedLevel   // the first that fits counts
	When   *when.Condition // nil: always
}

// ScopedLevel is the level of a rule in a part of the world.
type ScopedLevel struct {
	Where Where
	Level finding.Severity
}

// Where is a part of the world. Of each list one pattern must match, and an empty list demands nothing. A pattern ignores
// case and knows Sigma's wildcards.
type Where struct {
	Accounts     []string
	Units        []string
	Environments []string
	Tags         []string // key=value, or a key alone
}

// Applies reports whether a rule counts in a scope.
func (s Scoping) Applies(to Scope) bool { return s.Where.Holds(to) }

// Everywhere reports whether the rule counts everywhere and always with its own level.
func (s Scoping) Everywhere() bool { return s.Where.empty() && len(s.Levels) == 0 && s.When == nil }

// NeedsOrg reports whether more must be known of an account than its ID to say whether the rule counts there.
func (s Scoping) NeedsOrg() bool {
	some := func(w Where) bool {
		return len(w.Units)+len(w.Environments)+len(w.Tags) > 0 || slices.ContainsFunc(w.Accounts, func(p string) bool { return strings.Trim(p, "0123456789*?") != "" })
	}
	return some(s.Where) || slices.ContainsFunc(s.Levels, func(l ScopedLevel) bool { return some(l.Where) })
}

func (w Where) empty() bool { return len(w.Accounts)+len(w.Units)+len(w.Environments)+len(w.Tags) == 0 }

// Rescope is a scope that a house gives to rules that it does not want to change. It takes the place of the rules' own.
type Rescope struct {
	Rules   []string // ids, names or titles
	Scoping Scoping
}

// Rescoped is the set with other scopes for some rules and correlations. A name that no rule has is an error and otherwise left
// alone. It goes before Link.
func (s Set) Rescoped(all []Rescope) (Set, []error) {
	var errs []error
	out := Set{slices.Clone(s.Rules), slices.Clone(s.Correlations), s.Filters}
	for i, r := range all {
		for _, name := range r.Rules {
			if !out.rescope(name, r.Scoping) {
				errs = append(errs, fault.New(fault.Invalid, "scopes[%d]: no rule has %s for its id, name or title: load that rule too, or take it out", i, name))
			}
		}
	}
	return out, errs
}

func (s *Set) rescope(name string, to Scoping) (found bool) {
	for i, r := range s.Rules {
		if r.called(name) {
			changed := *r
			changed.Scoping = to
			s.Rules[i], found = &changed, true
		}
	}
	for i, c := range s.Correlations {
		if name == c.ID || name == c.Name || name == c.Title {
			changed := *c
			changed.Scoping = to
			s.Correlations[i], found = &changed, true
		}
	}
	return found
}

// LevelIn is the level of the rule in a scope.
func (c *Compiled) LevelIn(s Scope) finding.Severity { return c.level(s, c.Level) }

// LevelIn is the level of the correlation in a scope.
func (c *Correlation) LevelIn(s Scope) finding.Severity { return c.level(s, c.Level) }

func (s Scoping) level(in Scope, usual finding.Severity) finding.Severity {
	for _, l := range s.Levels {
		if l.Where.Holds(in) {
			return l.Level
		}
	}
	return usual
}

// Holds reports whether a scope is in this part of the world. What is not known of a scope matches no pattern.
func (w Where) Holds(s Scope) bool {
	var tags []string
	for key, value := range s.Tags {
		tags = append(tags, key, key+"="+value)
	}
	return anyLike(w.Accounts, s.Account, s.Name) && anyLike(w.Units, s.Units...) && anyLike(w.Environments, s.Environment) && anyLike(w.Tags, tags...)
}

// anyLike reports whether a pattern matches one of the names; no patterns match everything.
func anyLike(patterns []string, names ...string) bool {
	for _, p := range patterns {
		for _, name := range names {
			if name != "" && newPattern(p, modifiers{}).matchText(name) {
				return true
			}
		}
	}
	return len(patterns) == 0
}

// readWhen reads the condition under which a match counts.
func readWhen(n *doc.Node) (*when.Condition, error) {
	v := n.Get("when")
	if v == nil {
		return nil, nil //nolint:nilnil // always
	}
	var text string
	if err := readText(n, "when", &text); err != nil {
		return nil, err
	}
	line, col := v.Begins()
	return when.Compile(expr.Place{File: v.File(), Line: line, Col: col}, text)
}

// readScoping reads where, levels and when, which stand in the custom attribute jobzero. All are strict.
func readScoping(n *doc.Node) (Scoping, error) {
	var out Scoping
	var err error
	if out.When, err = readWhen(n); err != nil {
		return out, err
	}
	if out.Where, err = readWhere(n.Get("where")); err != nil {
		return out, err
	}
	levels := n.Get("levels")
	if levels == nil {
		return out, nil
	}
	if levels.Kind != doc.List {
		return out, levels.Errorf("levels is %s: want a list of where and level", levels.Kind)
	}
	for _, item := range levels.Items {
		if err := onlyKeys(item, "an item of levels", "where", "level"); err != nil {
			return out, err
		}
		if item.Get("where") == nil {
			return out, item.Errorf("this level has no where: say where it counts, or change the rule's own level")
		}
		var l ScopedLevel
		if l.Where, err = readWhere(item.Get("where")); err != nil {
			return out, err
		}
		if l.Level, err = readLevel(item, ""); err != nil {
			return out, err
		}
		if l.Level == "" {
			return out, item.Errorf("this item has no level: use informational, low, medium, high or critical")
		}
		out.Levels = append(out.Levels, l)
	}
	return out, nil
}

func readWhere(n *doc.Node) (Where, error) {
	var w Where
	if n == nil {
		return w, nil
	}
	if err := onlyKeys(n, "where", "accounts", "units", "environments", "tags"); err != nil {
		return w, err
	}
	if len(n.Pairs) == 0 {
		return w, n.Errorf("where is empty: name accounts, units, environments or tags")
	}
	for key, into := range map[string]*[]string{"accounts": &w.Accounts, "units": &w.Units, "environments": &w.Environments, "tags": &w.Tags} {
		v := n.Get(key)
		if v == nil {
			continue
		}
		if err := readTexts(n, key, into); err != nil {
			return w, err
		}
		if len(*into) == 0 {
			return w, v.Errorf("%s is empty: name one, or leave it out", key)
		}
		for _, text := range *into {
			if text == "" {
				return w, v.Errorf("%s holds an empty text, which nothing matches: take it out", key)
			}
		}
	}
	return w, nil
}

// onlyKeys refuses what is no map and keys that nobody reads.
func onlyKeys(n *doc.Node, what string, known ...string) error {
	if n.Kind != doc.Map {
		return n.Errorf("%s is %s: want a map", what, n.Kind)
	}
	for _, p := range n.Pairs {
		if !slices.Contains(known, p.Key.Text) {
			return p.Key.Errorf("unknown field %q in %s: use %s", p.Key.Text, what, strings.Join(known, ", "))
		}
	}
	return nil
}
