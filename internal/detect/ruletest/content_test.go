package ruletest_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/ruletest"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/doc"
	"jobzero/internal/event"
	"jobzero/internal/source/logs"
)

const (
	contentDir  = "../../../content/rules"
	playbookDir = "../../../content/playbooks"
)

// parse is a test's own reading of a record; the product's is in another room.
func parse(raw []byte, origin event.Origin) (*event.Event, error) {
	var r struct {
		EventID, EventName, EventSource, AwsRegion, RecipientAccountID, SourceIPAddress, UserAgent, ErrorCode string
		EventTime                                                                                             time.Time
		UserIdentity                                                                                          struct{ Type, ARN, AccountID, AccessKeyID, UserName, InvokedBy string }
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, err
	}
	u := r.UserIdentity
	return &event.Event{
		ID: event.ID(r.EventID), Name: r.EventName, Source: r.EventSource, Region: r.AwsRegion, Account: r.RecipientAccountID,
		Time: r.EventTime, SourceIP: r.SourceIPAddress, UserAgent: r.UserAgent, ErrorCode: r.ErrorCode, Origin: origin, Raw: raw,
		Actor: event.Actor{Type: u.Type, ARN: u.ARN, Account: u.AccountID, AccessKey: u.AccessKeyID, UserName: u.UserName, InvokedBy: u.InvokedBy},
	}, nil
}

// open reads CloudTrail with the reading above, and other logs as the product does.
func open(all []event.Log) ruletest.Parse {
	if slices.Equal(all, []event.Log{event.CloudTrail}) {
		return parse
	}
	return logs.Options{}.Among(all)
}

// TestContent runs every .test file beside the embedded rules.
func TestContent(t *testing.T) {
	results := ruletest.Run(os.DirFS(contentDir), ".", open)
	if len(results) < 400 {
		t.Errorf("only %d cases", len(results))
	}
	for _, r := range results {
		if !r.OK {
			t.Errorf("%s %s: %s", r.File, r.Case, r.Why)
		}
	}
}

// TestContentIsComplete: each embedded rule loads, can match, says all about itself, has cases of both kinds and an answer.
func TestContentIsComplete(t *testing.T) {
	fsys := os.DirFS(contentDir)
	rules, errs := sigma.Load(fsys, ".")
	for _, err := range errs {
		t.Error(err)
	}
	if len(rules) < 100 {
		t.Errorf("only %d rules", len(rules))
	}
	playbooks := rulesOfPlaybooks(t)
	names := map[string]string{}
	for _, r := range rules {
		file, _, _ := strings.Cut(r.File, ":")
		for _, lack := range slices.Concat(lacks(&r.Rule), lacksLevel(t, fsys, file), lacksCases(fsys, file), lacksAnswer(r.Answer, r.ID, playbooks)) {
			t.Errorf("%s: %s", file, lack)
		}
		if other := names[r.Name]; other != "" {
			t.Errorf("%s: the name %s is taken by %s", file, r.Name, other)
		}
		names[r.Name] = file
	}
}

var (
	uuid      = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	kebab     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	technique = regexp.MustCompile(`^attack\.t1\d{3}(\.\d{3})?$`)
)

// broad is Sigma's tag for a rule that is broad by intention: test/quality holds no verdict about an attack against it.
const broad = "detection.threat-hunting"

// tactics of ATT&CK, as Sigma writes them.
var tactics = []string{
	"attack.reconnaissance", "attack.resource-development", "attack.initial-access", "attack.execution", "attack.persistence",
	"attack.privilege-escalation", "attack.defense-evasion", "attack.credential-access", "attack.discovery", "attack.lateral-movement",
	"attack.collection", "attack.command-and-control", "attack.exfiltration", "attack.impact",
}

// lacks says in words what a rule does not tell about itself.
func lacks(r *detect.Rule) (out []string) {
	want := func(ok bool, lack string) {
		if !ok {
			out = append(out, lack)
		}
	}
	want(r.Idle == "", r.Idle)
	want(uuid.MatchString(r.ID), "id "+r.ID+" is no UUID of version 4")
	want(kebab.MatchString(r.Name), "name "+r.Name+" is not in kebab-case")
	want(r.Description != "" && len(r.References) > 0 && len(r.FalsePositives) > 0 && r.Author != "" && r.Status != "",
		"description, references, falsepositives, author and status are wanted")
	want(slices.ContainsFunc(r.Tags, technique.MatchString), "no ATT&CK technique among its tags")
	want(slices.ContainsFunc(r.Tags, func(tag string) bool { return slices.Contains(tactics, tag) }), "no ATT&CK tactic among its tags")
	for _, tag := range r.Tags {
		want(technique.MatchString(tag) || slices.Contains(tactics, tag) || tag == broad, "tag "+tag+" is neither a tactic nor a technique")
	}
	return out
}

// lacksLevel looks into the file, because a rule without a level is read as medium.
func lacksLevel(t *testing.T, fsys fs.FS, file string) []string {
	for _, n := range parseDoc(t, fsys, file) {
		if n.Get("level") == nil {
			return []string{"a level is wanted"}
		}
	}
	return nil
}

// lacksCases wants a case that fires, and two that do not: one by a hair, one by the outcome.
func lacksCases(fsys fs.FS, file string) []string {
	kinds := map[string]int{}
	for _, c := range ruletest.Run(fsys, file, open) {
		kinds[path.Dir(c.Case)]++
	}
	if kinds["fire"] < 1 || kinds["quiet"] < 2 {
		return []string{"its .test file needs one case in fire/ and two in quiet/"}
	}
	return nil
}

// lacksAnswer: somebody must know what to do when the rule fires, and a playbook that is named must know the rule.
func lacksAnswer(a detect.Answer, id string, playbooks map[string][]string) []string {
	rules, known := playbooks[a.Playbook]
	switch {
	case a.Playbook == "" && a.Person == "":
		return []string{"say under jobzero which playbook settles it, or what a person looks at first"}
	case a.Playbook != "" && !known:
		return []string{"there is no playbook " + a.Playbook}
	case a.Playbook != "" && !slices.Contains(rules, id):
		return []string{"the playbook " + a.Playbook + " does not list " + id}
	}
	return nil
}

// rulesOfPlaybooks gives the ids of the rules that each embedded playbook answers.
func rulesOfPlaybooks(t *testing.T) map[string][]string {
	fsys := os.DirFS(playbookDir)
	files, err := fs.Glob(fsys, "*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d playbooks, %v", len(files), err)
	}
	out := map[string][]string{}
	for _, file := range files {
		for _, n := range parseDoc(t, fsys, file) {
			id := n.Get("id").Text
			out[id] = []string{}
			if rules := n.Get("when").Get("rules"); rules != nil {
				for _, item := range rules.Items {
					out[id] = append(out[id], item.Text)
				}
			}
		}
	}
	return out
}

func parseDoc(t *testing.T, fsys fs.FS, file string) []*doc.Node {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := doc.Parse(file, data)
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

// TestLacks: what the test above looks for is found when it is missing.
func TestLacks(t *testing.T) {
	whole := detect.Rule{
		ID: "a4e6c8d2-0f1b-4d73-9b5e-7c2d4f6a8b05", Name: "some-rule", Description: "d", Author: "a", Status: "test",
		References: []string{"r"}, FalsePositives: []string{"f"}, Tags: []string{"attack.impact", "attack.t1485"},
	}
	if got := lacks(&whole); len(got) != 0 {
		t.Errorf("a whole rule lacks %q", got)
	}
	for want, spoil := range map[string]func(r *detect.Rule){
		"no UUID":             func(r *detect.Rule) { r.ID = "some-rule" },
		"kebab-case":          func(r *detect.Rule) { r.Name = "Some_Rule" },
		"description":         func(r *detect.Rule) { r.FalsePositives = nil },
		"no ATT&CK technique": func(r *detect.Rule) { r.Tags = []string{"attack.impact"} },
		"no ATT&CK tactic":    func(r *detect.Rule) { r.Tags = []string{"attack.t1485"} },
		"neither a tactic":    func(r *detect.Rule) { r.Tags = append(slices.Clone(r.Tags), "attack.defence") },
		"its log source":      func(r *detect.Rule) { r.Idle = "its log source is not read" },
	} {
		r := whole
		spoil(&r)
		if got := strings.Join(lacks(&r), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	playbooks := map[string][]string{"close": {"id-1"}}
	for want, a := range map[string]detect.Answer{
		"say under jobzero":  {},
		"there is no":        {Playbook: "open"},
		"does not list id-2": {Playbook: "close", Person: "Look."},
	} {
		if got := strings.Join(lacksAnswer(a, "id-2", playbooks), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	if got := lacksAnswer(detect.Answer{Playbook: "close"}, "id-1", playbooks); got != nil {
		t.Errorf("a rule with a playbook lacks %q", got)
	}
	bare := fstest.MapFS{"r.yml": {Data: []byte(rule)}, "r.test": {Data: []byte("-- fire/a.json --\n{}\n-- quiet/a.json --\n{}\n")}}
	if lacksLevel(t, bare, "r.yml") == nil || lacksCases(bare, "r.yml") == nil {
		t.Error("a rule without level and second quiet case lacks nothing")
	}
}
