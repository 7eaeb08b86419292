package lint_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/content"
	"jobzero/internal/detect/lint"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/testcorpus"
)

const head = "logsource: {product: aws, service: cloudtrail}\n"

// good is a rule that nothing is wrong with, with changes.
func good(id string, change ...string) string {
	text := "title: T " + id + "\nid: " + id + "\n" + head + `detection:
  s: {eventName: A}
  condition: s
falsepositives: [Never mind.]
tags: [attack.t1078]
jobzero: {person: Look at it.}
`
	return strings.NewReplacer(change...).Replace(text)
}

func check(files map[string]string) lint.Report {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return lint.Check([]lint.Folder{{FS: fsys, Root: ".", Prefix: "dir"}}, lint.Options{Playbooks: map[string]bool{"known": true}})
}

func lines(r lint.Report) (out []string) {
	for _, p := range r.Problems {
		out = append(out, fmt.Sprintf("%s:%d:%d %s %s %s", p.File, p.Line, p.Column, p.Severity, p.Code, p.Text))
	}
	return out
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"good":              {good("a"), ""},
		"known playbook":    {good("a", "person: Look at it.", "playbook: known"), ""},
		"broken":            {"a: [", "dir/a.yml:1:"},
		"no rule":           {"title: x\n", "dir/a.yml:1:1 error unreadable a rule needs a logsource"},
		"modifier":          {good("a", "eventName:", "eventName|nosuch:"), `dir/a.yml:5:7 error unreadable modifier "nosuch" is not known: use contains`},
		"placeholder":       {good("a", "eventName: A", "'eventName|expand': '%x%'"), "dir/a.yml:5:27 error unsupported placeholder %x% has no values here"},
		"schema":            {good("a", "title:", "date: 2026/01/01\ntitle:"), `dir/a.yml:1:7 error schema date is "2026/01/01"`},
		"idle":              {good("a", "cloudtrail", "nosuch"), "dir/a.yml:3:13 warning idle the rule can never match here: its log source"},
		"never":             {good("a", "condition: s", "condition: s and not s"), "dir/a.yml:6:14 warning senseless the condition can never hold"},
		"unused":            {good("a", "  condition", "  t: {f: 1}\n  condition"), "dir/a.yml:6:3 warning unused-search search t is never looked at"},
		"tag":               {good("a", "[attack.t1078]", "[attack.t1078, attack.t1]"), "dir/a.yml:8:22 warning tag tag attack.t1 is no technique"},
		"no tag":            {good("a", "tags: [attack.t1078]\n", ""), "dir/a.yml:1:1 warning no-attack-tag no tag says"},
		"no falsepositives": {good("a", "falsepositives: [Never mind.]\n", ""), "dir/a.yml:1:1 warning no-falsepositives falsepositives is missing"},
		"no answer":         {good("a", "jobzero: {person: Look at it.}\n", ""), "dir/a.yml:1:1 warning no-answer nothing says what to do"},
		"unknown playbook":  {good("a", "person: Look at it.", "playbook: other"), "dir/a.yml:9:21 error unknown-playbook there is no playbook other"},
		"same id":           {good("a") + "---\n" + good("a", "T a", "U"), "dir/a.yml:11:1 error duplicate-id the id a is taken by dir/a.yml:1:1"},
		"same title":        {good("a") + "---\n" + good("b", "T b", "T a"), "dir/a.yml:11:1 warning duplicate-title the title is that of dir/a.yml:1:1"},
		"unlinked": {
			good("a") + "---\n" + "title: C\nid: c\ncorrelation: {type: event_count, rules: [nobody], timespan: 1m, condition: {gte: 2}}\n" +
				"tags: [attack.t1078]\nfalsepositives: [None known.]\njobzero: {person: x}\n",
			"dir/a.yml:13:42 error unlinked no rule has nobody",
		},
		"filter of nobody": {
			good("a") + "---\n" + "title: F\nid: f\n" + head + "filter: {rules: [nobody], s: {f: 1}, condition: s}\n",
			"dir/a.yml:14:18 error unlinked no rule has nobody",
		},
		"filter": {good("a") + "---\n" + "title: F\nid: f\n" + head + "filter: {rules: [a], s: {f: 1}, condition: s}\n", ""},
	} {
		got := lines(check(map[string]string{"a.yml": c.text, "a.test": "", "note.txt": "x", ".hidden/b.yml": "a: ["}))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, "\n     "), c.want)
		}
	}
	r := check(map[string]string{"a.yml": good("a"), "sub/b.yaml": "a: [", "a.test": ""})
	if r.Files != 2 || r.Rules != 1 || r.Tests != 1 || r.Errors() != 1 {
		t.Errorf("%+v", r)
	}
}

// What cannot be read at all is an error, and not passed over.
func TestCheckWithoutFiles(t *testing.T) {
	r := lint.Check([]lint.Folder{{FS: fstest.MapFS{}, Root: "nowhere"}}, lint.Options{})
	if r.Errors() != 1 || !strings.Contains(r.Problems[0].Text, "nowhere") {
		t.Errorf("%+v", r.Problems)
	}
	r = lint.Check([]lint.Folder{{FS: fstest.MapFS{"a.yml": {Mode: fs.ModeNamedPipe}}, Root: "."}}, lint.Options{})
	if r.Errors() != 1 {
		t.Errorf("%+v", r.Problems)
	}
}

// The rules that are built in are an example to others.
func TestBuiltIn(t *testing.T) {
	if r := lint.Check([]lint.Folder{{FS: content.FS(), Root: "rules"}}, lint.Options{}); len(r.Problems) > 0 || r.Rules < 200 {
		t.Errorf("%d rules: %s", r.Rules, strings.Join(lines(r), "\n"))
	}
}

// Nobody's condition is senseless and no search is idle in rules that many people use: what is said of them would be wrong. And
// with the official schemas the same places are named as with ours.
func TestCorpus(t *testing.T) {
	official, err := sigma.ReadSchemas(os.DirFS(testcorpus.Path(t, "sigma-specification")), "json-schema")
	if err != nil {
		t.Fatal(err)
	}
	var folders []lint.Folder
	for _, name := range []string{"sigma-aws-rules", "suzaku-aws-rules", "hayabusa-correlation-rules"} {
		folders = append(folders, lint.Folder{FS: os.DirFS(filepath.Clean(testcorpus.Path(t, name))), Root: ".", Prefix: name})
	}
	ours, theirs := lint.Check(folders, lint.Options{}), lint.Check(folders, lint.Options{Schemas: official})
	places := func(r lint.Report) (out []string) {
		for _, p := range r.Problems {
			if p.Code != lint.Schema || !strings.Contains(p.Text, "timeframe") { // of old rules: the official schema takes it for a search
				out = append(out, fmt.Sprintf("%s:%d:%d %s", p.File, p.Line, p.Column, p.Code))
			}
		}
		return out
	}
	if d := cmp.Diff(places(theirs), places(ours)); d != "" {
		t.Errorf("(-official +ours)\n%s", d)
	}
	for _, p := range ours.Problems {
		if p.Code == lint.Senseless || p.Code == lint.Unused || p.Code == lint.BadTag || p.Line == 0 {
			t.Errorf("%+v", p)
		}
	}
	if ours.Rules < 350 {
		t.Errorf("only %d rules", ours.Rules)
	}
}
