package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// described is what the fuzzer reads of the description.
type described struct {
	Paths      map[string]map[string]operation `yaml:"paths"`
	Components struct {
		Schemas map[string]schema `yaml:"schemas"`
	} `yaml:"components"`
}

type operation struct {
	ID         string      `yaml:"operationId"`
	Parameters []parameter `yaml:"parameters"`
	Body       *struct {
		Content map[string]struct {
			Schema schema `yaml:"schema"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]any `yaml:"responses"`
}

type parameter struct {
	Name   string `yaml:"name"`
	In     string `yaml:"in"`
	Schema schema `yaml:"schema"`
}

type schema struct {
	Ref        string            `yaml:"$ref"`
	Type       any               `yaml:"type"` // a word, or a list of words
	Enum       []any             `yaml:"enum"`
	Items      *schema           `yaml:"items"`
	Properties map[string]schema `yaml:"properties"`
}

// real are words that name something, so that the fuzzer gets behind the first look.
var real = []string{"01TICKET-shop", "01TICKET-bank", "01RUN-shop", "01RUN-bank", "finding-of-shop", "01LETTER", "01token", "ask", "task", "111122223333", "*"}

// text draws what may stand in a text: names that there are, odd ones, and garbage.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(real), rapid.String(),
		rapid.SampledFrom([]string{"", " ", "\x00", "'", `"`, "../..", "%00", "%", "_", "'; drop table ticket; --", "9223372036854775808.x", "1.", "-1.x", strings.Repeat("a", 5000), "\u202e", "\xff", "🙂"}),
		rapid.Map(rapid.Int64(), func(n int64) string { return strconv.FormatInt(n, 10) }),
	)
}

// value draws something for a schema: mostly what it wants, sometimes anything.
func (d *described) value(t *rapid.T, s schema, depth int) any {
	if s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	if depth > 4 || rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		return rapid.SampledFrom([]any{nil, true, -1, 1e308, "x", []any{}, map[string]any{}, []any{map[string]any{"a": nil}}}).Draw(t, "anything")
	}
	if len(s.Enum) > 0 && rapid.Bool().Draw(t, "from the enum") {
		return rapid.SampledFrom(s.Enum).Draw(t, "word")
	}
	word, _ := s.Type.(string)
	if list, ok := s.Type.([]any); ok && len(list) > 0 {
		word, _ = list[0].(string)
	}
	switch word {
	case "object":
		out := map[string]any{}
		for name, p := range s.Properties {
			if rapid.IntRange(0, 5).Draw(t, "there") > 0 {
				out[name] = d.value(t, p, depth+1)
			}
		}
		if rapid.IntRange(0, 9).Draw(t, "more") == 0 {
			out[text().Draw(t, "name")] = text().Draw(t, "value")
		}
		return out
	case "array":
		var out []any
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			out = append(out, d.value(t, *s.Items, depth+1))
		}
		return out
	case "integer", "number":
		return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 600)).Draw(t, "number")
	case "boolean":
		return rapid.Bool().Draw(t, "bool")
	}
	return text().Draw(t, "text")
}

// word is a value as it stands in a path, a query or a header.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var all []string
		for _, x := range v {
			all = append(all, word(x))
		}
		return strings.Join(all, ",")
	}
	out, _ := json.Marshal(v)
	return string(out)
}

// request draws a request by the description.
func (d *described) request(t *rapid.T, path, method string, op operation) (at, body string, headers []string) {
	query := url.Values{}
	for _, p := range op.Parameters {
		v := word(d.value(t, p.Schema, 0))
		switch p.In {
		case "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(v), 1)
		case "query":
			if rapid.Bool().Draw(t, "has "+p.Name) {
				query.Add(p.Name, v)
			}
		case "header":
			if v = strings.Map(printable, v); rapid.IntRange(0, 3).Draw(t, "has "+p.Name) == 0 {
				headers = append(headers, p.Name, v)
			}
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "more query") == 0 {
		query.Add(text().Draw(t, "name"), text().Draw(t, "value"))
	}
	if at = path; len(query) > 0 {
		at += "?" + query.Encode()
	}
	if op.Body != nil {
		text := rapid.SampledFrom([]string{"", "{", "null", "[]", `"x"`, "{}", `{"reason":`, "\xff\xfe", strings.Repeat("[", 10_000), `{"reason":"` + strings.Repeat("x", 70_000) + `"}`})
		if rapid.IntRange(0, 4).Draw(t, "garbage") == 0 {
			return at, text.Draw(t, "body"), headers
		}
		for _, c := range op.Body.Content {
			out, _ := json.Marshal(d.value(t, c.Schema, 0))
			body = string(out)
		}
	}
	return at, body, headers
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// contracts are the schemas of what is answered, by operation.
func contracts(t *testing.T, served []byte, d described) map[string]*jsonschema.Schema {
	t.Helper()
	text, err := yaml.YAMLToJSON(served)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]*jsonschema.Schema{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.ID == "watch" {
				continue
			}
			at := "openapi.json#/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path) + "/" + method + "/responses/200/content/application~1json/schema"
			if out[op.ID], err = c.Compile(at); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// TestNothingBreaksTheAPI draws requests by the description, as everybody: nothing is a 500, what is wrong is told as problem+json, and what is
// right is what the description says.
func TestNothingBreaksTheAPI(t *testing.T) {
	w := settle(t)
	var d described
	served := w.ask("nobody", "GET", "/api/v1/openapi.yaml", "").body
	if err := yaml.Unmarshal(served, &d); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("../../docs/reference/openapi.yaml"); err != nil || !bytes.Equal(kept, served) {
		t.Errorf("docs/reference/openapi.yaml is not what is served (%v): run `make docs`", err)
	}
	answers := contracts(t, served, d)
	var all [][2]string
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.ID != "watch" { // does not end
				all = append(all, [2]string{path, method})
			}
		}
	}
	if len(all) < 25 {
		t.Fatalf("the description has %d operations", len(all))
	}
	sortPairs(all)
	statuses := map[int]int{}
	rapid.Check(t, func(rt *rapid.T) {
		pick := rapid.SampledFrom(all).Draw(rt, "operation")
		op := d.Paths[pick[0]][pick[1]]
		at, body, headers := d.request(rt, pick[0], pick[1], op)
		who := rapid.SampledFrom([]string{"apu", "ada", "rex", "olga", "nobody", "token"}).Draw(rt, "who")
		if op.ID == "revoke-token" && strings.Contains(at, "01token") {
			return // the token is needed
		}
		got := w.ask(who, strings.ToUpper(pick[1]), at, body, headers...)
		statuses[got.status]++
		if got.status >= 500 {
			rt.Fatalf("%s %s as %s: %d %s\n%s", pick[1], at, who, got.status, got.body, w.log.text())
		}
		if got.status >= 400 && !strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json") {
			rt.Fatalf("%s %s: %d is %s: %s", pick[1], at, got.status, got.header.Get("Content-Type"), got.body)
		}
		if got.status == http.StatusOK {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(got.body))
			if err == nil {
				err = answers[op.ID].Validate(v)
			}
			if err != nil {
				rt.Fatalf("%s %s: the answer is not what the description says: %v\n%s", pick[1], at, err, got.body)
			}
		}
	})
	t.Log(statuses)
	if os.Getenv("RAPID_CHECKS") == "" && (statuses[200] < 5 || statuses[422] < 5 || statuses[401] < 3) {
		t.Errorf("the fuzzer does not get through: %v", statuses)
	}
}

func sortPairs(all [][2]string) {
	slices.SortFunc(all, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
}
