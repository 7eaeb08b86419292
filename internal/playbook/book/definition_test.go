package book_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/expr"
	"jobzero/internal/playbook/book"
)

const definition = `id: close-bucket
title: Close a bucket
why: It must not be public.
when:
  expectations: [not-public]
steps:
  - {id: policy, action: s3.remove-public-policy}
  - {id: block, action: s3.block-public-access}
`

var badDefinitions = map[string]struct{ from, to, want string }{
	"unknown key":        {"title:", "titel:", "bad.yml:2:1: "},
	"no trigger":         {"[not-public]", "[]", "when: name the expectations or rules"},
	"rule without proof": {"expectations: [not-public]", "rules: [abc]", "settled, settled_by: a playbook for rules needs one"},
	"same step twice":    {"id: block", "id: policy", `steps[1]: id "policy" must be unique`},
	"slash in a step":    {"id: block", "id: a/b", "made of small letters"},
	"nothing to do":      {"action: s3.block-public-access", "params: {}", "bad.yml:8:6: steps[1]: id and what it does are both needed"},
	"two things at once": {"action: s3.block", "gather: [who], action: s3.block", "steps[1]: does action and gather"},
	"no such gatherer":   {"action: s3.block-public-access", "gather: [weather]", `nobody gathers "weather"`},
	"no such field":      {"id: block, action: s3.block-public-access", "id: block, action: x, if: finding.colour == 'red'", "bad.yml:8:"},
	"not true or false":  {"id: block, action: s3.block-public-access", "id: block, action: x, if: '1 + 1'", "bad.yml:8:"},
	"else not last":      {"action: s3.block-public-access", "decide: [{steps: []}, {if: 'true'}]", "only the last branch may be without a condition"},
	"params of a wait":   {"action: s3.block-public-access", "wait: {for: 1m}, params: {a: b}", "are for an action"},
	"wait for nothing":   {"action: s3.block-public-access", "wait: {}", "wants for, a duration"},
	"twice the same":     {"action: s3.block-public-access", "action: x, params: {a: b}, with: {a: finding.id}", "is in params and in with"},
	"schedule":           {"expectations: [not-public]", "schedule: hourly", "bad.yml:5:"},
	"a state":            {"expectations: [not-public]", "tickets: [lost]", `"lost" is no state of a ticket`},
	"guard":              {"steps:", "guards: [{if: 'true', else: stop}]\nsteps:", "plan, wait or person"},
}

func TestBadDefinitionsSayWhereAndWhat(t *testing.T) {
	for name, tc := range badDefinitions {
		_, err := book.Parse("bad.yml", []byte(strings.Replace(definition, tc.from, tc.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "bad.yml") {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestABadPlaybookDoesNotStopTheOthers(t *testing.T) {
	all, bad := book.Load(fstest.MapFS{
		"p/a.yml": {Data: []byte(definition)}, "p/b.yml": {Data: []byte("id: [")}, "p/c.yml": {Data: []byte(definition)},
	}, "p")
	if len(all) != 1 || len(bad) != 2 || !strings.Contains(bad[1].Error(), `p/c.yml:1:5: id "close-bucket" is taken by p/a.yml`) {
		t.Errorf("got %d playbooks and %v", len(all), bad)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(definition))
	f.Add([]byte("id: x\nsteps: [{}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := book.Parse("fuzz.yml", text)
		if err == nil && (d.ID == "" || len(d.Steps) == 0) {
			t.Errorf("accepted without an id or steps: %+v", d)
		}
	})
}

const everything = `id: all-of-it
title: Every kind of step
why: To see that each is read.
when: {rules: [r], schedule: "30 6 * * 1", tickets: [human], hand: true}
settled: "true"
contains: true
on_failure: stop
guards:
  - {if: 'account.environment != "production"', why: not in production, else: person}
steps:
  - {id: look, gather: [who, activity]}
  - id: fork
    decide:
      - if: finding.severity == "critical"
        steps:
          - id: both
            parallel:
              - steps: [{id: a, action: x, approve: {persons: 2, within: 1h}}]
              - steps: [{id: b, action: y, on: {type: "AWS::IAM::User", id: finding.principal}, with: {who: steps.look.output.who}, always: true}]
      - steps: [{id: pause, wait: {for: 15m}}]
  - {id: ask, approval: {why: Is it yours?}}
  - {id: call, manual: {do: Call the owner., within: 4h}}
  - {id: say, notify: {to: owner, say: "{{ finding.title }} in {{finding.account}}: {{ finding.principal }}"}}
  - {id: hook, webhook: {name: siem, body: {what: finding.title}}}
  - {id: fn, lambda: {function: tidy, payload: {who: finding.principal}}, timeout: 1m, retry: {times: 3}}
  - {id: doc, document: {name: AWS-StopEC2Instance, params: {InstanceId: finding.resource.id}}}
  - {id: rest, playbook: close-bucket, if: freeze == false}
`

func TestEveryKindOfStepIsRead(t *testing.T) {
	d, err := book.Parse("all.yml", []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.All()); n != 13 {
		t.Errorf("%d steps", n)
	}
	scene := book.Scene{Vars: map[string]any{
		"finding": map[string]any{"title": "Key used", "account": "111122223333", "severity": "high"}, "account": map[string]any{"environment": "production"},
	}, Unknown: []string{"finding.principal"}}
	if v, why := d.Holds("guards[0].if", scene); v != expr.False {
		t.Errorf("guard: %v, %s", v, why)
	}
	if v, why := d.Holds("steps[8].if", scene); v != expr.Unknown || !strings.Contains(why, "freeze") {
		t.Errorf("what is not known: %v, %s", v, why)
	}
	if got := d.Fill(d.All()[8], scene); !strings.HasPrefix(got, "Key used in 111122223333: (finding.principal is not known") {
		t.Errorf("filled: %s", got)
	}
}

func TestAPlaybookMayNotRunItself(t *testing.T) {
	text := func(id, runs string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("id: " + id + "\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: [{id: s, playbook: " + runs + "}]\n")}
	}
	all, bad := book.Load(fstest.MapFS{"p/a.yml": text("a", "b"), "p/b.yml": text("b", "a"), "p/c.yml": text("c", "nobody"), "p/d.yml": {Data: []byte(definition)}, "p/e.yml": text("e", "close-bucket")}, "p")
	if len(all) != 2 || len(bad) != 3 || !strings.Contains(bad[0].Error(), "a runs b runs a") && !strings.Contains(bad[0].Error(), "runs itself") {
		t.Errorf("%d good, bad: %v", len(all), bad)
	}
	parts, err := all[1].Whole(all)
	if err != nil || len(parts) != 2 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	tree, err := book.Tree(parts)
	if err != nil || len(book.Every(tree)) != 3 || book.Every(tree)[2].ID != "s.block" {
		t.Errorf("%v, %v", book.Every(tree), err)
	}
}
