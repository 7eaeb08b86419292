package cacao_test

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/content"
	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/cacao"
)

var made = cacao.Dates{Created: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), Modified: time.Date(2026, 11, 23, 9, 30, 0, 5e6, time.UTC)}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// thereAndBack exports a definition and imports it again: not a letter may be lost.
func thereAndBack(t failer, d book.Definition) []byte {
	t.Helper()
	text, err := cacao.Export(d, made)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	back, err := cacao.Import("own.json", text, cacao.Options{})
	if err != nil {
		t.Fatalf("import: %v\n%s", err, text)
	}
	book.Each(d.Steps, func(s *book.Step) {
		for i := range s.Decide {
			if len(s.Decide[i].Steps) == 0 { // an empty list of steps is none
				s.Decide[i].Steps = nil
			}
		}
	})
	if diff := cmp.Diff(string(doc.Write(d)), back.Definition.Text); diff != "" {
		t.Fatalf("lost:\n%s\n%s", diff, text)
	}
	again, err := cacao.Export(back.Definition, made)
	if err != nil || string(again) != string(text) {
		t.Fatalf("a second export differs: %v\n%s", err, cmp.Diff(string(text), string(again)))
	}
	return text
}

func TestEveryDefinitionComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := (&drawer{t: t}).definition()
		if _, err := book.Parse("drawn.yml", doc.Write(d)); err != nil {
			t.Fatalf("drew no playbook: %v", err)
		}
		thereAndBack(t, d)
	})
}

// TestOurExportsAreValid holds exports of drawn playbooks and of all that come along against the schema of OASIS.
func TestOurExportsAreValid(t *testing.T) {
	schema := standard(t)
	rapid.Check(t, func(t *rapid.T) {
		text, err := cacao.Export((&drawer{t: t}).definition(), made)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
	for _, d := range along(t) {
		if err := valid(t, schema, thereAndBack(t, d)); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}

// along are the playbooks that come along.
func along(t *testing.T) []book.Definition {
	t.Helper()
	all, bad := book.Load(content.FS(), "playbooks")
	if len(all) < 10 || len(bad) > 0 {
		t.Fatalf("%d playbooks, bad: %v", len(all), bad)
	}
	return all
}

// TestContentComesBack needs no corpus: what comes along is exported and imported again.
func TestContentComesBack(t *testing.T) {
	for _, d := range along(t) {
		thereAndBack(t, d)
	}
	if _, err := fs.Stat(content.FS(), "playbooks/close-public-bucket.yml"); err != nil {
		t.Error(err)
	}
}

// TestWhatAnExportSays looks at one in full: what CACAO has words for is said in them.
func TestWhatAnExportSays(t *testing.T) {
	d, err := book.Parse("x.yml", []byte(`id: close
title: Close a bucket
why: It is public.
when: {hand: true}
on_failure: undo
steps:
  - {id: block, action: s3.block-public-access, if: freeze == false, params: {level: all}, timeout: 10m}
  - id: fork
    decide: [{if: finding.severity == "high", steps: [{id: call, manual: {do: Call the owner.}}]}, {if: freeze, steps: []}, {steps: [{id: rest, playbook: other}]}]
  - {id: until, wait: {until: resource.gone, for: 1h}}
`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cacao.Export(d, made)
	if err != nil {
		t.Fatal(err)
	}
	p, remarks, err := cacao.Read("x.json", text)
	if err != nil || len(remarks) > 0 {
		t.Fatalf("%v, %v", err, remarks)
	}
	types := map[string]int{}
	for _, s := range p.Workflow {
		types[s.Type]++
		if s.Name == "block" && (s.Commands[0].Command != "Do s3.block-public-access on __resource_type__:value __resource_id__:value in account __account__:value, region __region__:value" ||
			*s.Variables["__param_level__"].Value != "all" || s.Timeout != 600_000 || s.Failure == "") {
			t.Errorf("the action says %+v", s)
		}
		if s.Name == "fork" && len(s.Cases) != 3 {
			t.Errorf("cases: %v", s.Cases)
		}
	}
	want := map[string]int{"start": 1, "end": 7, "action": 4, "playbook-action": 1, "if-condition": 1, "switch-condition": 1, "while-condition": 1}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(text), `"created": "2026-11-01T08:00:00.000Z"`) || p.Summary == nil || !p.Summary.While || !p.Summary.Switch || p.Summary.Parallel {
		t.Errorf("head: %+v", p.Summary)
	}
}
