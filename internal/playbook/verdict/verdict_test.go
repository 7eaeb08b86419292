package verdict_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"jobzero/content"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
)

const tool = `id: tool
title: A tool
why: It is ours.
when: {kinds: [rule]}
if: inquiry.tools.known
verdict: known-tool
confidence: likely
close: true
remember: 24h
`

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func read(t testing.TB, text string) verdict.Definition {
	t.Helper()
	d, bad := verdict.Read("a.yml", []byte(text))
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	return d
}

func TestBadVerdictsSayWhereAndWhat(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":           {"title:", "titel:", "a.yml:2:1: "},
		"no condition":          {"if: inquiry.tools.known\n", "", "id, title, why and if are all needed"},
		"no such word":          {"known-tool", "harmless", `a.yml:6:10: verdict "harmless": use one of`},
		"no such degree":        {"likely", "sure", `a.yml:7:13: confidence "sure"`},
		"closes what is true":   {"known-tool", "'true'", "a.yml:8:8: close: what is true is not closed"},
		"closes the possible":   {"likely", "possible", "what is only possible closes nothing"},
		"closes a state":        {"[rule]", "[expectation]", "how something is, is closed by a fresh read"},
		"closes any kind":       {"when: {kinds: [rule]}\n", "", "say kinds: [rule]"},
		"no such field":         {"inquiry.tools.known", "inquiry.weather == 'fine'", "a.yml:5:"},
		"not true or false":     {"inquiry.tools.known", "1 + 1", "a.yml:5:"},
		"steps":                 {"inquiry.tools.known", "steps.a.state == 'done'", "there are no steps"},
		"itself":                {"inquiry.tools.known", "inquiry.verdict == 'true'", "is what is being decided"},
		"remembers the time":    {"inquiry.tools.known", "inquiry.tools.known && now > timestamp('2026-01-01T00:00:00Z')", "now may be another"},
		"remembers an activity": {"inquiry.tools.known", "inquiry.activity.calls < 3", "activity may be another"},
		"remembers evidence":    {"inquiry.tools.known", "size(finding.evidence) < 3", "evidence may be another"},
		"remembers for ever":    {"24h", "9000h", "720h at the most"},
		"remembers nothing":     {"close: true\n", "", "only what closes is remembered"},
	} {
		_, bad := verdict.Read("a.yml", []byte(strings.Replace(tool, c.from, c.to, 1)))
		text := ""
		for _, err := range bad {
			text += err.Error() + "\n"
		}
		if !strings.Contains(text, c.want) || !strings.HasPrefix(text, "a.yml") {
			t.Errorf("%s: got %q, want %q", name, text, c.want)
		}
	}
}

func TestABadVerdictDoesNotStopTheOthers(t *testing.T) {
	all, bad := verdict.Load(fstest.MapFS{"v/a.yml": {Data: []byte(tool)}, "v/b.yml": {Data: []byte("id: [")}, "v/c.yml": {Data: []byte(tool)}}, "v")
	if len(all) != 1 || len(bad) != 2 || !strings.Contains(bad[1].Error(), `v/c.yml:1:1: id "tool" is taken by v/a.yml`) {
		t.Errorf("got %d verdicts and %v", len(all), bad)
	}
}

// TestBuiltIn: all verdicts that come along can be read, and doubts are asked first.
func TestBuiltIn(t *testing.T) {
	all, bad := verdict.Load(content.FS(), "verdicts")
	if len(bad) > 0 || len(all) < 8 {
		t.Fatalf("%d verdicts, %v", len(all), bad)
	}
	accused := true
	for _, d := range verdict.Sort(all) {
		if d.Verdict.Accuses() && !accused {
			t.Errorf("%s is asked after what excuses", d.ID)
		}
		accused = accused && d.Verdict.Accuses()
	}
}

// TestAnUnknownNeverCloses: whatever verdicts there are and whatever is known: nothing is closed unless a verdict that may close is known to
// hold, and all that raise a doubt are known not to.
func TestAnUnknownNeverCloses(t *testing.T) {
	closed := 0
	rapid.Check(t, func(r *rapid.T) {
		facts, unknown := map[string]any{}, []string{}
		inquiry := map[string]any{"tools": facts}
		value := map[string]string{}
		for _, name := range []string{"a", "b", "c", "d"} {
			value[name] = rapid.SampledFrom([]string{"yes", "no", "unknown"}).Draw(r, name)
			if value[name] == "unknown" {
				unknown = append(unknown, "inquiry.tools."+name)
				continue
			}
			facts[name] = value[name] == "yes"
		}
		var all []verdict.Definition
		for i := range rapid.IntRange(0, 6).Draw(r, "n") {
			word := rapid.SampledFrom(verdict.Words()).Draw(r, "word")
			text := strings.NewReplacer("id: tool", "id: tool-"+string(rune('a'+i)), "known-tool", "'"+string(word)+"'", "tools.known",
				"tools."+rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(r, "asks")).Replace(tool)
			if word.Accuses() || rapid.Bool().Draw(r, "says") {
				text = strings.Replace(strings.Replace(text, "close: true\n", "", 1), "remember: 24h\n", "", 1)
			}
			all = append(all, read(t, text))
		}
		f := finding.Finding{Kind: finding.Rule, By: "x", Occurred: noon, LastSeen: noon, Count: 1}
		o := verdict.Judge(verdict.Sort(all), f, book.Scene{Vars: map[string]any{"inquiry": inquiry}, Unknown: unknown})
		closes, _ := o.Closes(f)
		if !closes {
			return
		}
		closed++
		said := false
		for _, d := range all {
			is := value[strings.TrimPrefix(d.If, "inquiry.tools.")]
			if d.Verdict.Accuses() && is != "no" {
				r.Fatalf("%s is %s, and it was closed by %s", d.ID, is, o.ID)
			}
			said = said || d.ID == o.ID && is == "yes" && d.Close
		}
		if !said {
			r.Fatalf("closed by %s, of which that is not known", o.ID)
		}
	})
	if closed == 0 {
		t.Error("nothing was ever closed: nothing was tried")
	}
}

// TestWhatIsNotClosed: how something is, what was seen more than once, and what is remembered by another text or for too long.
func TestWhatIsNotClosed(t *testing.T) {
	d := read(t, tool)
	scene := book.Scene{Vars: map[string]any{"inquiry": map[string]any{"tools": map[string]any{"known": true}}}}
	f := finding.Finding{Kind: finding.Rule, By: "x", Principal: "p", Occurred: noon, LastSeen: noon, Count: 1}
	o := verdict.Judge([]verdict.Definition{d}, f, scene)
	if closes, _ := o.Closes(f); !closes {
		t.Fatalf("%+v", o)
	}
	for name, change := range map[string]func(*finding.Finding){
		"seen later":  func(f *finding.Finding) { f.LastSeen = noon.Add(time.Second) },
		"seen twice":  func(f *finding.Finding) { f.Count = 2 },
		"how it is":   func(f *finding.Finding) { f.Kind = finding.Expectation },
		"what a tool": func(f *finding.Finding) { f.Kind = finding.Imported },
	} {
		other := f
		change(&other)
		if closes, held := o.Closes(other); closes || held == "" {
			t.Errorf("%s: closes %t, %q", name, closes, held)
		}
	}
	m := verdict.Memory{Opinion: o, Ends: noon.Add(time.Hour)}
	all := []verdict.Definition{d}
	if !m.Holds(all, f, noon) {
		t.Error("what was remembered a moment ago does not count")
	}
	for name, is := range map[string]bool{
		"late":       m.Holds(all, f, noon.Add(time.Hour)),
		"other text": m.Holds([]verdict.Definition{read(t, strings.Replace(tool, "ours", "theirs", 1))}, f, noon),
		"gone":       m.Holds(nil, f, noon),
		"refused":    verdict.Memory{Opinion: o, Ends: m.Ends, Refused: true}.Holds(all, f, noon),
		"worn out":   verdict.Memory{Opinion: o, Ends: m.Ends, Times: verdict.MostTimes}.Holds(all, f, noon),
	} {
		if is {
			t.Errorf("%s: it counts", name)
		}
	}
}

// TestLikeness: another call, principal, root or resource is nothing like it, and of too little nothing is.
func TestLikeness(t *testing.T) {
	f := finding.Finding{By: "x", Account: "111122223333", Principal: "p", Evidence: []finding.Evidence{{Kind: "lineage", Data: []byte(`{"root":"kim"}`)}}}
	e := verdict.Event{Action: "s3:PutBucketPolicy", Actions: []string{"s3:PutBucketPolicy"}, Resources: []string{"arn:aws:s3:::orders"}}
	key := verdict.LikenessOf(f, e).Key()
	other, root := f, f
	other.Principal, root.Evidence = "q", []finding.Evidence{{Kind: "lineage", Data: []byte(`{"root":"robin"}`)}}
	elsewhere, more, refused := e, e, e
	elsewhere.Resources, more.Actions, refused.Error = []string{"arn:aws:s3:::letters"}, []string{"a:B", "c:D"}, "AccessDenied"
	for _, k := range []string{
		verdict.LikenessOf(other, e).Key(), verdict.LikenessOf(root, e).Key(), verdict.LikenessOf(f, elsewhere).Key(),
		verdict.LikenessOf(f, more).Key(), verdict.LikenessOf(f, refused).Key(), verdict.LikenessOf(finding.Finding{By: "x"}, e).Key(),
	} {
		if k == key {
			t.Errorf("%s is taken for the same", k)
		}
	}
	if key == "" || verdict.LikenessOf(f, more).Key() != "" || key != verdict.LikenessOf(f, e).Key() {
		t.Errorf("key %q", key)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(tool))
	f.Add([]byte("id: a\nif: 'true'\nwhen: {rules: ['[']}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, bad := verdict.Read("a.yml", text)
		if len(bad) == 0 && (d.ID == "" || d.Close && d.Verdict.Accuses()) {
			t.Errorf("read without an error: %+v", d)
		}
		for _, err := range bad {
			if !strings.HasPrefix(err.Error(), "a.yml") {
				t.Errorf("no place: %v", err)
			}
		}
	})
}
