package sigma

import (
	"slices"
	"strings"

	"jobzero/internal/doc"
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

// Scoping says where a rule counts, and how much there. The zero value is everywhere, with the rule's own level.
type Scoping struct {
	Where  Where
	Levels []ScopedLevel // the first that fits counts
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

// readScoping reads where and levels, which stand in the custom attribute jobzero. Both are strict.
func readScoping(n *doc.Node) (Scoping, error) {
	var out Scoping
	var err error
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
