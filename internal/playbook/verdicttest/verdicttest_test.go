package verdicttest_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/content"
	"jobzero/internal/playbook/verdicttest"
)

const text = `id: tool
title: A tool
why: It is ours.
when: {kinds: [rule]}
if: inquiry.tools.known && finding.principal != ''
verdict: known-tool
confidence: likely
close: true
`

// TestWhatGoesOtherwiseIsSaid shows that a case can fail, and says why.
func TestWhatGoesOtherwiseIsSaid(t *testing.T) {
	cases := `-- good.yml --
finding: {by: x, principal: p}
inquiry: {tools: {known: true}}
applies: "yes"
closes: true
-- unread.yml --
finding: {by: x, principal: p}
applies: unknown
-- nobody.yml --
finding: {by: x}
inquiry: {tools: {known: true}}
applies: unknown
-- wrong.yml --
finding: {by: x, principal: p}
inquiry: {tools: {known: true}}
applies: "no"
-- open.yml --
finding: {by: x, principal: p}
inquiry: {tools: {known: true}}
applies: "yes"
-- word.yml --
finding: {by: x}
applies: perhaps
-- key.yml --
found: {by: x}
`
	want := map[string]string{
		"good": "", "unread": "", "nobody": "", "wrong": "applies: yes, want no", "open": "closes: true, want false", "word": "use yes, no or unknown", "key": "found",
	}
	all := verdicttest.Run(fstest.MapFS{"v/a.yml": {Data: []byte(text)}, "v/a.test": {Data: []byte(cases)}}, "v/a.test")
	if len(all) != len(want) {
		t.Errorf("%d results", len(all))
	}
	for _, r := range all {
		if w, known := want[r.Case]; !known || r.OK != (w == "") || !strings.Contains(r.Text, w) {
			t.Errorf("%s: %t, want %q in: %s", r.Case, r.OK, w, r.Text)
		}
	}
	if r := verdicttest.Run(fstest.MapFS{"v/b.test": {Data: []byte(cases)}}, "v/b.test"); len(r) != 1 || r[0].OK || !strings.Contains(r[0].Text, "there is no verdict v/b.yml") {
		t.Errorf("%+v", r)
	}
}

// TestEveryVerdictHasTests: each that comes along has a case in which it applies, and one in which it does not.
func TestEveryVerdictHasTests(t *testing.T) {
	files, err := fs.Glob(content.FS(), "verdicts/*.yml")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		yes, no := false, false
		for _, r := range verdicttest.Run(content.FS(), strings.TrimSuffix(file, ".yml")+".test") {
			if !r.OK {
				t.Errorf("%s %s: %s", r.File, r.Case, r.Text)
			}
			yes, no = yes || strings.HasPrefix(r.Text, "yes"), no || strings.HasPrefix(r.Text, "no")
		}
		if !yes || !no {
			t.Errorf("%s: no case in which it applies, or none in which it does not", file)
		}
	}
}
