package sigma

import (
	"slices"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
)

// Filter leaves events out of many rules. It is immutable.
//
// The specification's texts write the same filter in two ways: as what is to be left out ("condition: selection", the released
// text) and as what is to stay ("condition: not selection", the coming text and the reference implementation). Both are
// understood: a condition made of nothing but negations says what stays, any other what is left out.
type Filter struct {
	ID        string
	Title     string
	File      string // file:line:column of its first line
	LogSource detect.LogSource
	Rules     []string // ids, names or titles; none means every rule of the log source
	Detection          // its condition holds for what is to be left out

	detection *doc.Node
	rules     []*doc.Node
	fields    fieldMap
	options   Options
	text      *text
}

func (o Options) readFilter(n *doc.Node, from *text) (Set, error) {
	about, _, err := readAbout(n)
	if err != nil {
		return Set{}, err
	}
	f := &Filter{ID: about.ID, Title: about.Title, File: about.File, detection: n.Get("filter"), options: o, text: from}
	if f.LogSource, err = readLogSource(n, "a filter"); err != nil {
		return Set{}, err
	}
	if f.detection.Kind != doc.Map {
		return Set{}, f.detection.Errorf("filter is %s: want a map of rules, searches and a condition", f.detection.Kind)
	}
	if err := f.readRules(); err != nil {
		return Set{}, err
	}
	if f.fields, _, err = o.placesFor(n, f.LogSource); err != nil {
		return Set{}, err
	}
	f.Detection, err = f.read(f.fields)
	return Set{Filters: []*Filter{f}}, err
}

// readRules reads which rules the filter is for.
func (f *Filter) readRules() error {
	n := f.detection.Get("rules")
	if n == nil || n.Kind == doc.Null || n.Kind == doc.Map {
		return f.detection.Errorf("the filter has no rules: list the ids of those it is for, or write rules: any")
	}
	if n.Kind != doc.List && strings.EqualFold(n.Text, "any") {
		return nil
	}
	if err := readTexts(f.detection, "rules", &f.Rules); err != nil {
		return err
	}
	if len(f.Rules) == 0 || slices.Contains(f.Rules, "") {
		return n.Errorf("the list of rules is empty or has an empty name: list the ids of those it is for, or write rules: any")
	}
	f.rules = n.Items
	if n.Kind != doc.List {
		f.rules = []*doc.Node{n}
	}
	return nil
}

// read reads what is to be left out, for rules whose fields have these places.
func (f *Filter) read(fields fieldMap) (Detection, error) {
	d, err := f.options.bodies(fields).detection(f.detection, "rules")
	if negative(d.Condition) {
		d.Condition = Not{d.Condition}
	}
	for _, s := range d.Searches {
		s.Name = "filter " + f.Title + ": " + s.Name // in explanations it stands among those of a rule
	}
	return d, err
}

// negative reports whether a condition is made of negations only.
func negative(x Expr) bool {
	var items []Expr
	switch x := x.(type) {
	case Not:
		return true
	case And:
		items = x
	case Or:
		items = x
	default:
		return false
	}
	for _, item := range items {
		if !negative(item) {
			return false
		}
	}
	return true
}

// covers reports whether the filter is about the log source of a rule.
func (f *Filter) covers(c *Compiled) bool { return covers(f.LogSource, c.LogSource) }

// apply is the rule with what the filter wants left out.
func (f *Filter) apply(c *Compiled) (*Compiled, error) {
	d := f.Detection
	if len(c.fields) > 0 || len(f.fields) > 0 { // the same names may have other places in the rule
		var err error
		if d, err = f.read(c.fields); err != nil {
			return c, err
		}
	}
	out := *c
	out.Searches = slices.Concat(c.Searches, d.Searches)
	out.Condition = And{c.Condition, Not{d.Condition}}
	out.Filters = append(slices.Clip(c.Filters), f)
	return &out, nil
}

// filter gives the rules with the filters applied to them.
func (l *linker) filter(s Set) []*Compiled {
	rules := slices.Clone(s.Rules)
	for _, f := range s.Filters {
		named := make([]bool, len(f.Rules))
		for i, r := range rules {
			at := -1
			for j, name := range f.Rules {
				if r.called(name) {
					at, named[j] = j, true
				}
			}
			if len(f.Rules) > 0 && at < 0 {
				continue
			}
			if !f.covers(r) {
				if at >= 0 {
					l.errs = append(l.errs, f.rules[at].Errorf("filter %s is about the log source %s, and rule %s about %s: it is not applied to it",
						f.Title, f.LogSource, r.ID, r.LogSource))
				}
				continue
			}
			var err error
			if rules[i], err = f.apply(r); err != nil {
				l.errs = append(l.errs, err)
			}
		}
		for i, found := range named {
			if !found {
				l.errs = append(l.errs, f.rules[i].Errorf("no rule has %s for its id, name or title: load that rule too, or take it out of filter %s "+
					"(a filter is for the rules of a correlation, not for the correlation)", f.Rules[i], f.Title))
			}
		}
	}
	return rules
}

// called reports whether a rule goes by a name.
func (c *Compiled) called(name string) bool {
	return name == c.ID || name == c.Name || name == c.Title || name == c.origin
}
