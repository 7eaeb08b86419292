package principal

import (
	"fmt"
	"slices"
	"strings"
)

// takenBack names the first Deny that leaves nobody but fixed, named callers of what the Allow at an index grants; -1 when
// there is none.
func (p Policy) takenBack(allow int, sc Scope) int {
	for i, s := range p.Statements {
		if s.Effect == "Deny" && len(s.Unknown) == 0 && s.sparesOnlyFixed(sc) && s.covers(p.Statements[allow]) {
			return i
		}
	}
	return -1
}

// sparesOnlyFixed reports whether a Deny meets everybody but callers that are fixed: all its conditions have to say "unless
// it is one of these", so that whoever is spared is one of them.
func (s Statement) sparesOnlyFixed(sc Scope) bool {
	if s.hasNotPrin {
		for _, g := range s.NotPrincipals {
			if wild(g.Name) {
				return false
			}
		}
		return len(s.NotPrincipals) > 0 && len(s.Conditions) == 0
	}
	if verdict, _ := s.everybody(); verdict != Yes {
		return false
	}
	for _, c := range s.Conditions {
		if !c.spares(sc) {
			return false
		}
	}
	return true
}

// unless holds the operators that are the opposite of one in positive. Without the key in the request they hold, with IfExists
// and without, so that such a request is denied.
var unless = map[string]string{
	"stringnotequals": "stringequals", "stringnotequalsignorecase": "stringequalsignorecase", "stringnotlike": "stringlike",
	"arnnotequals": "arnequals", "arnnotlike": "arnlike", "notipaddress": "ipaddress",
}

// spares reports whether a condition of a Deny lets off nobody but fixed callers, or services of AWS.
func (c Condition) spares(sc Scope) bool {
	key, op := strings.ToLower(c.Key), strings.TrimSuffix(strings.ToLower(c.Operator), "ifexists")
	if key == "aws:principalisawsservice" || key == "aws:viaawsservice" {
		return op == "bool" && len(c.Values) == 1 && strings.EqualFold(c.Values[0], "false")
	}
	positive, ok := unless[op]
	if !ok {
		return false
	}
	l, _ := Condition{Operator: positive, Key: c.Key, Values: c.Values}.limits(sc)
	return l == limited || l == unclear && slices.Contains(c.Values, Gap)
}

// covers reports whether a Deny speaks of everything that an Allow grants.
func (s Statement) covers(allow Statement) bool {
	if len(s.NotActions) > 0 || len(s.NotResources) > 0 || len(allow.NotResources) > 0 {
		return false
	}
	actions := allow.Actions
	if len(allow.NotActions) > 0 {
		actions = []string{"*"}
	}
	return within(actions, s.Actions, strings.ToLower) && within(allow.Resources, s.Resources, func(r string) string { return r })
}

// within reports whether each narrow pattern is inside one of the wide ones, or may be where one is not known: a Deny that may
// take something back leaves a question.
func within(narrow, wide []string, form func(string) string) bool {
	for _, n := range narrow {
		found := false
		for _, w := range wide {
			found = found || n == Gap || w == Gap || inside(form(n), form(w))
		}
		if !found {
			return false
		}
	}
	return len(narrow) > 0
}

// inside reports whether whatever the narrow pattern matches the wide one matches too. A wildcard of the narrow pattern counts
// as a letter that only a star can take. It may say no where it is yes, never the other way round.
func inside(narrow, wide string) bool {
	if strings.Contains(wide, "?") || strings.Contains(wide, "${") {
		return false
	}
	parts := strings.Split(wide, "*")
	if len(parts) == 1 {
		return narrow == wide
	}
	rest, ok := strings.CutPrefix(narrow, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// doubt turns a sure verdict into a person's question when a Deny takes back what the statement grants.
func (p Policy) doubt(found Public, sc Scope) Public {
	if i := p.takenBack(found.Index, sc); found.Verdict == Yes && i >= 0 {
		found.Verdict = Maybe
		found.Why += fmt.Sprintf("; statement %d denies it to all but some callers", i+1)
	}
	return found
}
