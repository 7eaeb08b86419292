// Package lint finds in policies what AWS takes and nobody means.
//
// It is: names that there are not, and operators that do not fit their keys.
// It takes: a policy that was read.
// It gives: problems with file, line, column and the name that was most likely meant.
// Next door: policy reads and judges, policy/names has the names.
package lint

import (
	"fmt"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// Check names what is odd about a policy.
func Check(d *policy.Document) (out []policy.Problem) {
	for _, s := range d.Statements {
		say := func(at policy.Place, format string, args ...any) {
			out = append(out, policy.Problem{Place: at, Text: fmt.Sprintf(format, args...)})
		}
		for _, a := range append(s.Actions[:len(s.Actions):len(s.Actions)], s.NotActions...) {
			if wrong := action(a.String()); wrong != "" {
				say(s.Place, "%s", wrong)
			}
		}
		for _, c := range s.Conditions {
			if wrong := condition(c); wrong != "" {
				say(c.Place, "%s", wrong)
			}
		}
	}
	return out
}

// action says what is wrong with an action, or a pattern of actions.
func action(text string) string {
	service, name, _ := strings.Cut(text, ":")
	if strings.ContainsAny(service, "*?") {
		return ""
	}
	s, ok := names.Of(service)
	if !ok {
		return fmt.Sprintf("no service is called %q%s", service, near(service, names.Services()))
	}
	if !strings.ContainsAny(name, "*?") {
		if _, ok := s.Actions[name]; ok {
			return ""
		}
		var all []string
		for _, a := range s.Actions {
			all = append(all, strings.TrimPrefix(a.Name, s.Name+":"))
		}
		return fmt.Sprintf("%s has no action %q as of the table of names%s", service, name, near(name, all))
	}
	for known := range s.Actions {
		if policy.Like(name, known) {
			return ""
		}
	}
	return fmt.Sprintf("no action of %s is like %q as of the table of names", service, name)
}

// condition says what is wrong with a condition's key and operator.
func condition(c *policy.Condition) string {
	k, ok := names.FindKey(c.Key)
	if !ok {
		service, _, colon := strings.Cut(strings.ToLower(c.Key), ":")
		if !colon {
			return fmt.Sprintf("condition key %q has no service before it, such as aws:", c.Key)
		}
		return fmt.Sprintf("there is no condition key %q as of the table of names%s", c.Key, near(c.Key, names.Keys(service)))
	}
	op := strings.ToLower(c.Operator)
	set, bare, many := strings.Cut(op, ":")
	if !many {
		bare = op
	}
	switch {
	case k.Many() && !many && bare != "null":
		return fmt.Sprintf("%s has many values: write ForAnyValue: or ForAllValues: before %s", k.Name, c.Operator)
	case !k.Many() && many:
		return fmt.Sprintf("%s has one value: %s: before %s lets in what was not meant", k.Name, set, bare)
	case !fits(bare, strings.TrimPrefix(k.Type, "ArrayOf")):
		return fmt.Sprintf("%s is of type %s, which %s does not compare", k.Name, k.Type, c.Operator)
	}
	return ""
}

// fits reports whether an operator compares values of a type. Those for texts compare everything but addresses, as texts.
func fits(op, kind string) bool {
	op = strings.TrimSuffix(op, "ifexists")
	switch {
	case op == "null", kind == "":
		return true
	case strings.HasPrefix(op, "string"):
		return kind != "IPAddress"
	case strings.HasPrefix(op, "arn"):
		return kind == "ARN" || kind == "String"
	case strings.HasPrefix(op, "numeric"):
		return kind == "Numeric" || kind == "Date" || kind == "String"
	case strings.HasPrefix(op, "date"):
		return kind == "Date"
	case op == "bool":
		return kind == "Bool" || kind == "String"
	case strings.HasSuffix(op, "ipaddress"):
		return kind == "IPAddress"
	}
	return true
}

// near is a hint at what was most likely meant.
func near(word string, list []string) string {
	best, far := "", 1+len(word)/3
	for _, n := range list {
		if d := doc.Distance(strings.ToLower(word), strings.ToLower(n)); d < far || d == far && n < best {
			best, far = n, d
		}
	}
	if best == "" {
		return ""
	}
	return ": did you mean " + best + "?"
}
