package sigma_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"jobzero/internal/event"
)

// This file is a second, slow reading of Sigma that shares nothing with the engine but the YAML library: rules are plain
// maps, values become regular expressions, conditions are rewritten to texts of T and F and reduced. It knows as much as
// the rules of the corpus need and stops the test when it meets more.

// naiveCounts counts for each rule below root the events that it matches.
func naiveCounts(t *testing.T, root string, events []*event.Event) map[string]int {
	t.Helper()
	var decoded []map[string]any
	for _, e := range events {
		var m map[string]any
		d := json.NewDecoder(bytes.NewReader(e.Raw))
		d.UseNumber()
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		decoded = append(decoded, m)
	}
	counts := map[string]int{}
	err := filepath.WalkDir(root, func(name string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yml" {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		docs := yaml.NewDecoder(bytes.NewReader(data))
		for {
			var rule map[string]any
			if err := docs.Decode(&rule); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			detection, ok := rule["detection"].(map[string]any)
			if !ok { // a correlation
				continue
			}
			var searches []string
			for name := range detection {
				if name != "condition" {
					searches = append(searches, name)
				}
			}
			slices.Sort(searches)
			for _, m := range decoded {
				if naiveCondition(t, detection, searches, m) {
					counts[rule["id"].(string)]++
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// naiveCondition works out every search, then the condition over what they came to.
func naiveCondition(t *testing.T, detection map[string]any, searches []string, m map[string]any) bool {
	text := detection["condition"].(string)
	key := []byte(text)
	for _, name := range searches {
		key = append(append(append(key, ' '), name...), '-')
		if naiveSearch(t, detection[name], m) {
			key[len(key)-1] = '+'
		}
	}
	if done, ok := naiveReduced[string(key)]; ok {
		return done
	}
	truth := map[string]bool{}
	for _, name := range searches {
		truth[name] = naiveSearch(t, detection[name], m)
	}
	naiveReduced[string(key)] = naiveReduce(t, naiveFill(t, text, truth))
	return naiveReduced[string(key)]
}

// naiveFill puts T and F in the place of searches.
func naiveFill(t *testing.T, text string, truth map[string]bool) string {
	letter := map[bool]string{true: "T", false: "F"}
	of := naiveRegexp(`(1|all) of ([\w*]+)`)
	text = of.ReplaceAllStringFunc(text, func(s string) string {
		p := of.FindStringSubmatch(s)
		like := naiveRegexp("^" + strings.ReplaceAll(p[2], "*", ".*") + "$")
		hits, all := 0, 0
		for name, yes := range truth {
			if like.MatchString(name) {
				all++
				if yes {
					hits++
				}
			}
		}
		return letter[p[1] == "1" && hits > 0 || p[1] == "all" && hits == all]
	})
	return naiveRegexp(`\w+`).ReplaceAllStringFunc(text, func(s string) string {
		if s == "and" || s == "or" || s == "not" || s == "T" || s == "F" {
			return s
		}
		yes, ok := truth[s]
		if !ok {
			t.Fatalf("condition %q names %s", text, s)
		}
		return letter[yes]
	})
}

// naiveReduce rewrites until one letter is left. The first rewriting that applies is done once, then all are tried again:
// that is precedence.
func naiveReduce(t *testing.T, text string) bool {
	rules := []struct{ from, to string }{
		{`\( *([TF]) *\)`, "$1"},
		{`not +T`, "F"},
		{`not +F`, "T"},
		{`T +and +T`, "T"},
		{`[TF] +and +F|F +and +[TF]`, "F"},
		{`F +or +F`, "F"},
		{`[TF] +or +T|T +or +[TF]`, "T"},
	}
	for changed := true; changed; {
		changed = false
		for _, r := range rules {
			from := naiveRegexp(r.from)
			if loc := from.FindStringIndex(text); loc != nil {
				text = text[:loc[0]] + from.ReplaceAllString(text[loc[0]:loc[1]], r.to) + text[loc[1]:]
				changed = true
				break
			}
		}
	}
	text = strings.TrimSpace(text)
	if text != "T" && text != "F" {
		t.Fatalf("a condition comes to %q", text)
	}
	return text == "T"
}

func naiveSearch(t *testing.T, body any, m map[string]any) bool {
	switch b := body.(type) {
	case []any:
		for _, item := range b {
			if naiveSearch(t, item, m) {
				return true
			}
		}
		return false
	case map[string]any:
		for key, want := range b {
			if !naiveLine(t, key, want, m) {
				return false
			}
		}
		return true
	}
	t.Fatalf("search %v is beyond the naive interpreter", body)
	return false
}

func naiveLine(t *testing.T, key string, want any, m map[string]any) bool {
	parts := strings.Split(key, "|")
	values, ok := want.([]any)
	if !ok {
		values = []any{want}
	}
	got := naiveField(m, strings.Split(parts[0], "."))
	form, all := "^%s$", false
	for _, mod := range parts[1:] {
		switch mod {
		case "contains":
			form = "%s"
		case "startswith":
			form = "^%s"
		case "endswith":
			form = "%s$"
		case "all":
			all = true
		case "re":
			form = ""
		case "exists":
			return (len(got) > 0) == want.(bool)
		default:
			t.Fatalf("modifier %s is beyond the naive interpreter", mod)
		}
	}
	hits := 0
	for _, v := range values {
		if naiveValue(form, v, got) {
			hits++
		}
	}
	return hits == len(values) || !all && hits > 0
}

func naiveValue(form string, want any, got []any) bool {
	if want == nil {
		for _, g := range got {
			if g != nil {
				return false
			}
		}
		return true
	}
	if len(got) == 0 {
		return false
	}
	expr := fmt.Sprint(want)
	if form != "" {
		quoted := regexp.QuoteMeta(expr)
		quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, `(?s:.*)`), `\?`, `(?s:.)`)
		expr = "(?i)" + fmt.Sprintf(form, quoted)
	}
	for _, g := range got {
		text, isText := g.(string)
		if !isText {
			if g == nil {
				continue
			}
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if e.Encode(g) != nil {
				continue
			}
			text = strings.TrimSpace(b.String())
		}
		if naiveMatch(expr, text) {
			return true
		}
	}
	return false
}

// What was compiled, compared and reduced before is kept; without it the comparison takes minutes.
var (
	naiveKnown   = map[string]*regexp.Regexp{}
	naiveMatched = map[[2]string]bool{}
	naiveReduced = map[string]bool{}
)

func naiveMatch(expr, text string) bool {
	key := [2]string{expr, text}
	yes, ok := naiveMatched[key]
	if !ok {
		yes = naiveRegexp(expr).MatchString(text)
		naiveMatched[key] = yes
	}
	return yes
}

func naiveRegexp(expr string) *regexp.Regexp {
	if naiveKnown[expr] == nil {
		naiveKnown[expr] = regexp.MustCompile(expr)
	}
	return naiveKnown[expr]
}

func naiveField(x any, path []string) []any {
	if items, ok := x.([]any); ok {
		var out []any
		for _, item := range items {
			out = append(out, naiveField(item, path)...)
		}
		if len(path) == 0 {
			out = append(out, x)
		}
		return out
	}
	if len(path) == 0 {
		return []any{x}
	}
	if m, ok := x.(map[string]any); ok {
		if child, ok := m[path[0]]; ok {
			return naiveField(child, path[1:])
		}
	}
	return nil
}
