package sigma_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/testcorpus"
)

func TestValidate(t *testing.T) {
	rule := "title: t\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n"
	for text, want := range map[string][]string{
		rule: nil,
		rule + "status: stable\ndate: 2026-01-31\ntags: [attack.t1078.004]\nrelated: [{id: a, type: similar}]\nmy: [own]\n": nil,
		join(rule, count("x", "rules: [id-a]"), filterText("rules: any\ncondition: s\ns: {a: 1}")):                          nil,
		strings.Replace(rule, ": t", ": "+strings.Repeat("t", 257), 1):                                                      {"r.yml:1:8: title has 257 characters: at most 256"},
		rule + "status: new\n":                 {`r.yml:4:9: status is "new": use stable, test, experimental, deprecated, unsupported`},
		rule + "date: 2026/01/31\n":            {`r.yml:4:7: date is "2026/01/31", which is not of the form`},
		rule + "tags: [attack.T1, a.b]\n":      {`r.yml:4:8: an item of tags is "attack.T1", which is not of the form`},
		rule + "tags: [a.b, a.b]\n":            {`r.yml:4:13: tags has "a.b" twice`},
		rule + "related: [{id: a}]\n":          {`r.yml:4:12: an item of related has no type: add it`},
		rule + "related: [{id: a, type: x}]\n": {`type is "x": use derived`},
		rule + "falsepositives: [x]\n":         {"an item of falsepositives has 1 characters: at least 2"},
		rule + "references: https://x.y\n":     {"references is a text: want array"},
		rule + "level: bad\n":                  {`r.yml:4:8: level "bad": use informational`},
		rule + "level: bad\nauthor: [a]\n":     {"author is a list: want a text", `r.yml:4:8: level is "bad"`},
		rule + "name: 5\nlicense: 5\n":         {"name is a number: want string", "license is a number: want string"},
		"title: t\n":                           {"r.yml:1:1: a rule needs a logsource"},
		"- a\n":                                {"r.yml:1:1: a rule is a map"},
		"a: [":                                 {"r.yml:1:"},
		count("x", "rules: [id-a]\ngroup-by: [u]") + "falsepositives: x\n":                                                   {"falsepositives has 1 characters"},
		strings.Replace(count("x", "rules: [id-a]"), "1m", "10000000001s", 1):                                                {`r.yml:6:13: time "10000000001s" is too long`},
		strings.Replace(count("x", "rules: [id-a]"), "title: T x\n", "", 1):                                                  {"a rule needs a title"},
		join("action: global\ntitle: g\nstatus: bad\n", "logsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n"): {`r.yml:3:9: status is "bad"`},
	} {
		errs := sigma.Validate("r.yml", []byte(text), sigma.Options{})
		if len(errs) != len(want) {
			t.Errorf("%q: %v, want %q", text, errs, want)
			continue
		}
		for i, err := range errs {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") || !strings.Contains(err.Error(), want[i]) {
				t.Errorf("%q\ngot  %v\nwant %s", text, err, want[i])
			}
		}
	}
}

// TestReadSchemas: other schemas are understood or refused.
func TestReadSchemas(t *testing.T) {
	files := func(rule string) fs.FS {
		any := &fstest.MapFile{Data: []byte("{}")}
		return fstest.MapFS{
			"s/sigma-detection-rule-schema.json":    {Data: []byte(rule)},
			"s/sigma-correlation-rules-schema.json": any, "s/sigma-filters-schema.json": any,
		}
	}
	rule := []byte("title: t\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\nx: [1, 2, 2.0, {a: b, c: d}, {c: d, a: b}]\n")
	for schema, want := range map[string]string{
		`{}`:                                                                    "",
		`{"unknown": 1, "format": "uuid"}`:                                      "",
		`{"type": ["object", "null"]}`:                                          "",
		`{"type": "array"}`:                                                     "r.yml:1:1: the document is a map: want array",
		`{"required": ["title", "y"]}`:                                          "the document has no y: add it",
		`{"properties": {"title": {"const": "u"}}}`:                             `title is "t": use u`,
		`{"properties": {"title": {"minLength": 2}}}`:                           "title has 1 characters: at least 2",
		`{"properties": {"x": {"maxItems": 4}}}`:                                "x has 5 items: at most 4",
		`{"properties": {"x": {"minItems": 6}}}`:                                "x has 5 items: at least 6",
		`{"properties": {"x": {"uniqueItems": true}}}`:                          `r.yml:4:31: x has "" twice`,
		`{"properties": {"x": {"items": {"type": ["integer", "object"]}}}}`:     "",
		`{"properties": {"x": {"items": {"type": "integer"}}}}`:                 "r.yml:4:17: an item of x is a map: want integer",
		`{"properties": {"title": {}, "x": {}}, "additionalProperties": false}`: `r.yml:2:1: the document has an unknown field "logsource"`,
		`{"properties": {"title": {}, "x": {}}, "additionalProperties": {"type": "object"}}`: "",
		`{"anyOf": [{"required": ["y"]}, {"required": ["x"]}]}`:                              "",
		`{"anyOf": [{"required": ["y", "z"]}, {"required": ["w"]}]}`:                         "the document has no w",
		`{"oneOf": [{"required": ["title"]}, {"required": ["x"]}]}`:                          "the document has several forms at once",
		`{"properties": {"title": {"oneOf": [{"const": "u"}, {"const": "v"}]}}}`:             `title is "t": use u, v`,
		`{"allOf": [{"required": ["x"]}, {"required": ["y"]}]}`:                              "the document has no y",
		`{"if": {"required": ["x"]}, "then": {"required": ["y"]}}`:                           "the document has no y",
		`{"if": {"required": ["y"]}, "then": {"required": ["z"]}}`:                           "",
	} {
		s, err := sigma.ReadSchemas(files(schema), "s")
		if err != nil {
			t.Fatal(err)
		}
		errs := s.Validate("r.yml", rule, sigma.Options{})
		if want == "" && len(errs) == 0 {
			continue
		}
		if len(errs) == 0 || !strings.Contains(errs[0].Error(), want) || want == "" {
			t.Errorf("%s\ngot  %v\nwant %s", schema, errs, want)
		}
	}
	for schema, want := range map[string]string{
		`{"not": {}}`:                          "s/sigma-detection-rule-schema.json:1:2: the keyword not of JSON Schema is not understood here",
		`{"properties": {"a": {"$ref": "b"}}}`: "the keyword $ref",
		`{"pattern": "["}`:                     "missing closing ]",
		`{"items": 5}`:                         "a schema is a map",
		`[]`:                                   "a schema is a map",
		``:                                     "",
	} {
		if _, err := sigma.ReadSchemas(files(schema), "s"); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", schema, err, want)
		}
	}
	if _, err := sigma.ReadSchemas(fstest.MapFS{}, "s"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no schemas: %v", err)
	}
}

// TestCorpusSchema: where the official schemas find fault with published rules, ours does, and nowhere else. Only the
// timeframe of old rules, which the official ones take for a search, is allowed by ours.
func TestCorpusSchema(t *testing.T) {
	official, err := sigma.ReadSchemas(os.DirFS(testcorpus.Path(t, "sigma-specification")), "json-schema")
	if err != nil {
		t.Fatal(err)
	}
	texts, faults := 0, 0
	timeframe := regexp.MustCompile(`(?m)^ +timeframe: `)
	check := func(file string, text []byte) {
		texts++
		var places [2][]string
		old := "" // the place of a timeframe
		if at := timeframe.FindIndex(text); at != nil {
			old = fmt.Sprintf("%s:%d:%d: ", file, 1+bytes.Count(text[:at[0]], []byte("\n")), 1+at[1]-at[0])
		}
		for i, errs := range [][]error{official.Validate(file, text, sigma.Options{}), sigma.Validate(file, text, sigma.Options{})} {
			for _, err := range errs {
				if at := filePlace.FindString(err.Error()); at != old {
					places[i] = append(places[i], at)
				}
			}
			faults += len(errs)
		}
		if d := cmp.Diff(places[0], places[1]); d != "" {
			t.Errorf("%s: (-official +ours)\n%s", file, d)
		}
	}
	packed(t, check)
	for _, folder := range []string{"sigma-aws-rules", "suzaku-aws-rules", "hayabusa-correlation-rules", "sigma-specification"} {
		err := filepath.WalkDir(testcorpus.Path(t, folder), func(name string, d os.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".yml" {
				return err
			}
			text, err := os.ReadFile(name)
			check(filepath.Base(name), text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d texts, %d faults", texts, faults)
	if texts < 2200 || faults == 0 {
		t.Error("the comparison proves nothing")
	}
}
