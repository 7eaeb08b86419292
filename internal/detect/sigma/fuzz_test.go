package sigma_test

import (
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

// odd is a record with a value of every kind.
const odd = `{"eventName":"A","a":{"b":[1,"x",null,{"c":"<é>"}],"d.e":true},"f":"","n":-1.5e3,"t":"2026-03-02T09:00:00Z","ip":"203.0.113.7"}`

func FuzzParseRule(f *testing.F) {
	f.Add(fullRule)
	f.Add("title: 0\nname: 0 0")
	for _, d := range []string{
		"s: {f: [a, null, 1, true, '*?\\*']}\ncondition: s", "s: [foo, {f: 1}]\ncondition: not s", "s: {'|all': [a, b]}\ncondition: s",
		"s: {'f|re|i': 'a+'}\ncondition: s", "s: {'f|base64offset|contains': abc}\ncondition: s", "s: {'a.b|fieldref|endswith': f}\ncondition: s",
		"s: {'ip|cidr': 203.0.113.0/24}\ncondition: s", "s: {'t|hour|gte': 9}\ncondition: s", "s: {'f|wide|base64': x}\ncondition: [s]",
		"s: {'f|contains|windash': ' -a'}\ncondition: 1 of them", "s: {'f|exists': no}\ncondition: s", "s: {f: 1}\ncondition: s | count() > 1",
	} {
		f.Add(ruleText(d))
	}
	f.Fuzz(func(t *testing.T, text string) {
		rules, errs := sigma.ParseRules("r.yml", []byte(text))
		for _, err := range errs {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") {
				t.Fatalf("error without a place: %v", err)
			}
		}
		e := &event.Event{Raw: []byte(odd)}
		for _, r := range rules {
			want, err := r.Matches(e)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(sigma.NewEngine([]*sigma.Compiled{r}).Detect(e.Record())) == 1; r.Idle == "" && got != want {
				t.Fatalf("engine %v, rule alone %v", got, want)
			}
			if _, err := r.Explain(e); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"a", "a and not b", "(a or b) and c_1", "1 of c_*", "all of them", "2 of *", "not not a", "a |", "a or", "((a)", "of of of", "1 of", "a and and b"} {
		f.Add(s)
	}
	const searches = "title: t\nlogsource: {product: aws}\ndetection:\n  a: {f: 1}\n  b: {f: 2}\n  c_1: {f: 3}\n  c_2: {f: 4}\n  condition: "
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Skip("not a text")
		}
		c, err := sigma.ParseRule("r.yml", []byte(searches+string(quoted)+"\n"))
		if err != nil {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		// Text that parses also does so negated, and says the opposite.
		n, err := sigma.ParseRule("r.yml", []byte(searches+"'not ("+strings.ReplaceAll(text, "'", "''")+")'\n"))
		if err != nil {
			return // line breaks and depth differ
		}
		e := &event.Event{Raw: []byte(`{"f":3}`)}
		yes, _ := c.Matches(e)
		no, _ := n.Matches(e)
		if yes == no {
			t.Fatalf("%q and its negation both say %v", text, yes)
		}
	})
}

// FuzzValue: a value, quoted as Sigma wants it, matches itself; with a star around it, it matches within.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"a", `a\b`, `\*`, "*", "?", "ÄÖ", `\\`, "x y", "İ", "ſ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ToValidUTF8(text, "") != text || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0xfeff }) {
			return // no text that a YAML file may hold
		}
		value := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(text)
		yaml, _ := json.Marshal(value)
		raw, _ := json.Marshal(map[string]string{"f": text, "g": "x" + text + "y"})
		c, err := sigma.ParseRule("r.yml", []byte(ruleText("s: {f: "+string(yaml)+", 'g|contains': "+string(yaml)+"}\ncondition: s")))
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := c.Matches(&event.Event{Raw: raw}); !ok || err != nil {
			t.Fatalf("%s does not match %s (%v)", yaml, raw, err)
		}
	})
}
