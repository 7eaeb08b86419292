package sigma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

const mappings = `mappings:
  - logsource: {product: aws}
    fields:
      src_ip: sourceIPAddress
      user: [userIdentity.userName, userIdentity.arn]
      role: {to: userIdentity.arn, prefix: 'arn:*/'}
      who: userIdentity
      first: items[0]
  - taxonomy: ecs
    fields: {source.ip: sourceIPAddress}
  - logsource: {product: aws, service: cloudtrail}
    fields: {src_ip: never, extra: e}
`

func options(t *testing.T) sigma.Options {
	t.Helper()
	m, err := sigma.ReadMappings("m.yml", []byte(mappings))
	if err != nil {
		t.Fatal(err)
	}
	return sigma.Options{Mappings: m, Placeholders: map[string][]string{"two": {"A", "B"}}}
}

func TestMapping(t *testing.T) {
	runTrees(t, options(t), []lines{
		{"one place, the first that is said", "src_ip|cidr: 10.0.0.0/8", `sourceIPAddress in 10.0.0.0/8`},
		{"every mapping that fits", "extra: x", `e "x"`},
		{"another taxonomy", "source.ip: x", `source.ip "x"`},
		{"no mapping", "eventName: x", `eventName "x"`},
		{"either", "user: x", `(userIdentity.userName "x" | userIdentity.arn "x")`},
		{"neither", "user|neq: x", `(userIdentity.userName not "x" & userIdentity.arn not "x")`},
		{"all in one of them", "user|contains|all: [x, y]", `(userIdentity.userName all contains "x",contains "y" | userIdentity.arn all contains "x",contains "y")`},
		{"in either", "user|exists: true", `(userIdentity.userName exists | userIdentity.arn exists)`},
		{"in none", "user|exists: false", `(userIdentity.userName absent & userIdentity.arn absent)`},
		{"null in all", "user: null", `(userIdentity.userName null & userIdentity.arn null)`},
		{"null or a text", "user: [null, x]", `((userIdentity.userName "x" | userIdentity.arn "x") | (userIdentity.userName null & userIdentity.arn null))`},
		{"not null and no text", "user|neq: [null, x]", `((userIdentity.userName not "x" & userIdentity.arn not "x") & (userIdentity.userName not null | userIdentity.arn not null))`},
		{"placeholders", "user|expand: '%two%'", `(userIdentity.userName "A","B" | userIdentity.arn "A","B")`},
		{"below it", "who.arn: x", `userIdentity.arn "x"`},
		{"not the same name", "whose: x", `whose "x"`},
		{"an element of it", "who[any]: {src_ip: x}", `userIdentity<any src_ip "x">`},
		{"a numbered place", "first.user: x", `items[0].user "x"`},
		{"a prefix", "role: [Admin, '*x']", `userIdentity.arn "arn:\\*/Admin","arn:\\*/*x"`},
		{"a prefix of a start", "role|startswith: A", `userIdentity.arn startswith "arn:\\*/A"`},
		{"a prefix and numbers", "role: 5", `userIdentity.arn "arn:\\*/5"`},
		{"no prefix in the middle", "role|contains: A", `userIdentity.arn contains "A"`},
		{"no prefix at the end", "role|endswith: A", `userIdentity.arn endswith "A"`},
		{"a prefix and null", "role: null", `userIdentity.arn null`},
		{"another field", "eventName|fieldref: src_ip", `eventName field sourceIPAddress`},
		{"other fields", "src_ip|fieldref: user", `sourceIPAddress field userIdentity.userName,field userIdentity.arn`},
		{"all other fields", "eventName|fieldref|all: [user, f]", `(eventName field userIdentity.userName,field userIdentity.arn & eventName field f)`},
	})
}

func TestMappingRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"user[any]: x":             "r.yml:6:5: user[any] may be in 2 places, and so cannot have brackets",
		"role|re: x":               "r.yml:6:14: the field's values have a prefix in the event, which only goes with texts and not with re",
		"role|base64: x":           "does not go with an encoding",
		"eventName|fieldref: role": "field role has a prefix before its values",
	} {
		_, errs := link(ruleText("sel:\n  "+text+"\ncondition: sel"), options(t))
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, errs, want)
		}
	}
}

// TestMappingFires: the rule looks into the field that the event has.
func TestMappingFires(t *testing.T) {
	s, errs := link(ruleText("sel: {src_ip: 10.0.0.1, user: [null, mia]}\ncondition: sel"), options(t))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for raw, want := range map[string]bool{
		`{"sourceIPAddress":"10.0.0.1","userIdentity":{"userName":"Mia"}}`:           true,
		`{"sourceIPAddress":"10.0.0.1","userIdentity":{"userName":"x","arn":"mia"}}`: true,
		`{"sourceIPAddress":"10.0.0.1"}`:                                             true,
		`{"sourceIPAddress":"10.0.0.1","userIdentity":{"arn":"x"}}`:                  false,
		`{"src_ip":"10.0.0.1"}`:                                                      false,
	} {
		if got := fires(t, s.Rules[0], raw); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

// TestMappingExplains: people read both names.
func TestMappingExplains(t *testing.T) {
	s, errs := link(ruleText("sel: {'user|contains': x}\ncondition: sel"), options(t))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	why, err := s.Rules[0].Explain(&event.Event{Raw: []byte(`{"userIdentity":{"arn":"axb"}}`)})
	want := `sel matched: user|contains (userIdentity.arn) = "axb" matches contains "x"`
	if d := cmp.Diff(want, detect.Explain(why)); d != "" || err != nil {
		t.Error(d, err)
	}
}

// TestMappingOfRules: a mapping is for the rules of its log source and taxonomy, and so is the place of a filter's fields.
func TestMappingOfRules(t *testing.T) {
	const filter = "title: f\nid: f\nlogsource: {product: aws}\nfilter: {rules: any, g: {extra: x}, condition: g}\n"
	rule := func(id, source, more string) string {
		return "title: t\nid: " + id + "\nlogsource: " + source + "\ndetection: {s: {source.ip: x, extra: y}, condition: s}\n" + more
	}
	s, errs := link(join(filter, rule("trail", "{product: aws, service: cloudtrail}", ""), rule("aws", "{product: aws}", ""), rule("ecs", "{product: aws}", "taxonomy: ecs\n")), options(t))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	got := map[string]string{}
	for _, r := range s.Rules {
		got[r.ID] = condition(r.Condition) + r.Idle
	}
	want := map[string]string{
		"trail": `((source.ip "x" & e "y") & !e "x")`,
		"aws":   `((source.ip "x" & extra "y") & !extra "x")`,
		"ecs":   `((sourceIPAddress "x" & extra "y") & !extra "x")`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	s, _ = link(rule("r", "{product: aws}", "taxonomy: ocsf\n"), options(t))
	if s.Rules[0].Idle != "there is no mapping for its taxonomy ocsf" {
		t.Errorf("idle %q", s.Rules[0].Idle)
	}
}

// TestPaths: where correlations find the fields of a rule's events.
func TestPaths(t *testing.T) {
	s, errs := link(ruleText("sel: {a: 1}\ncondition: sel"), options(t))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for field, want := range map[string][]string{
		"src_ip": {"sourceIPAddress"}, "user": {"userIdentity.userName", "userIdentity.arn"}, "resources[0].ARN": {"resources[0].ARN"}, "a[any]": nil,
	} {
		var got []string
		for _, p := range s.Rules[0].Paths(field) {
			got = append(got, p.String())
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", field, d)
		}
	}
}

func TestReadMappings(t *testing.T) {
	got, err := sigma.ReadMappings("m.yml", []byte("mappings:\n  - logsource: {category: c, product: p, service: s}\n    taxonomy: ecs\n    fields: {a: b, c: {to: [d, e], prefix: x}}\n"))
	want := []sigma.Mapping{{
		LogSource: detect.LogSource{Category: "c", Product: "p", Service: "s"}, Taxonomy: "ecs",
		Fields: map[string][]sigma.Place{"a": {{Field: "b"}}, "c": {{Field: "d", Prefix: "x"}, {Field: "e", Prefix: "x"}}},
	}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for text, want := range map[string]string{
		"a: b\n":             `m.yml:1:1: unknown field "a" in a file of mappings`,
		"- a\n":              "a file of mappings is a list",
		"mappings: {a: b}\n": "want mappings: and a list",
		"mappings: [{fields: {a: b}, source: x}]\n":            `unknown field "source" in a mapping`,
		"mappings: [{fields: {a: b}, logsource: {prod: x}}]\n": `unknown field "prod" in logsource`,
		"mappings: [{fields: {}}]\n":                           "a mapping needs fields",
		"mappings: [{fields: [a]}]\n":                          "a mapping needs fields",
		"mappings: [{fields: {a: []}}]\n":                      "a has an empty list of places",
		"mappings: [{fields: {a: [[b]]}}]\n":                   "the place of a is a list",
		"mappings: [{fields: {a: 5}}]\n":                       "m.yml:1:25: the place of a is a number",
		"mappings: [{fields: {a: 'b[any]'}}]\n":                "b[any] has no single place",
		"mappings: [{fields: {a: {prefix: x}}}]\n":             "a has a prefix but no place",
		"mappings: [{fields: {a: {to: b, suffix: x}}}]\n":      `unknown field "suffix"`,
		"mappings: [{fields: {a: b}, taxonomy: [x]}]\n":        "taxonomy is a list",
	} {
		if _, err := sigma.ReadMappings("m.yml", []byte(text)); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "m.yml:1:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		}
	}
}
