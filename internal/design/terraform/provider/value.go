package provider

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/resource/schema"
)

// value makes of a value what the schema wants; nil when there is none.
func (m *mapping) value(v any, want *schema.Value, full, path string) any {
	if hole, ok := v.(*Hole); ok {
		if hole.Document != nil && want != nil && isDocument(want) {
			m.values.Read += leaves(hole.Document)
			return copied(hole.Document)
		}
		m.values.Unknown++
		return hole
	}
	if v == nil {
		return nil
	}
	if want == nil {
		m.values.Read += leaves(v)
		return v
	}
	switch want.Kind {
	case schema.List:
		return m.list(v, want, full, path)
	case schema.Map:
		return m.pairs(v, want, full, path)
	case schema.Object, schema.Tag:
		return m.nested(v, want, full, path)
	case schema.JSON:
		m.values.Read += leaves(v)
		return document(unwrap(v))
	case schema.OneOf:
		return m.value(v, choose(v, want), full, path)
	case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.Time:
	}
	if list, ok := v.([]any); ok && len(list) <= 1 {
		if len(list) == 0 {
			return nil
		}
		return m.value(list[0], want, full, path)
	}
	out, ok := scalar(v, want)
	if !ok {
		return m.odd(v, full, "a form that its property does not take")
	}
	if out != nil {
		m.values.Read++
	}
	return out
}

// isDocument reports whether a property takes a document.
func isDocument(want *schema.Value) bool {
	return want.Kind == schema.JSON || want.Kind == schema.OneOf && slices.ContainsFunc(want.Among, isDocument)
}

// odd is a value that its property cannot have.
func (m *mapping) odd(v any, full, why string) any {
	m.values.Left += leaves(v)
	m.left = append(m.left, Left{full, why})
	return &Hole{Cause: full + " of " + m.r.Type + " has " + why}
}

func (m *mapping) list(v any, want *schema.Value, full, path string) any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := []any{}
	for _, e := range list {
		if got := m.value(e, want.Of, full, item(path, len(out))); got != nil {
			out = append(out, got)
		}
	}
	if !ok && len(out) == 0 {
		return nil // one empty text is none
	}
	return out
}

func (m *mapping) pairs(v any, want *schema.Value, full, path string) any {
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	pairs, ok := v.(map[string]any)
	if !ok {
		if leaves(v) == 0 {
			return nil
		}
		return m.odd(v, full, "a form that its property does not take")
	}
	out := map[string]any{}
	for k, e := range pairs {
		if got := m.value(e, want.Of, full, step(path, k)); got != nil {
			out[k] = got
		}
	}
	return out
}

func (m *mapping) nested(v any, want *schema.Value, full, path string) any {
	if list, ok := v.([]any); ok {
		switch len(list) {
		case 0:
			return nil
		case 1:
			v = list[0]
		default:
			return m.odd(v, full, "several blocks where its property is one")
		}
	}
	if hole, ok := v.(*Hole); ok {
		m.values.Unknown++
		return hole
	}
	block, ok := v.(map[string]any)
	switch {
	case !ok && leaves(v) == 0:
		return nil
	case !ok:
		return m.odd(v, full, "a form that its property does not take")
	case want.Kind == schema.Tag:
		m.values.Read += leaves(v)
		return map[string]any{"Key": first(block["key"], block["Key"]), "Value": first(block["value"], block["Value"])}
	}
	out := map[string]any{}
	m.object(block, full, spot{in: out, shape: want.Shape, path: path})
	return out
}

func first(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

// unwrap makes objects of the blocks inside a value: lists of one object each.
func unwrap(v any) any {
	switch v := v.(type) {
	case []any:
		if block := only(v); block != nil {
			return unwrap(block)
		}
		for i, e := range v {
			v[i] = unwrap(e)
		}
	case map[string]any:
		for k, e := range v {
			v[k] = unwrap(e)
		}
	}
	return v
}

// document is what a text of JSON says; a text that is none stays.
func document(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	if text == "" {
		return nil
	}
	if t := strings.TrimSpace(text); t == "" || t[0] != '{' && t[0] != '[' {
		return text
	}
	var out any
	if json.Unmarshal([]byte(text), &out) != nil {
		return text
	}
	return out
}

// choose picks the one of several kinds that a value looks like.
func choose(v any, want *schema.Value) *schema.Value {
	for _, one := range want.Among {
		switch one.Kind {
		case schema.JSON:
			return one // a policy is written as text and meant as a document
		case schema.Object, schema.List, schema.Map:
			switch v.(type) {
			case []any, map[string]any:
				return one
			}
		case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.Tag, schema.Time, schema.OneOf:
		}
	}
	for _, one := range want.Among {
		if _, ok := scalar(v, one); ok {
			return one
		}
	}
	return want.Among[0]
}

// scalar makes of a text, number or boolean what the schema wants; nil for an empty text, which is none in Terraform.
func scalar(v any, want *schema.Value) (any, bool) {
	if text, ok := v.(string); ok && text == "" {
		return nil, true
	}
	switch want.Kind {
	case schema.Bool:
		switch v := v.(type) {
		case bool:
			return v, true
		case string:
			b, err := strconv.ParseBool(v)
			return b, err == nil
		}
	case schema.Integer:
		switch v := v.(type) {
		case int64:
			return v, true
		case float64:
			return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
		case string:
			i, err := strconv.ParseInt(v, 10, 64)
			return i, err == nil
		}
	case schema.Number:
		switch v := v.(type) {
		case int64, float64:
			return v, true
		case string:
			f, err := strconv.ParseFloat(v, 64)
			return f, err == nil
		}
	case schema.Text, schema.Time:
		text, ok := plain(v)
		return allowed(text, want), ok
	case schema.JSON, schema.Tag, schema.List, schema.Map, schema.Object, schema.OneOf:
	}
	return nil, false
}

func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

// allowed spells a value as CloudFormation does: public-read is PublicRead.
func allowed(text string, want *schema.Value) string {
	if slices.Contains(want.Allowed, text) {
		return text
	}
	for _, a := range want.Allowed {
		if sameWord(a, text) {
			return a
		}
	}
	return text
}

// sameWord compares without case, and without what stands between words.
func sameWord(a, b string) bool {
	for {
		a, b = strings.TrimLeft(a, "-_"), strings.TrimLeft(b, "-_")
		if a == "" || b == "" {
			return a == b
		}
		if a[0]|0x20 != b[0]|0x20 {
			return false
		}
		a, b = a[1:], b[1:]
	}
}
