package cacao_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/cacao"
)

// lost lists the values of a that b does not have, by their paths.
func lost(a, b any, at string) (out []string) {
	switch a := a.(type) {
	case map[string]any:
		m, _ := b.(map[string]any)
		for _, k := range slices.Sorted(maps.Keys(a)) {
			out = append(out, lost(a[k], m[k], at+"."+k)...)
		}
	case []any:
		l, _ := b.([]any)
		for i := range a {
			var other any
			if i < len(l) {
				other = l[i]
			}
			out = append(out, lost(a[i], other, fmt.Sprintf("%s[%d]", at, i))...)
		}
	default:
		if a != b {
			out = append(out, at)
		}
	}
	return out
}

func parsed(t *testing.T, text []byte) (out any) {
	t.Helper()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func imported(t *testing.T, name string, text []byte) cacao.Imported {
	t.Helper()
	i, err := cacao.Import(name, text, cacao.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return i
}

// TestNothingOfOthersIsLost imports and exports every valid published playbook. The one exception is a secret, which is left out on purpose.
func TestNothingOfOthersIsLost(t *testing.T) {
	for name, text := range published(t) {
		if _, _, err := cacao.Read(name, text); err != nil {
			continue
		}
		thereAndBackOfOthers(t, name, text)
	}
}

func TestNothingOfEverythingIsLost(t *testing.T) {
	thereAndBackOfOthers(t, "everything.json", everything(t))
}

func thereAndBackOfOthers(t *testing.T, name string, text []byte) {
	t.Helper()
	i := imported(t, name, text)
	back, err := cacao.Export(i.Definition, made)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, path := range lost(parsed(t, text), parsed(t, back), "") {
		if !strings.HasSuffix(path, ".password") && !strings.HasSuffix(path, ".token") && !strings.HasSuffix(path, ".headers.Authorization[0]") {
			t.Errorf("%s: %s is lost", name, path)
		}
	}
	for _, path := range lost(parsed(t, back), parsed(t, text), "") {
		if !strings.HasSuffix(path, ".password") && !strings.HasSuffix(path, ".token") && !strings.HasSuffix(path, ".headers.Authorization[0]") {
			t.Errorf("%s: %s is new", name, path)
		}
	}
	if again := imported(t, name, back); again.Definition.Text != i.Definition.Text {
		t.Errorf("%s: a second import differs:\n%s", name, cmp.Diff(i.Definition.Text, again.Definition.Text))
	}
}

func TestSecretsStayOutside(t *testing.T) {
	i := imported(t, "everything.json", everything(t))
	for _, secret := range []string{"open sesame", "abc123", `"token": "abc"`} {
		if strings.Contains(i.Definition.Text, secret) {
			t.Errorf("%q is in the definition", secret)
		}
	}
	if !strings.Contains(i.Definition.Text, "__password__:value") {
		t.Error("the variable in place of a password is gone")
	}
	hidden := 0
	for _, r := range i.Remarks {
		if strings.Contains(r.Text, "is a secret and is left out") {
			hidden++
		}
	}
	if hidden != 3 {
		t.Errorf("%d are said to be hidden", hidden)
	}
}

// TestWhatBecomesOfEachStep holds the steps that are made of all types of CACAO against what a person has written down.
func TestWhatBecomesOfEachStep(t *testing.T) {
	d := imported(t, "everything.json", everything(t)).Definition
	d.Origin = ""
	want, err := os.ReadFile("testdata/everything.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(doc.Write(d))); diff != "" {
		t.Errorf("%s\n%s", diff, doc.Write(d))
	}
}

// TestAnEditedImportIsWrittenWithTheRest: a task is replaced by an action; all that CACAO said beside it, and of the other steps, stays.
func TestAnEditedImportIsWrittenWithTheRest(t *testing.T) {
	d := imported(t, "everything.json", everything(t)).Definition
	d.When = book.Trigger{Rules: []string{"r"}}
	d.Settled = "resource.gone"
	book.Each(d.Steps, func(s *book.Step) {
		if s.ID == "sweep" {
			s.Manual, s.Action = nil, "s3.block-public-access"
		}
	})
	text := thereAndBack(t, d)
	var left []string
	for _, path := range lost(parsed(t, everything(t)), parsed(t, text), "") {
		if !strings.HasPrefix(path, ".workflow.") && !strings.HasPrefix(path, ".signatures") {
			left = append(left, path)
		}
	}
	want := []string{".modified", ".playbook_processing_summary.manual_playbook", ".playbook_processing_summary.while_logic", ".workflow_exception", ".workflow_start"}
	left = slices.DeleteFunc(left, func(p string) bool { return strings.HasSuffix(p, ".password") || strings.HasSuffix(p, ".token") })
	slices.Sort(left)
	if diff := cmp.Diff(want, left); diff != "" {
		t.Error(diff)
	}
	for _, kept := range []string{"aXB0YWJsZXMgLUw=", `"weight": 3`, `"owner": "identity--`} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("%s is gone", kept)
		}
	}
}

// TestOthersMayChangeWhatWeWrote: a tool of others changes the text of one step and the order of two; both are seen.
func TestOthersMayChangeWhatWeWrote(t *testing.T) {
	d, err := book.Parse("x.yml", []byte("id: x\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: [{id: a, manual: {do: Look.}}, {id: b, action: s3.block-public-access}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cacao.Export(d, made)
	if err != nil {
		t.Fatal(err)
	}
	i := imported(t, "x.json", []byte(strings.Replace(string(text), `"command": "Do s3.block`, `"command": "Do not s3.block`, 1)))
	if got := i.Definition.Steps; len(got) != 2 || got[0].ID != "a" || got[1].Action != "" || !strings.Contains(got[1].Manual.Do, "Do not s3.block") {
		t.Errorf("got %s", i.Definition.Text)
	}
	if !slices.ContainsFunc(i.Remarks, func(r cacao.Remark) bool { return strings.Contains(r.Text, "somebody else has changed it") }) {
		t.Errorf("remarks: %v", i.Remarks)
	}
}

func TestWaysThatNeverEndAreRefusedOrAsked(t *testing.T) {
	id := func(n int) string { return fmt.Sprintf("action--00000000-0000-4000-8000-%012d", n) }
	step := func(links string) string {
		return `{"type": "action", "name": "s", "agent": "` + id(99) + `", "commands": [{"type": "manual", "command": "x"}], ` + links + `}`
	}
	playbook := func(steps ...string) []byte {
		return []byte(`{"type": "playbook", "spec_version": "cacao-2.0", "id": "playbook--00000000-0000-4000-8000-000000000000", "name": "n", "created_by": "` + id(98) + `",
"created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "workflow_start": "` + id(0) + `", "workflow": {` + strings.Join(steps, ",\n") + `}}`)
	}
	round := playbook(`"`+id(0)+`": `+step(`"on_completion": "`+id(1)+`"`), `"`+id(1)+`": `+step(`"on_completion": "`+id(0)+`"`))
	i := imported(t, "round.json", round)
	if got := i.Definition.Steps; len(got) != 3 || got[2].ID != "again-s" {
		t.Errorf("a round: %s", i.Definition.Text)
	}
	var many []string
	for n := range 40 { // each failure leads to two further on: their number doubles with each step
		many = append(many, `"`+id(n)+`": `+step(`"on_success": "`+id(n+1)+`", "on_failure": "`+id(n+2)+`"`))
	}
	if _, err := cacao.Import("many.json", playbook(many...), cacao.Options{}); err == nil || !strings.Contains(err.Error(), "more than 200 steps when they are written out") {
		t.Errorf("many ways: %v", err)
	}
}

// TestSmallFilesDoNotGrow: conditions of ours whose two ways lead to the next and to the one behind it would be walked through a million million times.
func TestSmallFilesDoNotGrow(t *testing.T) {
	d, err := book.Parse("x.yml", []byte("id: x\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: [{id: a, if: freeze, manual: {do: Look.}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cacao.Export(d, made)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := cacao.Read("x.json", text)
	if err != nil {
		t.Fatal(err)
	}
	var one cacao.Step
	for _, s := range p.Workflow {
		if s.Type == "if-condition" {
			one = *s
		}
	}
	id := func(n int) string { return fmt.Sprintf("if-condition--00000000-0000-4000-8000-%012d", n) }
	for n := range 60 {
		s := one
		s.Done, s.True, s.False = "", id(n+1), id(n+2)
		p.Workflow[id(n)] = &s
	}
	p.Start = id(0)
	text, err = json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cacao.Import("x.json", text, cacao.Options{}); err == nil || !strings.Contains(err.Error(), "divide it") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsLeftOutIsSaid(t *testing.T) {
	text := strings.Replace(string(everything(t)), `"name": "Both",`, `"name": "Both", "on_failure": "action--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a",`, 1)
	text = strings.Replace(text, `"revoked": false`, `"revoked": true`, 1)
	text = strings.Replace(text, `"workflow": {`, `"workflow": {"action--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a": {"type": "action", "commands": [{"type": "manual"}], "agent": "individual--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a", "on_completion": "end--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"},`, 1)
	said := fmt.Sprint(imported(t, "x.json", []byte(text)).Remarks)
	for _, want := range []string{
		"on_failure: is left out: a step with others in it", "is come to by no way that is followed here", "revoked: those who made it have taken it back",
		"names the step end--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a, which is not there", "which agent_definitions does not have",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said: %s", want, said)
		}
	}
}

func FuzzImport(f *testing.F) {
	text, err := os.ReadFile("testdata/everything.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"type": "playbook"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		i, err := cacao.Import("fuzz.json", text, cacao.Options{})
		if err != nil {
			return
		}
		back, err := cacao.Export(i.Definition, made)
		if err != nil {
			t.Fatalf("%v\n%s", err, i.Definition.Text)
		}
		if again, err := cacao.Import("fuzz.json", back, cacao.Options{}); err != nil || again.Definition.Text != i.Definition.Text {
			t.Fatalf("%v\n%s", err, cmp.Diff(i.Definition.Text, again.Definition.Text))
		}
	})
}
