package sigma_test

import (
	"strings"
	"testing"

	"jobzero/internal/detect/sigma"
)

var placeholders = sigma.Options{Placeholders: map[string][]string{
	"one": {"A"}, "two": {"A", "B"}, "nets": {"10.0.0.0/8", "192.0.2.0/24"}, "odd": {`a*\?.b`}, "big": make([]string, 200), "none": {}, "n": {"5"}, "my-own.name": {"x"},
}}

func TestExpand(t *testing.T) {
	runTrees(t, placeholders, []lines{
		{"one value", "f|expand: '%one%'", `f "A"`},
		{"each value is an alternative", "f|expand: '%two%'", `f "A","B"`},
		{"among others", "f|expand: [x, '%two%']", `f "x","A","B"`},
		{"within a text", `f|expand: 'u\%two%*'`, `f "u%two%*"`},
		{"between texts", `f|expand: 'arn:%two%/*'`, `f "arn:A/*","arn:B/*"`},
		{"several", `f|expand: '%two%-%two%'`, `f "A-A","A-B","B-A","B-B"`},
		{"an escaped percent sign", `f|expand: '\%plain%one%'`, `f "%plainA"`},
		{"percent signs alone", `f|expand: '100% or 5%'`, `f "100% or 5%"`},
		{"name", `f|expand: '%my-own.name%'`, `f "x"`},
		{"without expand", "f: '%one%'", `f "%one%"`},
		{"contains", "f|contains|expand: '%two%'", `f contains "A",contains "B"`},
		{"before contains", "f|expand|contains: '%two%'", `f contains "A",contains "B"`},
		{"all", "f|contains|expand|all: ['%two%', x]", `(f contains "A",contains "B" & f contains "x")`},
		{"all of plain ones", "f|contains|expand|all: ['%one%', x]", `f all contains "A",contains "x"`},
		{"all negated", "f|contains|expand|all|neq: ['%two%', x]", `(f not contains "A",contains "B" | f not contains "x")`},
		{"networks", "f|cidr|expand: '%nets%'", `f in 10.0.0.0/8,in 192.0.2.0/24`},
		{"numbers", "f|gt|expand: '%n%'", `f > 5`},
		{"literal in a text", "f|expand: '%odd%'", `f "a\\*\\\\\\?.b"`},
		{"literal in a regular expression", "f|re|expand: '^%odd%.*'", `f /^a\*\\\?\.b.*/`},
		{"encoded", "f|expand|base64: '%two%'", `f "QQ==","Qg=="`},
		{"keywords", "'|expand': '%two%'", ` contains "A",contains "B"`},
		{"numbers are as they are", "f|expand: 5", `f 5`},
		{"in an element", "f[any]|expand: '%two%'", `f<any . "A","B">`},
	})
}

func TestExpandRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"f|expand: '%three%'":     "r.yml:6:15: placeholder %three% has no values here: give it some in a file of placeholders (content.placeholders, --placeholders), or remove the rule",
		"f|expand: [x, '%none%']": "r.yml:6:19: placeholder %none% has no values here",
		"f|expand: '%big%%big%'":  "come to more than 10000 texts",
		"f|cidr|expand: '%one%'":  `"A" is not a network`,
		"f|lt|expand: '%one%'":    `lt needs a number, not "A"`,
	} {
		_, errs := link(ruleText("sel:\n  "+text+"\ncondition: sel"), placeholders)
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, errs, want)
		}
	}
}

// TestExpandFires: a placeholder's value is text, whatever its characters mean in a rule.
func TestExpandFires(t *testing.T) {
	s, errs := link(ruleText("sel: {'f|expand|contains': '%odd%'}\ncondition: sel"), placeholders)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if !fires(t, s.Rules[0], `{"f":"xA*\\?.By"}`) || fires(t, s.Rules[0], `{"f":"aXX.b"}`) {
		t.Error("the value is not taken as it is")
	}
}
