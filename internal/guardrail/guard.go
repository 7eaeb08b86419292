package guardrail

import (
	"fmt"
	"strings"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// maxClauses is how many clauses one rule may have; a form that grows beyond is not simple.
const maxClauses = 64

// GuardRule is one expectation in the language of CloudFormation Guard.
type GuardRule struct {
	Expectation string
	Name        string
	Text        string
}

// Guard says an expectation in the language of CloudFormation Guard (github.com/aws-cloudformation/cloudformation-guard), as far
// as that has words for it: the error says which part it has none for.
func Guard(e *expect.Expectation) (GuardRule, error) {
	name := "expect_" + strings.ReplaceAll(e.ID, "-", "_")
	clauses, err := clausesOf(e.Form(), false)
	if err != nil {
		return GuardRule{}, err
	}
	var b strings.Builder
	var kinds []string
	for _, t := range e.Types {
		if !strings.HasPrefix(string(t), "jobzero::") {
			kinds = append(kinds, quoted(string(t)))
		}
	}
	if kinds == nil {
		return GuardRule{}, fault.New(fault.Invalid, "no template has %s", e.Types[0])
	}
	fmt.Fprintf(&b, "let %s_resources = Resources.*[ Type IN [%s] ]\n\n", name, strings.Join(kinds, ", "))
	fmt.Fprintf(&b, "rule %s when %%%s_resources !empty {\n  %%%s_resources {\n", name, name, name)
	if err := writeClauses(&b, clauses, "    ", "Properties", message(e)); err != nil {
		return GuardRule{}, err
	}
	b.WriteString("  }\n}\n")
	return GuardRule{Expectation: e.ID, Name: name, Text: b.String()}, nil
}

func message(e *expect.Expectation) string {
	return strings.NewReplacer("<", "", ">", "", "\n", " ").Replace(e.Title + " (" + e.ID + ")")
}

// clause is literals of which one has to hold; clauses have to hold all.
type clause []literal

// literal is a test, or its opposite.
type literal struct {
	expr.Form
	not bool
}

// notSimple names what Guard has no words for.
func notSimple(f expr.Form) error {
	return fault.New(fault.Invalid, "Guard has no words for %s", shorten(f.Text))
}

func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return text
}

// clausesOf makes the conjunctive form.
func clausesOf(f expr.Form, not bool) ([]clause, error) {
	switch f.Kind {
	case expr.Not:
		return clausesOf(f.Parts[0], !not)
	case expr.All, expr.Some:
		out := []clause{}
		for i, p := range f.Parts {
			next, err := clausesOf(p, not)
			switch {
			case err != nil:
				return nil, err
			case (f.Kind == expr.All) != not:
				out = append(out, next...)
			case i == 0:
				out = next
			default:
				out = either(out, next)
			}
			if len(out) > maxClauses {
				return nil, fault.New(fault.Invalid, "it has more than %d clauses when it is written out", maxClauses)
			}
		}
		return out, nil
	case expr.Test:
		return testClauses(f, not)
	case expr.Every, expr.Exists:
		return []clause{{{f, not}}}, nil
	case expr.Other:
	}
	return nil, notSimple(f)
}

// either is a or b.
func either(a, b []clause) (out []clause) {
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(append(clause{}, x...), y...))
		}
	}
	return out
}

// testClauses adds to a test what it means where the property is not there: in Guard every comparison fails then.
func testClauses(f expr.Form, not bool) ([]clause, error) {
	l := literal{f, not}
	if f.Compare == "has" {
		return []clause{{l}}, nil
	}
	if !f.Defaulted {
		return []clause{{l}}, nil
	}
	holds, ok := onDefault(f)
	if !ok {
		return nil, notSimple(f)
	}
	if holds != not {
		return []clause{{{expr.Form{Kind: expr.Test, Path: f.Path, Compare: "has", Text: f.Text}, true}, l}}, nil
	}
	return []clause{{l}}, nil
}

// onDefault says whether the test holds for what is taken where nothing is there.
func onDefault(f expr.Form) (holds, ok bool) {
	if strings.HasPrefix(f.Compare, "size") {
		n, fixed := f.Values[0].(int64)
		return ordered(strings.TrimPrefix(f.Compare, "size"), 0, n), fixed && f.Default == nil
	}
	switch f.Compare {
	case "==", "!=":
		return (f.Default == f.Values[0]) == (f.Compare == "=="), true
	case "in":
		for _, v := range f.Values {
			holds = holds || v == f.Default
		}
		return holds, true
	case "matches":
		text, isText := f.Default.(string)
		pattern, _ := f.Values[0].(string)
		return matches(pattern, text), isText
	}
	a, one := f.Default.(int64)
	b, two := f.Values[0].(int64)
	return ordered(f.Compare, a, b), one && two
}

func ordered(sign string, a, b int64) bool {
	switch sign {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	case ">=":
		return a >= b
	case "==":
		return a == b
	}
	return a != b
}
