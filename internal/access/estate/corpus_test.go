package estate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/testcorpus"
)

// published is a case of iamspy-gaad: who, action, resource, then conditions, and whether there are no others.
type published struct {
	Files struct{ Gaads, Resources, Scps []string }
	Inp   []json.RawMessage
	Out   bool
}

func (p published) text(t *testing.T, i int, into any) {
	t.Helper()
	if i < len(p.Inp) {
		if err := json.Unmarshal(p.Inp[i], into); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPublishedCases: what another tool expects, which asks whether a call may be allowed; where it is told that there are no other conditions,
// whether it is.
func TestPublishedCases(t *testing.T) {
	dir := testcorpus.Path(t, "iamspy-gaad")
	data, err := os.ReadFile(filepath.Join(dir, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []published
	if err := json.Unmarshal(data, &all); err != nil || len(all) < 20 {
		t.Fatalf("%d cases, %v", len(all), err)
	}
	for i, p := range all {
		e := estate.New()
		for _, list := range [][]string{p.Files.Gaads, p.Files.Resources, p.Files.Scps} {
			for _, name := range list {
				f, err := os.Open(filepath.Join(dir, "tests", "files", name))
				if err != nil {
					t.Fatal(err)
				}
				err = e.Read(name, f)
				_ = f.Close()
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := e.Done(); err != nil {
			t.Fatal(err)
		}
		var who string
		var conditions []string
		q := estate.Question{Context: policy.Keys{}}
		p.text(t, 0, &who)
		p.text(t, 1, &q.Action)
		p.text(t, 2, &q.Resource)
		p.text(t, 3, &conditions)
		p.text(t, 5, &q.Whole)
		for _, c := range conditions {
			key, value, _ := strings.Cut(c, "=")
			q.Context[strings.ToLower(key)] = policy.Is(value)
		}
		d, err := e.Can(who, q)
		if err != nil && !fault.Is(err, fault.NotFound) { // one case asks about somebody who is not there, and may nothing
			t.Fatal(err)
		}
		if got := d.Outcome == access.Allowed || d.Outcome == access.Unknown && !q.Whole; got != p.Out {
			t.Errorf("case %d, %v: %s %s %s: %+v, want %t", i, p.Files, who, q.Action, q.Resource, d, p.Out)
		}
	}
}
