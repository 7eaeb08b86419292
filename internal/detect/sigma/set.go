package sigma

import (
	"cmp"
	"errors"
	"slices"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Set is what texts of rules hold. What Read and LoadAll give knows nothing of one another yet; Link sees to that.
type Set struct {
	Rules        []*Compiled
	Correlations []*Correlation
	Filters      []*Filter
}

// Read reads every document of a text; documents are separated by ---. A bad one does not stop the others. Every error is
// fault.Invalid and begins with file:line:column.
func Read(file string, data []byte, o Options) (Set, []error) {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return Set{}, []error{err}
	}
	documents, errs := act(nodes)
	var out Set
	from := &text{file}
	for _, n := range documents {
		s, err := o.readDocument(n, from)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out.Add(s)
	}
	return out, errs
}

func (o Options) readDocument(n *doc.Node, from *text) (Set, error) {
	if n.Kind != doc.Map {
		return Set{}, n.Errorf("a rule is a map with title, logsource and detection, not %s", n.Kind)
	}
	var has []*doc.Node
	for _, p := range n.Pairs {
		if slices.Contains([]string{"detection", "correlation", "filter"}, p.Key.Text) {
			has = append(has, p.Key)
		}
	}
	if len(has) > 1 {
		return Set{}, has[1].Errorf("this document has %s and %s: make two of it", has[0].Text, has[1].Text)
	}
	switch {
	case n.Get("correlation") != nil:
		return o.readCorrelation(n, from)
	case n.Get("filter") != nil:
		return o.readFilter(n, from)
	}
	return o.readRule(n, from)
}

// Add puts what another set has behind what this one has.
func (s *Set) Add(other Set) {
	s.Rules = append(s.Rules, other.Rules...)
	s.Correlations = append(s.Correlations, other.Correlations...)
	s.Filters = append(s.Filters, other.Filters...)
}

// sorted is the set in the order of ids.
func (s Set) sorted() Set {
	slices.SortStableFunc(s.Rules, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(s.Correlations, func(a, b *Correlation) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(s.Filters, func(a, b *Filter) int { return cmp.Compare(a.ID, b.ID) })
	return s
}

// ParseRule reads a text that holds exactly one rule, without any options.
func ParseRule(file string, data []byte) (*Compiled, error) {
	rules, errs := ParseRules(file, data)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(rules) != 1 {
		return nil, fault.New(fault.Invalid, "%s:1:1: %d rules in this file, want one", file, len(rules))
	}
	return rules[0], nil
}

// ParseRules reads the rules of a text, without any options, for those who judge single events. What needs more than one
// event is an error.
func ParseRules(file string, data []byte) ([]*Compiled, []error) {
	s, errs := Read(file, data, Options{})
	return s.singles(errs)
}

// singles links the set and gives what judges single events.
func (s Set) singles(errs []error) ([]*Compiled, []error) {
	linked, bad := s.Link()
	rules, more := linked.Singles()
	return rules, append(append(errs, bad...), more...)
}

// Singles gives the rules of a linked set that judge single events. Each correlation is an error.
func (s Set) Singles() ([]*Compiled, []error) {
	var errs []error
	for _, c := range s.Correlations {
		errs = append(errs, unsupported{c.at.Errorf("correlations are not supported here yet: leave this rule out or rewrite it")})
	}
	return slices.DeleteFunc(slices.Clone(s.Rules), func(r *Compiled) bool { return r.origin != "" }), errs
}
