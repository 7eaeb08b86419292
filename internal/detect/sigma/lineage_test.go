package sigma_test

import (
	"slices"
	"strings"
	"testing"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// knower answers for records whose name it knows, and counts how often it is asked.
type knower struct {
	answers map[string]string
	asked   int
}

func (k *knower) Lineage(r *event.Record) rawjson.Value {
	k.asked++
	for name, a := range k.answers {
		if strings.Contains(string(r.Raw), `"`+name+`"`) {
			return rawjson.Value(a)
		}
	}
	return nil
}

func known() *knower {
	return &knower{answers: map[string]string{
		"kim":    `{"root":"kim@example.com","kind":"person","name":"kim","hops":2,"chain":["arn:aws:sts::111122223333:assumed-role/a/x","arn:aws:sts::111122223333:assumed-role/b/x"]}`,
		"nobody": `{"root":"s","kind":"unknown","hops":0}`,
	}}
}

func TestLineageFields(t *testing.T) {
	const kim, nobody, stranger = `{"eventName":"A","who":"kim","user":"Kim"}`, `{"eventName":"A","who":"nobody"}`, `{"eventName":"A","lineage":{"kind":"person","root":"kim@example.com"}}`
	for line, want := range map[string][]string{
		"lineage.kind: person":                             {kim},
		"lineage.kind: [person, unknown]":                  {kim, nobody},
		"lineage.root: KIM@example.com":                    {kim},
		"lineage.root|endswith: '@example.com'":            {kim},
		"lineage.hops|gte: 2":                              {kim},
		"lineage.chain|contains: ':assumed-role/b/'":       {kim},
		"lineage.chain[0]|contains: ':assumed-role/b/'":    {},
		"lineage.chain[-1]|contains: ':assumed-role/b/'":   {kim},
		"lineage.chain[all]|contains: ':assumed-role/'":    {kim},
		"lineage.account: null":                            {kim, nobody, stranger},
		"lineage.kind|exists: true":                        {kim, nobody},
		"lineage|exists: false":                            {stranger},
		"user|fieldref: lineage.name":                      {kim},
		"lineage.chain|exists: true\n  lineage.name: kim":  {kim},
		"lineage.steps: x":                                 {},
		"lineages.kind: person":                            {},
		"'|contains': kim@example.com":                     {stranger},
		"eventName: A\n  lineage.kind|neq: person":         {nobody, stranger},
		"lineage.chain[none]|contains: ':assumed-role/c/'": {kim, nobody, stranger},
	} {
		c := compile(t, "s:\n  "+line+"\ncondition: s")
		engine := sigma.NewEngineWith([]*sigma.Compiled{c}, known())
		var got []string
		for _, raw := range []string{kim, nobody, stranger} {
			if len(engine.Detect((&event.Event{Raw: []byte(raw)}).Record())) == 1 {
				got = append(got, raw)
			}
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s:\ngot  %v\nwant %v", line, got, want)
		}
		if strings.Contains(line, "lineage.") != c.AsksLineage() && !strings.HasPrefix(line, "lineage|") {
			t.Errorf("%s: asks %v", line, c.AsksLineage())
		}
	}
}

// Without anybody to ask the fields are absent, and what a record says under the name counts for nothing.
func TestLineageOfNobody(t *testing.T) {
	for line, want := range map[string]bool{"lineage.kind: person": false, "lineage.kind: null": true, "lineage.kind|exists: false": true} {
		if fires(t, compile(t, "s: {'"+strings.Replace(line, ": ", "': ", 1)+"}\ncondition: s"), `{"lineage":{"kind":"person"}}`) != want {
			t.Errorf("%s: want %v", line, want)
		}
	}
}

// Only records that a rule asks about are looked up, and each only once.
func TestLineageIsAskedOnce(t *testing.T) {
	k := known()
	engine := sigma.NewEngineWith([]*sigma.Compiled{
		compile(t, "s: {eventName: A, lineage.kind: person, lineage.hops: 2, lineage.name: kim}\ncondition: s"),
	}, k)
	for range 3 {
		engine.Detect((&event.Event{Raw: []byte(`{"eventName":"B","who":"kim"}`)}).Record())
	}
	if k.asked != 0 {
		t.Errorf("asked %d times about records that no rule is about", k.asked)
	}
	for range 3 {
		m := engine.Detect((&event.Event{Raw: []byte(`{"eventName":"A","who":"kim"}`)}).Record())
		if len(m) != 1 || !strings.Contains(m[0].Why[0].String(), `lineage.kind = "person" matches "person"`) {
			t.Fatalf("got %+v", m)
		}
	}
	if k.asked != 3 {
		t.Errorf("asked %d times about three records", k.asked)
	}
}

func TestByLineage(t *testing.T) {
	const rule = "title: t\nid: a\nname: a\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: A}\n  condition: s\n"
	const chain = "---\ntitle: c\nid: c\ncorrelation:\n  type: value_count\n  rules: [a]\n  group-by: [%s]\n  timespan: 1h\n  condition: {field: eventName, gte: 2}\n"
	for text, want := range map[string]bool{
		rule: false, rule + strings.Replace(chain, "%s", "user", 1): false, rule + strings.Replace(chain, "%s", "lineage.root", 1): true,
		strings.Replace(rule, "{eventName: A}", "{lineage.kind: x}", 1): true, strings.Replace(rule, "{eventName: A}", "{'a|fieldref': lineage.name}", 1): true,
	} {
		set, errs := sigma.Read("r.yml", []byte(text), sigma.Options{})
		linked, more := set.Link()
		if len(errs)+len(more) > 0 {
			t.Fatal(errs, more)
		}
		if asking, others := linked.ByLineage(); len(asking) != 1 == want || len(others) == 1 == want {
			t.Errorf("want %v of\n%s", want, text)
		}
	}
}

// Foresight never says no where a rule can fire, whatever the lineage, and says no where nothing else fits.
func TestForesight(t *testing.T) {
	for condition, want := range map[string]bool{
		"s: {eventName: A, lineage.kind: person}\ncondition: s":                                       true,
		"s: {eventName: B, lineage.kind: person}\ncondition: s":                                       false,
		"s: {eventName: A}\nf: {lineage.kind: person}\ncondition: s and not f":                        true,
		"s: {eventName: A}\nf: {lineage.kind: person, user: kim}\ncondition: s and not f":             true,
		"s: {eventName: A}\nf: {lineage.kind: person}\ng: {user: kim}\ncondition: s and not (f or g)": false,
		"s: {eventName: A}\nf: {lineage.kind: person}\ncondition: s and not (not f)":                  true,
		"s: {'user|fieldref': lineage.name}\ncondition: s":                                            true,
		"s: {'user|fieldref|neq': lineage.name}\ncondition: s":                                        true,
		"s: {'lineage.chain[any]|contains': x, eventName: A}\ncondition: s":                           true,
		"s: {'lineage.kind|neq': person, eventName: A}\ncondition: s":                                 true,
		"s1: {lineage.kind: person}\ns2: {eventName: B}\ncondition: 1 of s*":                          true,
		"s1: {lineage.kind: person}\ns2: {eventName: B}\ncondition: all of s*":                        false,
	} {
		c := compile(t, condition)
		raw := `{"eventName":"A","user":"kim"}`
		if got := sigma.NewForesight([]*sigma.Compiled{c}).May((&event.Event{Raw: []byte(raw)}).Record()); got != want {
			t.Errorf("%s: %v", condition, got)
		}
		for _, answer := range []string{`{}`, `{"kind":"person","name":"kim","chain":["x"]}`, `{"kind":"unknown","name":"tom"}`} {
			k := &knower{answers: map[string]string{"kim": answer}}
			if fired := len(sigma.NewEngineWith([]*sigma.Compiled{c}, k).Detect((&event.Event{Raw: []byte(raw)}).Record())) > 0; fired && !want {
				t.Errorf("%s fires with %s and was not foreseen", condition, answer)
			}
		}
	}
}
