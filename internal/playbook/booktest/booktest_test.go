package booktest_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/effect"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/booktest"
)

func options(t *testing.T) booktest.Options {
	t.Helper()
	text, err := os.ReadFile("testdata/tidy.yml")
	if err != nil {
		t.Fatal(err)
	}
	tidy, err := book.Parse("tidy.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Options{Playbooks: []book.Definition{tidy}, Undo: func(id string) (effect.Class, bool) {
		return effect.Exact, strings.HasPrefix(id, "ec2.") || strings.HasPrefix(id, "iam.")
	}}
}

func TestEveryKindOfStepIsPlayed(t *testing.T) {
	all := booktest.Run(t.Context(), os.DirFS("testdata"), "all-kinds.test", options(t))
	if len(all) != 7 {
		t.Errorf("%d results", len(all))
	}
	for _, r := range all {
		if !r.OK {
			t.Errorf("%s: %s", r.Case, r.Text)
		}
	}
}

// TestAnInquiryIsPlayed: conditions have what the case has to be read, and nothing else.
func TestAnInquiryIsPlayed(t *testing.T) {
	all := booktest.Run(t.Context(), os.DirFS("testdata"), "asks-inquiry.test", options(t))
	if len(all) != 2 {
		t.Errorf("%d results", len(all))
	}
	for _, r := range all {
		if !r.OK {
			t.Errorf("%s: %s", r.Case, r.Text)
		}
	}
}

// TestWhatGoesOtherwiseIsSaid shows that a case can fail, and says why.
func TestWhatGoesOtherwiseIsSaid(t *testing.T) {
	want := map[string]string{
		"wrong-order/enforce": "want      tidy done", "says-nothing": "add plan, enforce or both", "no-such-step": `no step "mop"`,
		"two-things": "each does one thing", "never-asks/enforce": "never asks", "not-refused/enforce": "and was not",
		"another-finding/plan": "is nothing that playbook tidy settles", "half-a-word/plan": "want      tidy wou",
	}
	all := booktest.Run(t.Context(), os.DirFS("testdata"), "tidy.test", options(t))
	if len(all) != len(want) {
		t.Errorf("%d results, want %d", len(all), len(want))
	}
	for _, r := range all {
		if w := want[r.Case]; r.OK || w == "" || !strings.Contains(r.Text, w) {
			t.Errorf("%s: %v, want %q in: %s", r.Case, r.OK, w, r.Text)
		}
	}
}

func TestWhatIsNotBesideIsSaid(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"there is no playbook": {"a.test": {Data: []byte("-- a.yml --\nplan: []\n")}},
		"no case":              {"a.test": {Data: []byte("words")}, "a.yml": {Data: []byte("id: a\ntitle: t\nwhy: w\nwhen: {hand: true}\nsteps: [{id: s, wait: {for: 1m}}]\n")}},
	} {
		all := booktest.Run(t.Context(), fsys, "a.test", options(t))
		if len(all) != 1 || all[0].OK || !strings.Contains(all[0].Text, name) {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// FuzzCase plays whatever a case says: it may be refused, and comes to an end.
func FuzzCase(f *testing.F) {
	for _, name := range []string{"testdata/all-kinds.test", "testdata/tidy.test"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{"tidy.test": {Data: text}}
		yml, err := os.ReadFile("testdata/tidy.yml")
		if err != nil {
			t.Fatal(err)
		}
		fsys["tidy.yml"] = &fstest.MapFile{Data: yml}
		for _, r := range booktest.Run(t.Context(), fsys, "tidy.test", options(t)) {
			if !r.OK && r.Text == "" {
				t.Errorf("%s fails and nobody knows why", r.Case)
			}
		}
	})
}
