package sigma_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

func TestDetectOrder(t *testing.T) {
	var rules []*sigma.Compiled
	for _, id := range []string{"c", "a", "b"} {
		line := "eventName: X"
		if id == "b" {
			line = "f: 1" // not in the index
		}
		c, err := sigma.ParseRule("r.yml", []byte(strings.Replace(ruleText("s: {"+line+"}\ncondition: s"), "id: r", "id: "+id, 1)))
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, c)
	}
	var got []string
	for _, m := range sigma.NewEngine(rules).Detect((&event.Event{Raw: []byte(`{"eventName":"x","f":1}`)}).Record()) {
		got = append(got, m.Rule.ID)
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, got); d != "" {
		t.Error(d)
	}
}

func TestDetectOddRecords(t *testing.T) {
	g := sigma.NewEngine([]*sigma.Compiled{compile(t, "s: {eventName: X}\ncondition: s")})
	for raw, want := range map[string]int{
		`{"eventName":"X"}`: 1, `{"eventName":["Y","X"]}`: 1, `{"eventName":7}`: 0, `{"eventName":null}`: 0, `{}`: 0,
		`null`: 0, `[]`: 0, `{`: 0, ``: 0,
	} {
		if got := len(g.Detect((&event.Event{Raw: []byte(raw)}).Record())); got != want {
			t.Errorf("%s: %d matches", raw, got)
		}
	}
}

func TestDetectConcurrently(t *testing.T) {
	g := sigma.NewEngine([]*sigma.Compiled{compile(t, "s: {'o|contains': '\"a\":1'}\ncondition: s")})
	e := &event.Event{Raw: []byte(`{"o":{"a":1}}`)}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				if len(g.Detect(e.Record())) != 1 {
					t.Error("no match")
					return
				}
			}
		})
	}
	all.Wait()
}

// TestIndexIsSound: whatever the condition, the engine with its index finds what the rule alone finds.
func TestIndexIsSound(t *testing.T) {
	lines := []string{
		"{eventName: A}", "{eventName: [A, b]}", "{eventName: 'A*'}", "{'eventName|neq': A}", "{eventName: null}", "{'eventName|cased': B}",
		"{'eventName|exists': true}", "{f: 1}", "[{eventName: A}, {eventName: C}]", "[{eventName: A}, {f: 1}]", "{eventName: C, f: 1}",
		"{'eventName|contains': b}", "[A]", "{'eventName|all': [A, B]}", "{'eventName|windash': a-b}", "{eventName: 7}", "{'eventName|startswith': a}",
	}
	var condition func(depth int) *rapid.Generator[string]
	condition = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			kind := rapid.IntRange(0, 7).Draw(t, "kind")
			if depth == 0 && kind > 3 {
				kind = 0
			}
			sub := func() string { return condition(depth-1).Draw(t, "sub") }
			switch kind {
			case 1:
				return rapid.SampledFrom([]string{"1 of s*", "all of s*", "2 of s*", "1 of them"}).Draw(t, "of")
			case 4:
				return "not " + sub()
			case 5:
				return "(" + sub() + ")"
			case 6:
				return sub() + " and " + sub()
			case 7:
				return sub() + " or " + sub()
			}
			return rapid.SampledFrom([]string{"s1", "s2", "s3"}).Draw(t, "search")
		})
	}
	rapid.Check(t, func(rt *rapid.T) {
		var d strings.Builder
		for i := range 3 {
			fmt.Fprintf(&d, "s%d: %s\n", i+1, rapid.SampledFrom(lines).Draw(rt, "line"))
		}
		d.WriteString("condition: " + condition(3).Draw(rt, "condition"))
		r, err := sigma.ParseRule("r.yml", []byte(ruleText(d.String())))
		if err != nil {
			rt.Fatalf("%v\n%s", err, d.String())
		}
		g := sigma.NewEngine([]*sigma.Compiled{r})
		for _, name := range []string{`"A"`, `"a"`, `"B"`, `"b"`, `"c"`, `"AB"`, `"a/b"`, `"a-b"`, `""`, `null`, `7`, `"7"`, `["A","B"]`, `{"A":1}`} {
			for _, f := range []string{"0", "1"} {
				raw := `{"eventName":` + name + `,"f":` + f + `}`
				e := &event.Event{Raw: []byte(raw)}
				want, err := r.Matches(e)
				if err != nil {
					rt.Fatal(err)
				}
				if got := len(g.Detect(e.Record())) == 1; got != want {
					rt.Fatalf("%s: engine %v, rule alone %v\n%s", raw, got, want, d.String())
				}
			}
		}
	})
}
