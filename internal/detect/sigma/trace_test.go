package sigma_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// outline is a condition with what became of it, in one line.
func outline(j sigma.Judged) string {
	mark := "-"
	if j.Held {
		mark = "+"
	}
	if j.Of != nil {
		return mark + j.Of.Search
	}
	var parts []string
	for _, p := range j.Steps {
		parts = append(parts, outline(p))
	}
	return mark + j.Part + "(" + strings.Join(parts, " ") + ")"
}

func TestTrace(t *testing.T) {
	c := compile(t, "a: {f: 1}\nb: {g: 1}\nc_1: {h: 1}\nc_2: {i: 1}\ncondition: (a or b) and not 2 of c_*")
	for raw, want := range map[string]string{
		`{"f":1}`:             "+and(+or(+a -b) +not(-2 of(-c_1 -c_2)))",
		`{}`:                  "-and(-or(-a -b) +not(-2 of(-c_1 -c_2)))",
		`{"f":1,"h":1,"i":1}`: "-and(+or(+a -b) -not(+2 of(+c_1 +c_2)))",
		`{"g":1,"h":1}`:       "+and(+or(-a +b) +not(-2 of(+c_1 -c_2)))",
	} {
		got, err := c.Trace(&event.Event{Raw: []byte(raw)})
		if err != nil || outline(got.Condition) != want || got.Fired != (want[0] == '+') {
			t.Errorf("%s\ngot  %s, %v\nwant %s", raw, outline(got.Condition), err, want)
		}
	}
	quiet, _ := c.Trace(&event.Event{Raw: []byte(`{"f":1,"h":1,"i":1}`)})
	var decided []string
	for _, r := range quiet.Condition.Decisive() {
		decided = append(decided, r.Search)
	}
	if d := cmp.Diff([]string{"c_1", "c_2"}, decided); d != "" {
		t.Errorf("what decided: %s", d)
	}
	if _, err := c.Trace(&event.Event{Raw: []byte(`[`)}); err == nil {
		t.Error("broken JSON was judged")
	}
}

// Filters stand beside the condition and not in it, several of them too.
func TestTraceOfFilters(t *testing.T) {
	s := mustLink(t, join(plainRule("a", "low"), strings.Replace(filterText("rules: any\ncondition: x\nx: {f: 1}"), "title: ", "title: one ", 1),
		strings.Replace(filterText("rules: any\ncondition: not x\nx: {g: 1}"), "title: ", "title: two ", 1)))
	for raw, want := range map[string]string{
		`{"eventName":"a"}`:             "[+]",
		`{"eventName":"a","f":1}`:       "[+] one",
		`{"eventName":"a","g":1}`:       "[+] two",
		`{"eventName":"a","g":1,"f":1}`: "[+] one two",
		`{"eventName":"b","f":1}`:       "[-] one",
	} {
		got, err := s.Rules[0].Trace(&event.Event{Raw: []byte(raw)})
		if err != nil {
			t.Fatal(err)
		}
		held := "-"
		if got.Condition.Held {
			held = "+"
		}
		text := "[" + held + "]"
		for _, f := range got.FilteredBy {
			text += " " + strings.Fields(f)[0]
		}
		if text != want || got.Fired != (len(got.FilteredBy) == 0 && got.Condition.Held) || len(got.Filters) != 2 {
			t.Errorf("%s: %s, want %s", raw, text, want)
		}
	}
}

// A trace says what the engine does, and its parts are consistent, for any condition.
func TestTraceAgreesWithTheEngine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var expr func(depth int) string
		expr = func(depth int) string {
			kind := rapid.IntRange(0, 5).Draw(r, "kind")
			if depth == 0 {
				kind = 0
			}
			switch kind {
			case 1:
				return "(" + expr(depth-1) + " and " + expr(depth-1) + ")"
			case 2:
				return "(" + expr(depth-1) + " or " + expr(depth-1) + ")"
			case 3:
				return "not " + expr(depth-1)
			case 4:
				return fmt.Sprintf("%d of s*", rapid.IntRange(1, 3).Draw(r, "need"))
			}
			return fmt.Sprintf("s%d", rapid.IntRange(0, 2).Draw(r, "search"))
		}
		text := ruleText("s0: {f0: 1}\ns1: {f1: 1, g: 1}\ns2: [{f2: 1}, {g: 2}]\ncondition: " + expr(3))
		c, err := sigma.ParseRule("r.yml", []byte(text))
		if err != nil {
			r.Fatal(err)
		}
		raw := fmt.Sprintf(`{"f0":%d,"f1":%d,"f2":%d,"g":%d}`, rapid.IntRange(0, 1).Draw(r, "f0"), rapid.IntRange(0, 1).Draw(r, "f1"),
			rapid.IntRange(0, 1).Draw(r, "f2"), rapid.IntRange(0, 2).Draw(r, "g"))
		e := &event.Event{Raw: []byte(raw)}
		got, err := c.Trace(e)
		if err != nil {
			r.Fatal(err)
		}
		fired, err := c.Matches(e)
		if err != nil || got.Fired != fired || got.Condition.Held != fired {
			r.Fatalf("%s on %s: the trace says %v, the engine %v, %v", text, raw, got.Fired, fired, err)
		}
		if near := got.Condition.Near(); near < 0 || near > 1 || fired != (near == 1) {
			r.Fatalf("%s on %s: fired %v and near %v", text, raw, fired, near)
		}
		if why := c.Senseless(); strings.Contains(why, "never") && fired || strings.Contains(why, "always") && !fired {
			r.Fatalf("%s: %s, and yet on %s fired is %v", text, why, raw, fired)
		}
	})
}
