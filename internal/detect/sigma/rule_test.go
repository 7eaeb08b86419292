package sigma_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

const fullRule = `title: Key deletion
id: 00000000-0000-4000-8000-000000000001
name: key-deletion
status: test
description: Text
author: somebody
references: [https://example.com/a]
tags:
  - attack.impact
falsepositives: none known
level: high
logsource:
  product: aws
  service: cloudtrail
  definition: any
detection:
  selection:
    eventName: ScheduleKeyDeletion
  condition: selection
jobzero:
  subject: access-key
my_own_attribute: {a: [1]}
`

func TestParseRule(t *testing.T) {
	c, err := sigma.ParseRule("d/r.yml", []byte(fullRule))
	if err != nil {
		t.Fatal(err)
	}
	want := detect.Rule{
		ID: "00000000-0000-4000-8000-000000000001", Name: "key-deletion", Title: "Key deletion", Status: "test", Level: finding.High,
		Description: "Text", Author: "somebody", References: []string{"https://example.com/a"}, Tags: []string{"attack.impact"},
		FalsePositives: []string{"none known"}, LogSource: detect.LogSource{Product: "aws", Service: "cloudtrail"},
		Logs: []event.Log{event.CloudTrail}, Subject: detect.AccessKey, File: "d/r.yml:1:1",
	}
	if d := cmp.Diff(want, c.Rule); d != "" {
		t.Error(d)
	}
}

func TestParseRuleDefaults(t *testing.T) {
	text := "title: Some title\nlogsource: {service: cloudtrail}\ndetection: {s: {a: 1}, condition: s}\n"
	c, err := sigma.ParseRule("r.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if c.Level != finding.Medium || !strings.HasPrefix(c.ID, "title-") || c.Idle != "" {
		t.Errorf("level %s, id %s, idle %q", c.Level, c.ID, c.Idle)
	}
	again, err := sigma.ParseRule("other.yml", []byte(text+"status: test\n"))
	if err != nil || again.ID != c.ID {
		t.Errorf("the id made of the title changed: %v", err)
	}
}

func TestIdle(t *testing.T) {
	for source, idle := range map[string]bool{
		"{product: aws, service: cloudtrail}": false, "{product: AWS}": false, "{service: cloudtrail}": false,
		"{product: windows, service: security}": true, "{product: aws, service: guardduty}": true,
		"{category: process_creation}": true, "{category: webserver, product: aws}": false, "{category: webserver, product: apache}": true, "{definition: x}": true,
	} {
		c, err := sigma.ParseRule("r.yml", []byte("title: t\nid: r\nlogsource: "+source+"\ndetection: {s: {a: 1}, condition: s}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if (c.Idle != "") != idle {
			t.Errorf("%s: idle %q", source, c.Idle)
		}
		e := record([]byte(`{"a":1}`))
		if !idle {
			e.Log = c.Logs[0]
		}
		if got := len(sigma.NewEngine([]*sigma.Compiled{c}).Detect(e.Record())) == 0; got != idle {
			t.Errorf("%s: silent is %v", source, got)
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	const tail = "\ncondition: s"
	cases := []struct {
		name, detection, want string
		unsupported           bool
	}{
		{"unknown modifier", "s: {'f|contain': a}" + tail, `r.yml:5:7: modifier "contain" is not known`, false},
		{"empty modifier", "s: {'f|': a}" + "\ncondition: x", `the condition names "x"`, false},
		{"two positions", "s: {'f|contains|endswith': a}" + tail, "r.yml:5:7: modifiers contains and endswith exclude", false},
		{"two kinds", "s: {'f|re|cidr': a}" + tail, "modifiers re and cidr exclude", false},
		{"re contains", "s: {'f|re|contains': a}" + tail, "modifiers contains and re exclude", false},
		{"flag without re", "s: {'f|i': a}" + tail, "modifier i only works after re", false},
		{"cidr base64", "s: {'f|cidr|base64': a}" + tail, "takes no encoding", false},
		{"windash base64", "s: {'f|windash|base64': a}" + tail, "windash and an encoding exclude", false},
		{"hour contains", "s: {'f|hour|contains': 1}" + tail, "modifier hour only works alone", false},
		{"exists all", "s: {'f|exists|all': true}" + tail, "exists takes no all", false},
		{"exists what", "s: {'f|exists': perhaps}" + tail, "exists takes one value", false},
		{"bad regex", "s: {'f|re': '['}" + tail, "r.yml:5:15: this is no regular expression", false},
		{"look-around", "s: {'f|re': '(?!a)'}" + tail, "no look-around", true},
		{"back-reference", `s: {'f|re': '(a)\1'}` + tail, "no back-references", true},
		{"bad cidr", "s: {'f|cidr': 10.0.0.300/8}" + tail, "r.yml:5:17: \"10.0.0.300/8\" is not a network", false},
		{"bad number", "s: {'f|gt': many}" + tail, "r.yml:5:15: gt needs a number", false},
		{"bad hour", "s: {'f|hour': many}" + tail, "hour needs a number", false},
		{"null contains", "s: {'f|contains': null}" + tail, "null takes no contains", false},
		{"encoded wildcard", "s: {'f|base64': 'a*'}" + tail, "has a wildcard", false},
		{"short base64offset", "s: {'f|base64offset': ''}" + tail, "too short", false},
		{"fieldref of nothing", "s: {'f|fieldref': ''}" + tail, "fieldref needs", false},
		{"keyword cidr", "s: {'|cidr': 10.0.0.0/8}" + tail, "need a field", false},
		{"map as value", "s: {f: {g: 1}}" + tail, "r.yml:5:", false},
		{"empty list", "s: {f: []}" + tail, "empty list", false},
		{"empty search", "s: {}" + tail, "search s is empty", false},
		{"null search", "s:" + tail, "search s is empty", false},
		{"empty list of maps", "s: []" + tail, "empty list", false},
		{"list in a list", "s: [[a]]" + tail, "list in a list", false},
		{"no condition", "s: {f: 1}", "no condition", false},
		{"no search", "condition: s", "no search", false},
		{"unknown search", "s: {f: 1}\ncondition: s and t", `r.yml:6:14: the condition names "t", which the detection does not have: it has s`, false},
		{"condition ends", "s: {f: 1}\ncondition: s and", "r.yml:6:14: the condition ends too early", false},
		{"not nothing", "s: {f: 1}\ncondition: not", "ends too early", false},
		{"and first", "s: {f: 1}\ncondition: and s", `"and" is out of place`, false},
		{"two searches", "s: {f: 1}\ncondition: s s", `"s" is out of place`, false},
		{"open parenthesis", "s: {f: 1}\ncondition: (s", "not closed", false},
		{"closed parenthesis", "s: {f: 1}\ncondition: s)", `")" is out of place`, false},
		{"empty parentheses", "s: {f: 1}\ncondition: ()", `")" is out of place`, false},
		{"of nothing", "s: {f: 1}\ncondition: 1 of", "1 of what?", false},
		{"of no match", "s: {f: 1}\ncondition: 1 of t*", "no search has such a name", false},
		{"none of", "s: {f: 1}\ncondition: 0 of s*", "want a number from 1", false},
		{"too many of", "s: {f: 1}\ncondition: 3 of s*", "can never hold", false},
		{"some of", "s: {f: 1}\ncondition: some of s*", `"some" of s*`, false},
		{"map as condition", "s: {f: 1}\ncondition: {a: 1}", "a condition is a text", false},
		{"empty condition list", "s: {f: 1}\ncondition: []", "list of conditions is empty", false},
		{"deep condition", "s: {f: 1}\ncondition: " + strings.Repeat("(", 2000) + "s", "more than 50 levels", false},
		{"many nots", "s: {f: 1}\ncondition: " + strings.Repeat("not ", 2000) + "s", "more than 50 levels", false},
		{"long condition", "s: {f: 1}\ncondition: s" + strings.Repeat(" or s", 5000), "characters, more than", false},
		{"count", "s: {f: 1}\ntimeframe: 1m\ncondition: s | count() > 5", "r.yml:7:14: correlations are not supported here yet", true},
		{"timeframe", "s: {f: 1}\ntimeframe: 5m\ncondition: s", "r.yml:6:14: a timeframe belongs to an aggregation", false},
		{"placeholder", "s: {'f|expand': '%a%'}" + tail, "r.yml:5:19: placeholder %a% has no values here", true},
		{"expand exists", "s: {'f|expand|exists': true}" + tail, "exists takes no all, no cased and no expand", false},
		{"expand fieldref", "s: {'f|expand|fieldref': g}" + tail, "fieldref takes no expand", false},
		{"null re", "s: {'f|re': null}" + tail, "r.yml:5:15: null is no regular expression", false},
		{"not a number", "s: {'f|gt': NaN}" + tail, `r.yml:5:15: gt needs a number, not "NaN"`, false},
		{"no end", "s: {'f|lt': '-Inf'}" + tail, `lt needs a number, not "-Inf"`, false},
		{"impossible hour", "s: {'f|hour|lt': 24}" + tail, "r.yml:5:20: hour 24 can never be: it is a number from 0 to 23", false},
		{"impossible month", "s: {'f|month': 0}" + tail, "month 0 can never be", false},
		{"pipe in parentheses", "s: {f: 1}\ncondition: [s, s | count() > 5]", "an aggregation (| in a condition) must be the end", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := sigma.ParseRule("r.yml", []byte(ruleText(c.detection)))
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v\nwant %s", err, c.want)
			}
			if sigma.Unsupported(err) != c.unsupported {
				t.Errorf("unsupported is %v", !c.unsupported)
			}
		})
	}
}

func TestParseRuleRefusesAbout(t *testing.T) {
	const rest = "logsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n"
	for text, want := range map[string]string{
		"id: a\n" + rest:                                            "r.yml:1:1: a rule needs a title",
		"title: t\nlevel: bad\n" + rest:                             `r.yml:2:8: level "bad": use informational`,
		"title: t\nid: a b\n" + rest:                                `r.yml:2:5: id "a b": use a UUID`,
		"title: [t]\n" + rest:                                       "title is a list: want a text",
		"title: t\ntags: [[a]]\n" + rest:                            "tags holds a list",
		"title: t\njobzero: {subject: moon}\n" + rest:               `r.yml:2:20: subject "moon": use principal, access-key`,
		"title: t\njobzero: {object: moon}\n" + rest:                `r.yml:2:11: unknown field "object"`,
		"title: t\ndetection: {s: {a: 1}, condition: s}\n":          "a rule needs a logsource",
		"title: t\nlogsource: {product: aws}\n":                     "a rule needs a detection",
		"- a\n":                                                     "a rule is a map",
		"title: t\njobzero: [a]\n" + rest:                           "r.yml:2:10: jobzero is a list: want a map",
		"title: t\ncorrelation: a\n" + rest:                         "r.yml:4:1: this document has correlation and detection",
		"":                                                          "0 rules in this file",
		"title: t\n" + rest + "---\ntitle: u\n" + rest:              "2 rules in this file",
		"title: t\ntitle: u\n" + rest:                               "r.yml:2:1: ",
		"title: t\nlogsource: {product: aws}\ndetection: {s: &a b}": "anchors",
	} {
		_, err := sigma.ParseRule("r.yml", []byte(text))
		if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	rule := func(id string) []byte {
		return []byte("title: t\nid: " + id + "\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n")
	}
	fsys := fstest.MapFS{
		"rules/b/z.yml":      {Data: rule("1")},
		"rules/a.yaml":       {Data: append(append(rule("3"), "---\n"...), rule("2")...)},
		"rules/again.yml":    {Data: rule("3")},
		"rules/bad.yml":      {Data: []byte("title: t\n")},
		"rules/a.test":       {Data: []byte("not yaml: [")},
		"rules/readme.md":    {Data: []byte("# rules")},
		"rules/.git/x.yml":   {Data: []byte("no rule")},
		"rules/big.yml":      {Data: []byte(strings.Repeat("#", 2<<20))},
		"elsewhere/here.yml": {Data: rule("9")},
	}
	rules, errs := sigma.Load(fsys, "rules")
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	if d := cmp.Diff([]string{"1", "2", "3"}, ids); d != "" {
		t.Error(d)
	}
	var texts []string
	for _, err := range errs {
		texts = append(texts, err.Error())
	}
	want := []string{
		"rules/again.yml:1:1: the id 3 is taken by rules/a.yaml:1:1: give this rule its own",
		"rules/bad.yml:1:1: a rule needs a logsource: for CloudTrail write product: aws and service: cloudtrail",
		"rules/big.yml:1:1: 1048577 bytes, more than the limit of 1048576: split the file",
	}
	if d := cmp.Diff(want, texts); d != "" {
		t.Error(d)
	}
	if rules, errs := sigma.Load(fsys, "rules/b/z.yml"); len(rules) != 1 || len(errs) != 0 {
		t.Errorf("a single file: %d rules, %v", len(rules), errs)
	}
	if rules, errs := sigma.Load(fsys, "none"); len(rules) != 0 || len(errs) != 1 || !fault.Is(errs[0], fault.NotFound) {
		t.Errorf("a folder that is not there: %d rules, %v", len(rules), errs)
	}
}
