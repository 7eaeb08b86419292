package cloudlog

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

const small = `
# a comment
names everywhere
  colour red
  fruit apple pear

names record
  dish <fruit>
    -cake

fragment quoted
  {"a":"<colour>\"",
    "b":1}

fragment word
  <new fruit>

part cook
  number 1
  me anna
`

// TestTemplate: every form of word, and what is wrong with others.
func TestTemplate(t *testing.T) {
	g := newGrammar(parse(small))
	for text, want := range map[string]string{
		"plain":                       `plain`,
		"<colour>":                    `red`,
		"<lower colour> <new colour>": `red red`,
		"<quoted>":                    `\{"a":"red\\"","b":1\}`,
		"<text quoted>":               `\{\\"a\\":\\"red\\\\\\"\\",\\"b\\":1\}`,
		"<percent quoted>":            `%7B%22a%22%3A%22red%5C%22%22%2C%22b%22%3A1%7D`,
		"<2-4 word>":                  `(apple|pear)(,(apple|pear)){1,3}`,
		"<maybe 0 word>":              ``,
		"<maybe 100 colour>":          `red`,
		"<settle fruit>":              ``,
		"<dish>":                      `(apple|pear)-cake`,
		"<uuid>":                      `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`,
		"<hex 5><digits 2><upper 3>":  `[0-9a-f]{5}[0-9]{2}[A-Z2-7]{3}`,
		"<int 3 5>":                   `[345]`,
		"<iso> <iso -60>":             `2026-11-19T10:00:00Z 2026-11-19T09:59:00Z`,
		"<narrow>":                    "Nov 19, 2026, 10:00:00\u202fAM",
		"<millis> <seconds 1>":        `1795082400000 1795082401`,
		"<line>":                      "\n",
	} {
		form := regexp.MustCompile("^(" + want + ")$")
		for seed := range uint64(50) {
			if got := expand(g, text, seed); !form.MatchString(got) {
				t.Errorf("%s gives %q, want %s", text, got, want)
				break
			}
		}
	}
	for _, wrong := range []string{"<nobody>", "<new nobody>", "<hex x>", "<colour", "<text nobody>", "<settle nobody>", "<1-2 nobody>"} {
		if problem := panics(func() { g.compile(wrong) }); problem == "" {
			t.Errorf("%s is taken for a template", wrong)
		}
	}
}

// TestNameStays: a name that was drawn is the same for the rest of a record, and names of a list's items are their own.
func TestNameStays(t *testing.T) {
	g := newGrammar(parse(small + "\nfragment item\n  <fruit>\n"))
	differ, same := false, true
	for seed := range uint64(50) {
		if a, b, _ := strings.Cut(expand(g, "<dish> <dish>", seed), " "); a != b {
			t.Fatalf("the same name is %s and then %s", a, b)
		}
		a, b, _ := strings.Cut(expand(g, "<2-2 item>", seed), ",")
		differ = differ || a != b
		a, b, _ = strings.Cut(expand(g, "<settle fruit><2-2 item>", seed), ",")
		same = same && a == b
	}
	if !same {
		t.Error("a settled name is not the same in a list")
	}
	if !differ {
		t.Error("the items of a list always have the same name")
	}
}

// TestCatalogue: nothing in it is idle, and what it does not know it refuses.
func TestCatalogue(t *testing.T) {
	all := blocks()
	var text strings.Builder
	for _, b := range all {
		fmt.Fprintln(&text, b.kind, strings.Join(b.names, " "), strings.Join(b.lines, "\n"))
	}
	used := func(name string) bool {
		return regexp.MustCompile(`<([^<>]* )?` + name + `>`).MatchString(text.String())
	}
	g := newGrammar(all)
	for name := range g.fragments {
		if !used(name) && name != "denied" { // any call may be denied
			t.Errorf("the fragment %s is not used", name)
		}
	}
	for name := range g.pools {
		if !used(name) {
			t.Errorf("the name %s is not used", name)
		}
	}
	mixes, sown := g.work(all)
	idle := map[string]bool{"role": true, "browsing": true, "root": true, "thief": true} // two are no actors, two only do what is planted
	for _, p := range g.parts {
		if n := len(mixes[p.name].everywhere.operations); (n == 0) != idle[p.name] || (p.share == 0) != idle[p.name] {
			t.Errorf("the part %s has %d operations and a share of %d", p.name, n, p.share)
		}
	}
	for _, p := range sown {
		if _, ok := mixes[p.by]; !ok {
			t.Errorf("the plant %s is by %s, whom nobody knows", p.rule, p.by)
		}
	}
	if problem := panics(func() { parse("call A\n  wieght 3\n")[0].properties(callWords...) }); !strings.Contains(problem, "wieght") {
		t.Errorf("a word that is misspelt: %q", problem)
	}
}

func expand(g *grammar, text string, seed uint64) string {
	at := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	l := &Log{grammar: g, pools: map[poolKey][]string{}}
	return string(g.compile(text).expand(&scene{log: l, rng: rand.New(rand.NewPCG(seed, 0)), at: at}, nil))
}

// panics gives what a function panics with, or nothing.
func panics(f func()) (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}
