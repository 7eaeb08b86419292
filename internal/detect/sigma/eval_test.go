package sigma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// compile makes a rule of the lines of its detection.
func compile(t testing.TB, detection string) *sigma.Compiled {
	t.Helper()
	c, err := sigma.ParseRule("r.yml", []byte(ruleText(detection)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ruleText(detection string) string {
	return "title: t\nid: r\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  " +
		strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ") + "\n"
}

func fires(t testing.TB, c *sigma.Compiled, raw string) bool {
	t.Helper()
	e := &event.Event{Raw: []byte(raw)}
	direct, err := c.Matches(e)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(sigma.NewEngine([]*sigma.Compiled{c}).Detect(e.Record())) == 1; got != direct {
		t.Errorf("the engine says %v and the rule alone %v", got, direct)
	}
	return direct
}

// line tests one line of a search. yes and no are records, one a text.
type line struct {
	name    string
	line    string
	yes, no []string
}

func runLines(t *testing.T, lines []line) {
	t.Helper()
	for _, c := range lines {
		t.Run(c.name, func(t *testing.T) {
			r := compile(t, "sel:\n  "+strings.ReplaceAll(c.line, "\n", "\n  ")+"\ncondition: sel")
			for _, raw := range c.yes {
				if !fires(t, r, raw) {
					t.Errorf("%s does not match %s", c.line, raw)
				}
			}
			for _, raw := range c.no {
				if fires(t, r, raw) {
					t.Errorf("%s matches %s", c.line, raw)
				}
			}
		})
	}
}

func TestValues(t *testing.T) {
	runLines(t, []line{
		{"text ignores case", `f: Foo`, []string{`{"f":"foo"}`, `{"f":"FOO"}`}, []string{`{"f":"foo2"}`, `{"f":" foo"}`, `{}`, `{"f":null}`, `{"F":"foo"}`}},
		{"beyond ascii", `f: ÄÖ`, []string{`{"f":"äö"}`}, []string{`{"f":"ao"}`}},
		{"star", `f: a*c`, []string{`{"f":"ac"}`, `{"f":"aXXc"}`, `{"f":"A\nC"}`}, []string{`{"f":"acd"}`, `{"f":"bac"}`}},
		{"stars backtrack", `f: '*ab*ab'`, []string{`{"f":"abab"}`, `{"f":"xabxabxab"}`}, []string{`{"f":"ab"}`, `{"f":"aab"}`, `{"f":"ababx"}`}},
		{"question mark", `f: a?c`, []string{`{"f":"abc"}`, `{"f":"aéc"}`}, []string{`{"f":"ac"}`, `{"f":"abbc"}`}},
		{"question mark after star", `f: '*a?'`, []string{`{"f":"ab"}`, `{"f":"xaab"}`, `{"f":"aé"}`}, []string{`{"f":"a"}`, `{"f":"abc"}`}},
		{"question mark between stars", `f: '*a?c*'`, []string{`{"f":"aabcX"}`, `{"f":"xa.c"}`}, []string{`{"f":"ac"}`}},
		{"question mark and case", `f: 'A?Ä'`, []string{`{"f":"abä"}`}, nil},
		{"lone star", `f: '*'`, []string{`{"f":""}`, `{"f":"x"}`, `{"f":0}`, `{"f":{}}`, `{"f":[]}`, `{"f":[null,1]}`}, []string{`{}`, `{"f":null}`}},
		{"escaped star", `f: 'a\*c'`, []string{`{"f":"a*c"}`}, []string{`{"f":"abc"}`, `{"f":"a\\*c"}`}},
		{"escaped question mark", `f: 'a\?'`, []string{`{"f":"a?"}`}, []string{`{"f":"ab"}`}},
		{"plain backslash", `f: 'a\b'`, []string{`{"f":"a\\b"}`}, []string{`{"f":"ab"}`, `{"f":"a\\\\b"}`}},
		{"two backslashes are one", `f: 'a\\b'`, []string{`{"f":"a\\b"}`}, []string{`{"f":"a\\\\b"}`}},
		{"backslash and wildcard", `f: 'a\\*'`, []string{`{"f":"a\\"}`, `{"f":"a\\x"}`}, []string{`{"f":"a*"}`, `{"f":"ax"}`}},
		{"three backslashes and star", `f: 'a\\\*'`, []string{`{"f":"a\\*"}`}, []string{`{"f":"a\\x"}`}},
		{"four backslashes are two", `f: 'a\\\\b'`, []string{`{"f":"a\\\\b"}`}, []string{`{"f":"a\\b"}`}},
		{"backslash at the end", `f: 'a\'`, []string{`{"f":"a\\"}`}, []string{`{"f":"a"}`}},
		{"empty text", `f: ''`, []string{`{"f":""}`}, []string{`{"f":"a"}`, `{"f":null}`, `{}`}},
		{"null", `f: null`, []string{`{"f":null}`, `{}`, `{"f":[null]}`}, []string{`{"f":""}`, `{"f":0}`, `{"f":[]}`, `{"f":{}}`}},
		{"nothing written is null", `f:`, []string{`{"f":null}`, `{}`}, []string{`{"f":""}`}},
		{"null in a list", "f: ['', null]", []string{`{"f":null}`, `{}`, `{"f":""}`}, []string{`{"f":"a"}`}},
		{"number", `f: 443`, []string{`{"f":443}`, `{"f":"443"}`, `{"f":443.0}`, `{"f":4.43e2}`}, []string{`{"f":4430}`, `{"f":"443.0"}`}},
		{"large number", `f: 123456789012`, []string{`{"f":123456789012}`, `{"f":"123456789012"}`}, []string{`{"f":123456789013}`}},
		{"negative and broken number", `f: -1.5`, []string{`{"f":-1.5}`, `{"f":"-1.5"}`}, []string{`{"f":1.5}`}},
		{"number as a text", `f: '443'`, []string{`{"f":443}`, `{"f":"443"}`}, []string{`{"f":44}`}},
		{"bool", `f: true`, []string{`{"f":true}`, `{"f":"true"}`, `{"f":"True"}`}, []string{`{"f":false}`, `{"f":1}`}},
		{"bool as a text", `f: 'false'`, []string{`{"f":false}`}, []string{`{"f":true}`, `{}`}},
		{"list", "f: [a, 'b*', 3]", []string{`{"f":"A"}`, `{"f":"bc"}`, `{"f":3}`}, []string{`{"f":"c"}`}},
		{"map", "f: a\ng: b", []string{`{"f":"a","g":"b"}`}, []string{`{"f":"a"}`, `{"g":"b"}`}},
	})
}

func TestModifiers(t *testing.T) {
	runLines(t, []line{
		{"contains", `f|contains: oo`, []string{`{"f":"FOO"}`, `{"f":"oo"}`}, []string{`{"f":"o"}`, `{}`}},
		{"contains with wildcards", `f|contains: a*b?`, []string{`{"f":"xaxbyz"}`}, []string{`{"f":"xab"}`}},
		{"contains any", "f|contains: [a, b]", []string{`{"f":"xa"}`, `{"f":"bx"}`}, []string{`{"f":"c"}`}},
		{"contains all", "f|contains|all: [a, b]", []string{`{"f":"xaxb"}`, `{"f":["a","b"]}`}, []string{`{"f":"a"}`, `{"f":["a"]}`}},
		{"contains a number", `f|contains: 44`, []string{`{"f":443}`}, []string{`{"f":43}`}},
		{"startswith", `f|startswith: ab`, []string{`{"f":"ABc"}`, `{"f":"ab"}`}, []string{`{"f":"cab"}`}},
		{"endswith", `f|endswith: '\a.exe'`, []string{`{"f":"c:\\A.exe"}`}, []string{`{"f":"a.exe"}`}},
		{"cased", `f|cased: Foo`, []string{`{"f":"Foo"}`}, []string{`{"f":"foo"}`}},
		{"cased contains", `f|contains|cased: Foo`, []string{`{"f":"xFoo"}`}, []string{`{"f":"xfoo"}`}},
		{"exists", `f|exists: true`, []string{`{"f":1}`, `{"f":null}`, `{"f":""}`, `{"f":[]}`}, []string{`{}`, `{"g":1}`}},
		{"exists not", `f|exists: false`, []string{`{}`}, []string{`{"f":null}`}},
		{"exists below", `a.b|exists: true`, []string{`{"a":{"b":1}}`, `{"a":[{},{"b":1}]}`}, []string{`{"a":{}}`, `{"a":[]}`, `{"a":1}`}},
		{"neq", `f|neq: a`, []string{`{"f":"b"}`, `{}`, `{"f":null}`}, []string{`{"f":"A"}`, `{"f":["a","b"]}`}},
		{"neq list", `f|neq: [a, b]`, []string{`{"f":"c"}`}, []string{`{"f":"a"}`, `{"f":"b"}`}},
		{"contains neq", `f|contains|neq: a`, []string{`{"f":"b"}`}, []string{`{"f":"bab"}`}},
		{"re", `f|re: 'b.+d'`, []string{`{"f":"abcde"}`}, []string{`{"f":"bd"}`, `{"f":"aBcde"}`, `{}`}},
		{"re keeps backslashes", `f|re: '^\d{3}\\$'`, []string{`{"f":"123\\"}`}, []string{`{"f":"123"}`}},
		{"re i", `f|re|i: '^abc$'`, []string{`{"f":"ABC"}`}, []string{`{"f":"ABCD"}`}},
		{"re m", `f|re|m: '^b$'`, []string{`{"f":"a\nb"}`}, []string{`{"f":"a\nbc"}`}},
		{"re s", `f|re|s: 'a.b'`, []string{`{"f":"a\nb"}`}, nil},
		{"re without s", `f|re: 'a.b'`, []string{`{"f":"axb"}`}, []string{`{"f":"a\nb"}`}},
		{"re i m s", `f|re|i|m|s: '^A.b$'`, []string{`{"f":"x\na\nb"}`}, nil},
		{"re on a number", `f|re: '^4\d+$'`, []string{`{"f":443}`}, []string{`{"f":543}`}},
		{"cidr", `f|cidr: 203.0.113.0/24`, []string{`{"f":"203.0.113.7"}`, `{"f":"::ffff:203.0.113.7"}`}, []string{`{"f":"203.0.114.7"}`, `{"f":"AWS Internal"}`, `{}`, `{"f":3}`}},
		{"cidr list and v6", "f|cidr: ['2001:db8::/32', 10.0.0.0/8]", []string{`{"f":"2001:db8::1"}`, `{"f":"10.1.1.1"}`}, []string{`{"f":"2001:db9::1"}`}},
		{"lt", `f|lt: 5`, []string{`{"f":4}`, `{"f":"4"}`, `{"f":-1}`}, []string{`{"f":5}`, `{"f":"x"}`, `{}`}},
		{"lte", `f|lte: 5`, []string{`{"f":5}`}, []string{`{"f":5.1}`}},
		{"gt", `f|gt: 5`, []string{`{"f":5.1}`, `{"f":[1,6]}`}, []string{`{"f":5}`, `{"f":[1,2]}`}},
		{"gte", `f|gte: '5'`, []string{`{"f":5}`}, []string{`{"f":4.9}`}},
		{"windash", `f|contains|windash: ' -enc'`, []string{`{"f":"x -enc"}`, `{"f":"x /ENC"}`, `{"f":"x –enc"}`, `{"f":"x —enc"}`, `{"f":"x ―enc"}`}, []string{`{"f":"x enc"}`}},
		{"base64", `f|base64: foobar`, []string{`{"f":"Zm9vYmFy"}`}, []string{`{"f":"Zm9vYmFyX"}`}},
		{"base64 contains", `f|base64|contains: foobar`, []string{`{"f":"x Zm9vYmFy y"}`}, []string{`{"f":"foobar"}`}},
		{
			"base64offset", `f|base64offset|contains: /bin/bash`,
			[]string{`{"f":"L2Jpbi9iYXNo"}`, `{"f":"eC9iaW4vYmFzaA=="}`, `{"f":"eHgvYmluL2Jhc2g="}`, `{"f":"eHh4L2Jpbi9iYXNoeHg="}`},
			[]string{`{"f":"L3Vzci9iYXNo"}`},
		},
		{"wide", `f|wide|base64: ab`, []string{`{"f":"YQBiAA=="}`}, []string{`{"f":"YWI="}`}},
		{"utf16le", `f|utf16le|base64: ab`, []string{`{"f":"YQBiAA=="}`}, nil},
		{"utf16be", `f|utf16be|base64: ab`, []string{`{"f":"AGEAYg=="}`}, nil},
		{"utf16", `f|utf16|base64: ab`, []string{`{"f":"//5hAGIA"}`}, nil},
		{"wide base64offset", `f|wide|base64offset|contains: ping`, []string{`{"f":"cABpAG4AZwA="}`, `{"f":"eHAAaQBuAGcA"}`}, nil},
		{"fieldref", `f|fieldref: g.h`, []string{`{"f":"a","g":{"h":"A"}}`, `{"f":3,"g":{"h":"3"}}`}, []string{`{"f":"a","g":{"h":"b"}}`, `{"f":"a"}`, `{"g":{"h":"b"}}`, `{"f":null,"g":{"h":null}}`, `{"f":"ab","g":{"h":"a*"}}`}},
		{"fieldref neq", `f|fieldref|neq: g`, []string{`{"f":"a","g":"b"}`}, []string{`{"f":"a","g":"a"}`}},
		{"fieldref endswith", `f|fieldref|endswith: g`, []string{`{"f":"xa","g":"a"}`}, []string{`{"f":"ax","g":"a"}`}},
		{"fieldref cased", `f|fieldref|cased: g`, []string{`{"f":"a","g":"a"}`}, []string{`{"f":"a","g":"A"}`}},
		{"hour", `f|hour: 9`, []string{`{"f":"2026-03-02T09:59:00Z"}`, `{"f":"2026-03-02T09:59:00+02:00"}`}, []string{`{"f":"2026-03-02T10:00:00Z"}`, `{"f":"nine"}`, `{}`}},
		{"hour gte", `f|hour|gte: 22`, []string{`{"f":"2026-03-02T23:00:00Z"}`}, []string{`{"f":"2026-03-02T21:59:00Z"}`}},
		{"minute", `f|minute: 59`, []string{`{"f":"2026-03-02T09:59:00Z"}`}, []string{`{"f":"2026-03-02T09:58:00Z"}`}},
		{"day month year", "f|day: 2\nf|month: 3\nf|year: 2026", []string{`{"f":"2026-03-02T09:59:00Z"}`}, []string{`{"f":"2026-03-03T09:59:00Z"}`}},
		{"week", `f|week: [10, 11]`, []string{`{"f":"2026-03-02T09:59:00Z"}`}, []string{`{"f":"2026-01-02T09:59:00Z"}`}},
	})
}

func TestFields(t *testing.T) {
	runLines(t, []line{
		{"path", `a.b.c: x`, []string{`{"a":{"b":{"c":"x"}}}`}, []string{`{"a":{"b":"x"}}`, `{"a":"x"}`, `{}`}},
		{"dots in a key", `a.b.c: x`, []string{`{"a.b.c":"x"}`, `{"a.b":{"c":"x"}}`, `{"a":{"b.c":"x"}}`, `{"a.b":{},"a":{"b":{"c":"x"}}}`}, nil},
		{"exact key first", `a.b: x`, []string{`{"a.b":"x","a":{"b":"y"}}`}, []string{`{"a.b":"y","a":{"b":"x"}}`}},
		{"array of texts", `a: x`, []string{`{"a":["y","X"]}`, `{"a":[["x"]]}`}, []string{`{"a":["y"]}`, `{"a":[]}`, `{"a":["xy"]}`}},
		{"array of objects", `a.items.b: x`, []string{`{"a":{"items":[{"b":"y"},{"b":"x"}]}}`, `{"a":[{"items":[{"b":["x"]}]}]}`}, []string{`{"a":{"items":[{"c":"x"}]}}`}},
		{"object as text", `a|contains: '"s3:GetObject"'`, []string{`{"a":{"b":{"c":["s3:PutObject", "s3:getobject"]}}}`}, []string{`{"a":{"b":"s3:GetObject2"}}`}},
		{"object keeps the order of its keys", `a|contains: '"z":1,"b":2'`, []string{`{"a":{"z": 1,  "b" : 2}}`}, []string{`{"a":{"b":2,"z":1}}`}},
		{"object escapes little", `a|contains: '<&>é/'`, []string{`{"a":{"b":"\u003c\u0026>\u00e9\/"}}`}, nil},
		{"object whole", `a: '{"b":1}'`, []string{`{"a":{ "b":1 }}`}, []string{`{"a":{"b":2}}`}},
		{"object startswith", `a|startswith: '{"b":'`, []string{`{"a":{"b":2}}`}, nil},
		{"array as text", `a|contains: '"x","y"'`, []string{`{"a":["x", "y"]}`}, []string{`{"a":["y","x"]}`}},
		{"array as text only for contains", `a|startswith: '["x'`, nil, []string{`{"a":["x"]}`}},
		{"element of an array as text", `a|re: '"e":"A".*"p":"\*"'`, []string{`{"a":[{"e":"A","p":"*"}]}`}, []string{`{"a":[{"e":"A","p":"x"},{"e":"D","p":"*"}]}`}},
		{"text below an array", `a.b|contains: '"c":1'`, []string{`{"a":[{"b":"x"},{"b":{"c":1}}]}`}, nil},
		{"empty object", `a: '{}'`, []string{`{"a":{}}`}, nil},
	})
}

func TestKeywords(t *testing.T) {
	runLines(t, []line{
		{"any", "- foo\n- b*r", []string{`{"a":{"b":["xFOOx"]}}`, `{"a":"bxxr"}`}, []string{`{"a":"fo"}`}},
		{"in a key", "- foo", []string{`{"foo":1}`}, nil},
		{"backslash", `- 'c:\foo'`, []string{`{"a":"C:\\Foo\\bar"}`}, []string{`{"a":"c:foo"}`}},
		{"number", "- 4711", []string{`{"a":4711}`, `{"a":"x4711"}`}, []string{`{"a":471}`}},
		{"all", `"|all": [foo, bar]`, []string{`{"a":"foo","b":"bar"}`}, []string{`{"a":"foo"}`}},
		{"re", `"|re": '^fo+$'`, []string{`{"a":"fooo"}`}, []string{`{"a":"xfoo"}`}},
		{"startswith", `"|startswith": fo`, []string{`{"a":"fooo"}`}, []string{`{"a":"xfoo"}`}},
		{"with a map", "- foo\n- f: a", []string{`{"x":"foo"}`, `{"f":"a"}`}, []string{`{"f":"b"}`}},
		{"list of maps", "- f: a\n  g: b\n- h: c", []string{`{"f":"a","g":"b"}`, `{"h":"c"}`}, []string{`{"f":"a"}`}},
	})
	r := compile(t, "sel: foo\ncondition: sel")
	if !fires(t, r, `{"a":"xfoo"}`) || fires(t, r, `{"a":"x"}`) {
		t.Error("a single keyword")
	}
}

func TestCondition(t *testing.T) {
	const searches = "a1: {a: 1}\na2: {b: 1}\nc: {c: 1}\n_d: {d: 1}\ncondition: "
	const a, b, c, d = `"a":1`, `"b":1`, `"c":1`, `"d":1`
	cases := []struct {
		condition string
		yes, no   []string
	}{
		{"a1", []string{a}, []string{b, ""}},
		{"a1 and a2", []string{a + "," + b}, []string{a, b}},
		{"a1 or a2", []string{a, b}, []string{c}},
		{"not a1", []string{"", b}, []string{a}},
		{"not not a1", []string{a}, []string{b}},
		{"a1 or a2 and c", []string{a, b + "," + c}, []string{b, c}},
		{"a1 and a2 or c", []string{a + "," + b, c}, []string{a}},
		{"(a1 or a2) and c", []string{a + "," + c}, []string{a, c}},
		{"not a1 and a2", []string{b}, []string{a + "," + b, ""}},
		{"not (a1 and a2)", []string{a, b, ""}, []string{a + "," + b}},
		{"(a1 or a2) and not c", []string{a, b}, []string{a + "," + c, ""}},
		{"a1 or not c", []string{a + "," + c, ""}, []string{c}},
		{"1 of a*", []string{a, b}, []string{c, d}},
		{"any of a*", []string{a, b}, []string{c}},
		{"all of a*", []string{a + "," + b}, []string{a, c}},
		{"2 of them", []string{a + "," + c, a + "," + b + "," + c}, []string{a, a + "," + d}},
		{"1 of them", []string{a, c}, []string{d}},
		{"all of them", []string{a + "," + b + "," + c}, []string{a + "," + b + "," + d}},
		{"1 of _*", []string{d}, []string{a}},
		{"not 1 of a*", []string{c, ""}, []string{a, b}},
		{"c and not 1 of a*", []string{c}, []string{a + "," + c}},
		{"1 of *1 and not c", []string{a}, []string{b, a + "," + c}},
		{"a1 AND NOT c", []string{a}, []string{a + "," + c}},
		{"[a1, c]", []string{a, c}, []string{b}},
		{"\n  - a1 and a2\n  - c", []string{a + "," + b, c}, []string{a}},
	}
	for _, x := range cases {
		t.Run(x.condition, func(t *testing.T) {
			r := compile(t, searches+x.condition)
			for _, fields := range x.yes {
				if !fires(t, r, "{"+fields+"}") {
					t.Errorf("does not fire on {%s}", fields)
				}
			}
			for _, fields := range x.no {
				if fires(t, r, "{"+fields+"}") {
					t.Errorf("fires on {%s}", fields)
				}
			}
		})
	}
}

func TestExplain(t *testing.T) {
	r := compile(t, "sel: {eventName: [A, B*], n|exists: true, 'o|contains|all': [x, y]}\nfilter: {f: 1}\ncondition: sel and not filter")
	e := &event.Event{Raw: []byte(`{"eventName":"BC","n":null,"o":{"p":["x","y"]},"f":2}`)}
	m := sigma.NewEngine([]*sigma.Compiled{r}).Detect(e.Record())
	if len(m) != 1 || len(m[0].Why) != 1 {
		t.Fatalf("%+v", m)
	}
	want := `sel matched: eventName = "BC" matches "A" or "B*"; n|exists = null matches true; ` +
		`o|contains|all = "{\"p\":[\"x\",\"y\"]}" matches contains "x" and contains "y"`
	if d := cmp.Diff(want, m[0].Why[0].String()); d != "" {
		t.Error(d)
	}
	why, err := r.Explain(&event.Event{Raw: []byte(`{"eventName":"BC","f":[1,2,3,4,5]}`)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range why {
		got = append(got, w.String())
	}
	wantAll := []string{
		`sel did not match: n|exists = nothing does not match true; o|contains|all = nothing does not match contains "x" and contains "y"`,
		`filter matched: f = "1", "2", "3", … matches 1`,
	}
	if d := cmp.Diff(wantAll, got); d != "" {
		t.Error(d)
	}
}
