package sigma_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

// tree is a search as one text: and as "&", or as "|", elements as field<quantifier body>, conditions in brackets.
func tree(b sigma.Body) string {
	list := func(items []sigma.Body, sign string) string {
		var out []string
		for _, x := range items {
			out = append(out, tree(x))
		}
		return "(" + strings.Join(out, sign) + ")"
	}
	switch b := b.(type) {
	case sigma.AllOf:
		return list(b, " & ")
	case sigma.AnyOf:
		return list(b, " | ")
	case *sigma.Element:
		if b.Field != b.Path.String() {
			return fmt.Sprintf("field %q with the path %q", b.Field, b.Path)
		}
		return fmt.Sprintf("%s<%s %s>", b.Field, b.Quantifier, tree(b.Body))
	case *sigma.Nested:
		return "[" + condition(b.Condition) + "]"
	case *sigma.Test:
		return line1(b)
	}
	return fmt.Sprintf("%T", b)
}

// line1 is one line: "f all neq = values".
func line1(x *sigma.Test) string {
	field := x.Field
	if field != "" && field != x.Path.String() {
		field = fmt.Sprintf("field %q with the path %q", x.Field, x.Path)
	}
	out := field
	for word, on := range map[string]bool{" all": x.All, " not": x.Neq, " exists": x.Exists && x.Present, " absent": x.Exists && !x.Present} {
		if on {
			out += word
		}
	}
	for i, v := range x.Values {
		out += map[bool]string{true: " ", false: ","}[i == 0] + v.String()
	}
	return out
}

func condition(x sigma.Expr) string {
	list := func(items []sigma.Expr, sign string) string {
		var out []string
		for _, item := range items {
			out = append(out, condition(item))
		}
		return "(" + strings.Join(out, sign) + ")"
	}
	switch x := x.(type) {
	case sigma.And:
		return list(x, " & ")
	case sigma.Or:
		return list(x, " | ")
	case sigma.Not:
		return "!" + condition(x.Item)
	case sigma.Ref:
		return tree(x.Search.Body)
	case sigma.Of:
		var out []string
		for _, s := range x.Searches {
			out = append(out, tree(s.Body))
		}
		return fmt.Sprintf("%d of {%s}", x.Need, strings.Join(out, ", "))
	}
	return fmt.Sprintf("%T", x)
}

// lines are lines of a search and the tree that they come to.
type lines struct{ name, text, want string }

func runTrees(t *testing.T, o sigma.Options, cases []lines) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, errs := link(ruleText("sel:\n  "+strings.ReplaceAll(c.text, "\n", "\n  ")+"\ncondition: sel"), o)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if d := cmp.Diff(c.want, condition(s.Rules[0].Condition)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestElements: the lines of Sigma enhancement proposal 212.
func TestElements(t *testing.T) {
	runTrees(t, sigma.Options{}, []lines{
		{"any", "a.b[any]: {c: x, 'd|cidr': 10.0.0.0/8}", `a.b<any (c "x" & d in 10.0.0.0/8)>`},
		{"all", "a[all]: {c: x}", `a<all c "x">`},
		{"all or empty", "a[all_or_empty]: {c: x}", `a<all_or_empty c "x">`},
		{"none", "a[none]: {c: 'true'}", `a<none c "true">`},
		{"a list of maps", "a[any]: [{c: x}, {d: y}]", `a<any (c "x" | d "y")>`},
		{"values are the element", "a[all]: [x, 5]", `a<all . "x",5>`},
		{"modifiers of the element", "a[any]|startswith|all: [x, y]", `a<any . all startswith "x",startswith "y">`},
		{"negated in the element", "a[all]|neq: x", `a<all . not "x">`},
		{"null element", "a[any]: null", `a<any . null>`},
		{"a field behind it", "a[any].b.c|contains: x", `a<any b.c contains "x">`},
		{"in one another", "a[any]: {type: allow, 'ip[all]|startswith': '10.'}", `a<any (type "allow" & ip<all . startswith "10.">)>`},
		{"twice in one field", "a[all].b[none].c: x", `a<all b<none c "x">>`},
		{"elements of elements", "a[any][all]: x", `a<any .<all . "x">>`},
		{"a number", "a[0]|endswith: x", `a[0] endswith "x"`},
		{"from the end", "a[-1].b: x", `a[-1].b "x"`},
		{"a number of an element", "a[any].b[0]: x", `a<any b[0] "x">`},
		{"a number of arrays in arrays", "a[any][0]: x", `a<any [0] "x">`},
		{"an element of a numbered one", "a[0].b[any]: {c: x}", `a[0].b<any c "x">`},
		{"literal brackets", `a\[0\].b\[any\]: x`, `a\[0\].b\[any\] "x"`},
		{"no quantifier, no number", `a.b: x`, `a.b "x"`},
		{
			"a condition", "a[any]:\n  condition: in_net and not 1 of is_*\n  in_net: {'ip|cidr': 10.0.0.0/8}\n  is_tcp: {p: TCP}\n  is_udp: {p: UDP}",
			`a<any [(ip in 10.0.0.0/8 & !1 of {p "TCP", p "UDP"})]>`,
		},
		{
			"the dot", "codes[any]:\n  condition: error and not gateway\n  error: {'.|gte': 500, '.|lte': 599}\n  gateway: {.: 504}",
			`codes<any [((. >= 500 & . <= 599) & !. 504)]>`,
		},
		{"a condition behind a field", "a[any].b[any]: {condition: s, s: {c: x}}", `a<any b<any [c "x"]>>`},
		{"exists behind it", "a[none].b|exists: true", `a<none b exists>`},
		{"fieldref in it", "a[any]: {'b|fieldref': c}", `a<any b field c>`},
	})
}

func TestElementsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"'a[some]': {b: x}":                   `r.yml:5:7: [some] in a[some]: use [any], [all], [all_or_empty], [none] or a number`,
		"'a[]': {b: x}":                       `[] in a[]: use [any]`,
		"'a[any': {b: x}":                     "a bracket in a[any is not closed",
		"'[any]': {b: x}":                     "[any] has no name before its bracket",
		"'a[any]b': x":                        "a[any]b: put a dot behind [any]",
		"'a[0]': {b: x}":                      "r.yml:5:16: a[0] holds a map",
		"a: {b: x}":                           "r.yml:5:11: a holds a map: want plain values, or a[any]",
		"'a[any]|contains': {b: x}":           "a[any]|contains: modifiers belong to the lines of the map",
		"'a[any]|exists': true":               "a[any]|exists: an element always exists",
		"'a[any]': {'.|exists': true}":        ".|exists: an element always exists",
		"'a[any]': {}":                        "search a[any] is empty",
		"'a[any]': []":                        "empty list",
		"'a[any]': [{b: x}, y]":               "keywords are looked for in the whole record",
		"'a[any]': {'|all': [x, y]}":          "keywords are looked for in the whole record",
		".: x":                                "a lone dot is the element of an array",
		"'a[any]': {condition: s}":            "has no search",
		"'a[any]': {condition: t, s: {b: x}}": `names "t"`,
		"'a[any]': {condition: s | count() > 5, s: {b: x}}": "an aggregation (| in a condition)",
		"'a|fieldref': 'b[any]'":                            "b[any] has no single place",
	} {
		_, err := sigma.ParseRule("r.yml", []byte(ruleText("s: {"+text+"}\ncondition: s")))
		if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}
