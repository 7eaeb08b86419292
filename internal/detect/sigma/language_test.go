package sigma_test

import (
	"testing"

	"jobzero/internal/detect/sigma"
)

// TestSpecification is the specification's own examples and the combinations that it allows, beside those of eval_test.go.
func TestSpecification(t *testing.T) {
	runLines(t, []line{
		{"a plain backslash, single or double", `f: ['c:\a', 'd:\\a']`, []string{`{"f":"C:\\a"}`, `{"f":"d:\\a"}`}, []string{`{"f":"d:\\\\a"}`}},
		{"an escaped wildcard", `f: '\*\?'`, []string{`{"f":"*?"}`}, []string{`{"f":"ab"}`}},
		{"a backslash, then a wildcard", `f: '\\*x\\?'`, []string{`{"f":"\\abx\\y"}`}, []string{`{"f":"\\*x\\?z"}`, `{"f":"abx"}`}},
		{"a backslash and a wildcard as they are", `f: '\\\*'`, []string{`{"f":"\\*"}`}, []string{`{"f":"\\x"}`}},
		{"five backslashes and a star", `f: '\\\\\*'`, []string{`{"f":"\\\\*"}`}, []string{`{"f":"\\\\x"}`}},
		{"an empty text in a list", "f: ['', x]", []string{`{"f":""}`, `{"f":"x"}`}, []string{`{}`, `{"f":null}`}},
		{"a list with null and numbers", "f: [null, 5]", []string{`{}`, `{"f":5}`, `{"f":"5"}`}, []string{`{"f":6}`}},
		{"numbers of other bases", "f: '0x40810000'", []string{`{"f":"0X40810000"}`}, []string{`{"f":1082195968}`}},
		{"a broken number", "f: 0.5", []string{`{"f":0.5}`, `{"f":5e-1}`, `{"f":"0.5"}`}, []string{`{"f":"0.50"}`}},
		{"true in a list", "f: [true, 'no']", []string{`{"f":true}`, `{"f":"no"}`}, []string{`{"f":false}`}},

		{"every dash for every other", "f|windash: '-a /b –c'", []string{`{"f":"-a /b –c"}`, `{"f":"/a –b —c"}`, `{"f":"―a -b /c"}`}, []string{`{"f":"+a -b -c"}`}},
		{"windash and its friends", "f|windash|contains|all: [' -a', ' /b']", []string{`{"f":"x /a ―b"}`}, []string{`{"f":"x /a"}`}},
		{"windash and cased", "f|cased|windash|startswith: '-A'", []string{`{"f":"/Ab"}`}, []string{`{"f":"/ab"}`}},

		{"fieldref startswith", "f|fieldref|startswith: g", []string{`{"f":"abc","g":"AB"}`}, []string{`{"f":"cab","g":"ab"}`}},
		{"fieldref contains", "f|fieldref|contains: g", []string{`{"f":"xabx","g":"ab"}`}, []string{`{"f":"a","g":"ab"}`, `{"f":"aXb","g":"a*b"}`}},
		{"fieldref neq contains", "f|fieldref|neq|contains: g", []string{`{"f":"a","g":"ab"}`, `{"f":"a"}`}, []string{`{"f":"xab","g":"ab"}`}},
		{"fieldref neq endswith", "f|neq|fieldref|endswith: g", []string{`{"f":"abx","g":"ab"}`}, []string{`{"f":"xab","g":"ab"}`}},
		{"fieldref of several", "f|fieldref: [g, h]", []string{`{"f":"a","g":"b","h":"a"}`}, []string{`{"f":"a","g":"b","h":"c"}`}},
		{"fieldref of all", "f|fieldref|all: [g, h]", []string{`{"f":"a","g":"a","h":"a"}`}, []string{`{"f":"a","g":"a","h":"b"}`}},
		{"fieldref of arrays", "f|fieldref: g", []string{`{"f":["x","y"],"g":["z","Y"]}`}, []string{`{"f":["x"],"g":["z"]}`}},

		{"neq all", "f|contains|all|neq: [a, b]", []string{`{"f":"a"}`, `{}`}, []string{`{"f":"ab"}`}},
		{"neq re", "f|re|i|neq: '^a'", []string{`{"f":"ba"}`, `{}`}, []string{`{"f":"Ab"}`}},
		{"neq cidr", "f|cidr|neq: 10.0.0.0/8", []string{`{"f":"11.0.0.1"}`}, []string{`{"f":"10.0.0.1"}`}},
		{"neq numbers", "f|neq: 5", []string{`{"f":6}`, `{"f":"x"}`}, []string{`{"f":5.0}`, `{"f":"5"}`}},
		{"neq null", "f|neq: null", []string{`{"f":""}`, `{"f":[]}`}, []string{`{}`, `{"f":null}`}},
		{"neq exists", "f|exists|neq: true", []string{`{}`}, []string{`{"f":null}`}},
		{"neq hour", "f|hour|neq: 9", []string{`{"f":"2026-03-02T10:00:00Z"}`}, []string{`{"f":"2026-03-02T09:00:00Z"}`}},
		{"cased endswith", "f|endswith|cased: B", []string{`{"f":"aB"}`}, []string{`{"f":"ab"}`}},
		{"cased with wildcards", "f|cased: A?c*", []string{`{"f":"Abc"}`, `{"f":"A.cD"}`}, []string{`{"f":"abc"}`}},
		{"re list", "f|re: ['^a', 'b$']", []string{`{"f":"ax"}`, `{"f":"xb"}`}, []string{`{"f":"xax"}`}},
		{"re all", "f|re|all: ['^a', 'b$']", []string{`{"f":"axb"}`}, []string{`{"f":"ax"}`}},
		{"re alternation and classes", `f|re: '^(foo|ba[rz]){1,2}\.\w+\b$'`, []string{`{"f":"foobaz.x1"}`}, []string{`{"f":"bax.x"}`}},
		{"utf16 base64offset", "f|utf16|base64offset|contains: ab", []string{`{"f":"eP/+YQBiAHg="}`}, []string{`{"f":"YQBiAA=="}`}},
		{"base64 list", "f|base64|contains|all: [foo, bar]", []string{`{"f":"Zm9v YmFy"}`}, []string{`{"f":"Zm9v"}`}},
		{"two bounds", "f|gte: 5\nf|lt: 10", []string{`{"f":5}`, `{"f":9.9}`}, []string{`{"f":10}`, `{"f":4}`}},
		{"cidr of one address", "f|cidr: ['2001:db8::1/128', 192.0.2.1/32]", []string{`{"f":"2001:DB8::1"}`, `{"f":"192.0.2.1"}`}, []string{`{"f":"192.0.2.2"}`}},
		{"week of the year's end", "f|week: 53", []string{`{"f":"2027-01-01T00:00:00Z"}`}, []string{`{"f":"2027-01-04T00:00:00Z"}`}},

		{"keywords: all", `"|all": [OabVirtualDirectory, ' -ExternalUrl ']`, []string{`{"a":"set-oabvirtualdirectory -externalurl x"}`}, []string{`{"a":"oabvirtualdirectory"}`}},
		{"keywords: all contain", `"|contains|all": [a, b]`, []string{`{"x":"a","y":"b"}`}, []string{`{"x":"c"}`}},
		{"keywords: neq", `"|neq": foo`, []string{`{"x":"bar"}`}, []string{`{"x":"afoob"}`}},
		{"keywords: cased", `"|cased": Foo`, []string{`{"x":"aFoo"}`}, []string{`{"x":"afoo"}`}},
		{"keywords: with an escape", `- 'a\*b'`, []string{`{"x":"za*bz"}`}, []string{`{"x":"axb"}`}},
		{"a list of maps with lists", "- f: [a, b]\n  g|contains|all: [c, d]\n- h: null", []string{`{"f":"b","g":"cd","h":1}`, `{}`}, []string{`{"f":"b","g":"c","h":1}`}},
	})
}

// TestPrecedence: or binds least, then and, then not, then "x of".
func TestPrecedence(t *testing.T) {
	const searches = "a1: {a: 1}\na2: {b: 1}\nc: {c: 1}\n_d: {d: 1}\ncondition: "
	for _, x := range []struct{ condition, same string }{
		{"a1 or a2 and c", "a1 or (a2 and c)"},
		{"a1 and a2 or c", "(a1 and a2) or c"},
		{"not a1 and a2", "(not a1) and a2"},
		{"not a1 or a2", "(not a1) or a2"},
		{"not 1 of a* and c", "(not (1 of a*)) and c"},
		{"1 of a* and not all of a* or _d", "((1 of a*) and (not (all of a*))) or _d"},
		{"all of a* or 1 of _*", "(a1 and a2) or _d"},
		{"any of them", "a1 or a2 or c"},
		{"1 OF THEM", "a1 or a2 or c"},
		{"all of them", "a1 and a2 and c"},
		{"2 of them", "(a1 and a2) or (a1 and c) or (a2 and c)"},
		{"3 of *", "(a1 and a2 and (c or _d)) or (c and _d and (a1 or a2))"},
		{"1 of *1", "a1"},
		{"1 of a1", "a1"},
		{"all of *a*", "a1 and a2"},
		{"Not Not a1", "a1"},
		{"((a1)or(a2))AND(c)", "(a1 or a2) and c"},
		{"[a1 and a2, c or _d]", "(a1 and a2) or c or _d"},
	} {
		one, other := compile(t, searches+x.condition), compile(t, searches+x.same)
		for bits := range 16 {
			raw := `{"x":0`
			for i, f := range []string{"a", "b", "c", "d"} {
				if bits>>i&1 == 1 {
					raw += `,"` + f + `":1`
				}
			}
			raw += "}"
			if a, b := fires(t, one, raw), fires(t, other, raw); a != b {
				t.Errorf("%s is %v for %s, %s is %v", x.condition, a, raw, x.same, b)
			}
		}
	}
}

// TestRead: one bad document of a text leaves the others as they are.
func TestRead(t *testing.T) {
	s, errs := sigma.Read("r.yml", []byte(join(plainRule("a", "low"), "title: bad\n", filterText("rules: any\ncondition: s\ns: {a: 1}"), "[x]\n", count("x", "rules: [a]"))), sigma.Options{})
	if len(s.Rules) != 1 || len(s.Filters) != 1 || len(s.Correlations) != 1 || len(errs) != 2 {
		t.Errorf("%d rules, %d filters, %d correlations, errors %v", len(s.Rules), len(s.Filters), len(s.Correlations), errs)
	}
	if _, errs := sigma.Read("r.yml", []byte("a: [\n"), sigma.Options{}); len(errs) != 1 {
		t.Errorf("no YAML at all: %v", errs)
	}
}
