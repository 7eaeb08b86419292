package sigma

import (
	"math/bits"
	"slices"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
)

// Link applies the filters of a set to its rules, finds the rules that its correlations are about, and says which rules only
// serve them. It gives a new set and leaves this one as it was. A correlation that cannot be linked is an error and left out,
// as are those that need it; a filter that names a rule in vain is an error and works for the others.
//
// A name is looked for in the text that uses it and then everywhere, each time first among the ids, then the names, then the
// titles. More than one rule with it is an error.
func (s Set) Link() (Set, []error) {
	l := &linker{}
	rules := l.filter(s)
	l.index(rules, s.Correlations)
	l.quiet(rules, s.Correlations)
	l.index(rules, s.Correlations)
	out := Set{Rules: rules, Filters: s.Filters}
	for _, c := range s.Correlations {
		if x := l.link(c); x.err == nil {
			out.Correlations = append(out.Correlations, x.to)
		} else {
			l.errs = append(l.errs, x.err)
		}
	}
	return out, l.errs
}

// linker links one set.
type linker struct {
	errs         []error
	known        [3]map[string][]entry // by id, name and title
	served       map[*Correlation]bool // those that only serve others
	correlations map[*Correlation]*linked
}

// entry is a rule or a correlation that can be called by a name.
type entry struct {
	rule        *Compiled
	correlation *Correlation
	file        string
	text        *text
}

// linked is what became of a correlation.
type linked struct {
	to   *Correlation
	err  error
	done bool // otherwise it is being linked: who meets it now has come round in a circle
}

func (l *linker) index(rules []*Compiled, correlations []*Correlation) {
	l.correlations = map[*Correlation]*linked{}
	for i := range l.known {
		l.known[i] = map[string][]entry{}
	}
	add := func(r *detect.Rule, e entry) {
		for i, name := range []string{r.ID, r.Name, r.Title} {
			if name != "" {
				l.known[i][name] = append(l.known[i][name], e)
			}
		}
	}
	for _, r := range rules {
		add(&r.Rule, entry{rule: r, file: r.File, text: r.text})
	}
	for _, c := range correlations {
		add(&c.Rule, entry{correlation: c, file: c.File, text: c.text})
	}
}

// find is the one rule or correlation that a text calls by a name.
func (l *linker) find(name string, from *text, at *doc.Node) (entry, error) {
	elsewhere := func(e entry) bool { return e.text != from }
	for _, here := range []bool{true, false} {
		for _, known := range l.known {
			found := known[name]
			if here {
				found = slices.DeleteFunc(slices.Clone(found), elsewhere)
			}
			switch {
			case len(found) == 1:
				return found[0], nil
			case len(found) > 1:
				return entry{}, at.Errorf("%s is what two rules are called, %s and %s: use the id of the one that is meant", name, found[0].file, found[1].file)
			}
		}
	}
	return entry{}, at.Errorf("no rule has %s for its id, name or title: load that rule too, or correct the name", name)
}

// quiet finds what only serves correlations of its own text, and replaces such rules by copies that say so.
func (l *linker) quiet(rules []*Compiled, correlations []*Correlation) {
	serves, speaks := map[entry]bool{}, map[entry]bool{}
	for _, c := range correlations {
		for _, s := range c.Sources {
			if e, err := l.find(s.Name, c.text, s.at); err == nil && e.text == c.text {
				serves[e] = true
				speaks[e] = speaks[e] || c.Generate
			}
		}
	}
	at := map[*Compiled]int{}
	for i, r := range rules {
		at[r] = i
	}
	l.served = map[*Correlation]bool{}
	for e := range serves {
		switch {
		case speaks[e]:
		case e.correlation != nil:
			l.served[e.correlation] = true
		default:
			r := *e.rule
			r.Part = true
			rules[at[e.rule]] = &r
		}
	}
}

// link finds the sources of a correlation, and those of the correlations among them.
func (l *linker) link(c *Correlation) *linked {
	if x := l.correlations[c]; x != nil {
		if !x.done {
			return &linked{err: c.at.Errorf("correlation %s needs itself: take it out of the rules of those that it is about", c.ID)}
		}
		return x
	}
	x := &linked{}
	l.correlations[c] = x
	x.to, x.err = l.resolve(c)
	x.done = true
	return x
}

func (l *linker) resolve(c *Correlation) (*Correlation, error) {
	out := *c
	out.Part = l.served[c]
	out.Sources = nil
	for _, s := range c.Sources {
		e, err := l.find(s.Name, c.text, s.at)
		if err != nil {
			return nil, err
		}
		to := *s
		to.Rule = e.rule
		if e.correlation != nil {
			x := l.link(e.correlation)
			if x.err != nil {
				return nil, s.at.Errorf("rule %s cannot be used: %v", s.Name, x.err)
			}
			to.Correlation = x.to
		}
		out.Sources = append(out.Sources, &to)
	}
	if err := l.place(&out); err != nil {
		return nil, err
	}
	out.inherit()
	return &out, nil
}

// place says where each source has the values that the correlation groups by and is about.
func (l *linker) place(c *Correlation) error {
	aliases := map[string][]string{} // the field of each source
	for _, a := range c.aliases {
		fields := make([]string, len(c.Sources))
		for _, f := range a.fields {
			e, err := l.find(f.source, c.text, f.at)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(c.Sources, func(s *Source) bool { return s.same(e) })
			if i < 0 {
				return f.at.Errorf("alias %s is for %s, which is not among the rules of the correlation: add it to them or take it out here", a.name, f.source)
			}
			fields[i] = f.field
		}
		if i := slices.Index(fields, ""); i >= 0 {
			return a.at.Errorf("alias %s has no field for %s: add it", a.name, c.Sources[i].Name)
		}
		aliases[a.name] = fields
	}
	for i, s := range c.Sources {
		in := func(name string) string {
			if fields := aliases[name]; fields != nil {
				return fields[i]
			}
			return name
		}
		for _, name := range c.GroupBy {
			s.Group = append(s.Group, in(name))
		}
		for _, name := range c.Fields {
			s.Fields = append(s.Fields, in(name))
		}
		for _, name := range slices.Concat(s.Group, s.Fields) {
			if err := onePlace(name, c.at); err != nil {
				return err
			}
		}
	}
	return nil
}

// same reports whether the source is what was found; correlations are compared by what they were read from.
func (s *Source) same(e entry) bool {
	if e.rule != nil {
		return s.Rule == e.rule
	}
	return s.Correlation != nil && s.Correlation.at == e.correlation.at
}

// inherit takes from the sources what the correlation does not say itself.
func (c *Correlation) inherit() {
	var live uint64
	about := map[detect.LogSource]bool{}
	for i, s := range c.Sources {
		r := s.about()
		about[r.LogSource] = true
		if !c.ownLevel && (i == 0 || r.Level.Rank() > c.Level.Rank()) {
			c.Level = r.Level
		}
		if r.Idle == "" && i < maxTable {
			live |= 1 << i
		}
	}
	if len(about) == 1 && c.LogSource == (detect.LogSource{}) {
		c.LogSource = c.Sources[0].about().LogSource
	}
	if len(c.Sources) > maxTable || c.canHold(live) {
		return
	}
	for _, s := range c.Sources {
		if r := s.about(); r.Idle != "" {
			c.Idle = "rule " + s.Name + " of it can never match: " + r.Idle
			return
		}
	}
}

// about is what the source says about itself.
func (s *Source) about() *detect.Rule {
	if s.Rule != nil {
		return &s.Rule.Rule
	}
	return &s.Correlation.Rule
}

// canHold reports whether the demand can hold when only the sources with these bits are ever seen.
func (c *Correlation) canHold(live uint64) bool {
	if c.Condition == nil && !c.Type.temporal() {
		return live != 0
	}
	for seen := range uint64(1) << len(c.Sources) {
		if seen&^live == 0 && c.holdsFor(seen) {
			return true
		}
	}
	return false
}

func (c *Correlation) holdsFor(seen uint64) bool {
	if c.Condition == nil {
		return c.reach(float64(bits.OnesCount64(seen)))
	}
	return holdsFor(c.Condition, seen)
}
