package expect

import (
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

// document is a resource policy of which parts may not be known. Statements of which nothing is known are not among its
// statements, so that they hide none of the others; a Deny among them could not be seen.
type document struct {
	policy principal.Policy
	at     []int        // where each statement of policy stands in the document, from 0
	shaky  map[int]bool // statements, by their index in policy, that are an Allow or a Deny
	absent []expr.Gap   // statements of which nothing is known
	within []expr.Gap   // gaps inside of the others
}

// readDocument reads a policy document, for a function's argument, as a value or as its text; null is one without statements.
func readDocument(doc any) (any, error) {
	d := &document{shaky: map[int]bool{}}
	return d, d.read(doc)
}

func (d *document) read(doc any) (err error) {
	switch doc := doc.(type) {
	case nil:
		return nil
	case string:
		d.policy, err = principal.ParsePolicy([]byte(doc))
		for i := range d.policy.Statements {
			d.at = append(d.at, i)
		}
		return err
	case map[string]any:
		list, err := d.statements(doc)
		if err != nil {
			return err
		}
		d.policy, err = principal.PolicyOf(map[string]any{"Statement": list})
		return err
	}
	return fault.New(fault.Invalid, "this is no policy document: want an object or its text")
}

// errUnread is for a call that did not get what its Reading gives.
var errUnread = fault.New(fault.Internal, "the policy document was not read")

// statements are those of which something is known, with a mark for each gap in them.
func (d *document) statements(doc map[string]any) ([]any, error) {
	var found any
	count := 0
	for key, v := range doc {
		if strings.EqualFold(key, "Statement") {
			found = v
			count++
		}
	}
	if count > 1 {
		return nil, fault.New(fault.Invalid, "the policy has more than one Statement")
	}
	var all []any
	switch v := found.(type) {
	case expr.Gap:
		return nil, expr.Undecided("", v)
	case []any:
		all = v
	case map[string]any:
		all = []any{v}
	default:
		return nil, fault.New(fault.Invalid, "the policy has no Statement")
	}
	out := []any{}
	for i, s := range all {
		if g, ok := s.(expr.Gap); ok {
			d.absent = append(d.absent, g)
			continue
		}
		if m, ok := s.(map[string]any); ok && expr.Holed(m) {
			s = d.statement(m, len(out))
		}
		d.at = append(d.at, i)
		out = append(out, s)
	}
	return out, nil
}

func (d *document) statement(s map[string]any, index int) map[string]any {
	out := map[string]any{}
	for key, v := range s {
		gap, isGap := v.(expr.Gap)
		if isGap {
			d.within = append(d.within, gap)
		}
		switch name := strings.ToLower(key); {
		case isGap && name == "effect":
			out[key], d.shaky[index] = "Allow", true
		case isGap && name == "condition":
			out[key] = map[string]any{principal.Gap: map[string]any{principal.Gap: principal.Gap}}
		case isGap && name == "notprincipal": // it may not be there at all
			out[principal.Gap] = principal.Gap
		default:
			out[key] = d.fill(v, name == "condition")
		}
	}
	return out
}

// fill puts a mark in the place of each gap. Below a condition stand operators, which hold keys.
func (d *document) fill(v any, operators bool) any {
	switch v := v.(type) {
	case expr.Gap:
		d.within = append(d.within, v)
		return principal.Gap
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = d.fill(e, false)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, e := range v {
			out[key] = d.fill(e, false)
			if operators && out[key] == any(principal.Gap) {
				out[key] = map[string]any{principal.Gap: principal.Gap}
			}
		}
		return out
	}
	return v
}

// answer gives what is sure. When nothing is, and something may be, it is undecided.
func (d document) answer(sure []any, doubts []string) (any, error) {
	switch {
	case len(sure) > 0:
		return sure, nil
	case len(doubts) > 0:
		return nil, expr.Undecided(strings.Join(doubts, "; "), slices.Concat(d.absent, d.within)...)
	case len(d.absent) > 0:
		return nil, expr.Undecided("", d.absent...)
	}
	return []any{}, nil
}
