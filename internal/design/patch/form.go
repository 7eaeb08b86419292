package patch

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// bare is a text that YAML takes for a text without quotes: a word that begins with a letter, and is none of YAML's own.
var (
	bare = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*$`)
	own  = regexp.MustCompile(`(?i)^(y|n|yes|no|true|false|on|off|null|inf|nan)$`)
)

func quoted(s string, inJSON bool) string {
	if !inJSON && bare.MatchString(s) && !own.MatchString(s) {
		return s
	}
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// scalar is a value that is no list or map.
func scalar(v any, inJSON bool) string {
	if s, ok := v.(string); ok {
		return quoted(s, inJSON)
	}
	if v == nil {
		return "null"
	}
	return fmt.Sprint(v)
}

// pairs are the members of a map, in order.
func pairs(v any) ([]pair, bool) {
	switch v := v.(type) {
	case []pair:
		return v, true
	case map[string]any:
		var out []pair
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, pair{k, v[k]})
		}
		return out, true
	}
	return nil, false
}

// flow is a value on one line.
func flow(v any, inJSON bool) string {
	if members, ok := pairs(v); ok {
		parts := make([]string, len(members))
		for i, p := range members {
			parts[i] = quoted(p.key, inJSON) + ": " + flow(p.value, inJSON)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if list, ok := v.([]any); ok {
		parts := make([]string, len(list))
		for i, e := range list {
			parts[i] = flow(e, inJSON)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return scalar(v, inJSON)
}

// block is a member on lines of its own.
func block(p pair, indent int, newline string) string {
	space := strings.Repeat(" ", indent)
	head := space + quoted(p.key, false) + ":"
	if members, ok := pairs(p.value); ok && len(members) > 0 {
		var b strings.Builder
		b.WriteString(head + newline)
		for _, m := range members {
			b.WriteString(block(m, indent+2, newline))
		}
		return b.String()
	}
	if list, ok := p.value.([]any); ok && len(list) > 0 {
		var b strings.Builder
		b.WriteString(head + newline)
		for _, e := range list {
			b.WriteString(item(e, indent+2, newline))
		}
		return b.String()
	}
	return head + " " + flow(p.value, false) + newline
}

// item is an element of a list on lines of its own.
func item(v any, indent int, newline string) string {
	space := strings.Repeat(" ", indent)
	members, ok := pairs(v)
	if !ok || len(members) == 0 {
		return space + "- " + flow(v, false) + newline
	}
	var b strings.Builder
	for i, m := range members {
		text := block(m, indent+2, newline)
		if i == 0 {
			text = space + "- " + strings.TrimLeft(text, " ")
		}
		b.WriteString(text)
	}
	return b.String()
}
