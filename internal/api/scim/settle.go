package scim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/principal/person"
)

// maxSaid bounds what is kept of one resource, in bytes of JSON.
const maxSaid = 64 << 10

// settle brings what a client wrote into the form of the schemas: names as they are written there, values of the attribute's type. What
// no schema has is left out, as the RFC lets us (RFC 7644, 3.3), and so is a password, which nobody here wants to know.
func (s *shape) settle(in map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		urn, list, rest := "", s.core.attributes, key
		if strings.HasPrefix(strings.ToLower(key), "urn:") {
			var ok bool
			if urn, list, rest, ok = s.extension(key); !ok {
				continue
			}
		}
		if urn != "" && rest == "" {
			if err := s.settleExtension(out, urn, list, in[key]); err != nil {
				return nil, err
			}
			continue
		}
		a := named(list, rest)
		if a == nil || a.readOnly {
			continue
		}
		var v any
		var err error
		if a.endless {
			v, err = coerceMembers(a, in[key])
		} else {
			v, err = coerce(a, in[key])
		}
		if err != nil {
			return nil, err
		}
		if v != nil {
			put(out, urn, a.name, v)
		}
	}
	out["schemas"] = s.schemas(out)
	return out, nil
}

func (s *shape) settleExtension(out map[string]any, urn string, list []attribute, v any) error {
	m, err := parts(urn, list, v)
	if err != nil {
		return err
	}
	for name, v := range m {
		put(out, urn, name, v)
	}
	return nil
}

// put sets an attribute, in its extension where it has one.
func put(out map[string]any, urn, name string, v any) {
	if urn != "" {
		m, ok := out[urn].(map[string]any)
		if !ok {
			m = map[string]any{}
			out[urn] = m
		}
		out = m
	}
	out[name] = v
}

// schemas are those that a resource uses.
func (s *shape) schemas(res map[string]any) []any {
	out := []any{s.core.id}
	for _, e := range s.extensions {
		if m, ok := res[e.id].(map[string]any); ok && len(m) > 0 {
			out = append(out, e.id)
		}
	}
	return out
}

// coerce brings a value into the form of its attribute; nil is no value. Directories write true as "True", one value where a list is
// wanted, and the value alone where it has parts.
func coerce(a *attribute, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if !a.multi {
		if list, is := v.([]any); is && len(list) == 1 {
			v = list[0]
		}
		return coerceOne(a, v)
	}
	list, is := v.([]any)
	if !is {
		list = []any{v}
	}
	var out []any
	primary := false
	for _, x := range list {
		one, err := coerceOne(a, x)
		if err != nil {
			return nil, err
		}
		if one == nil || slices.ContainsFunc(out, func(y any) bool { return same(a, one, y) }) {
			continue
		}
		if isPrimary(one) && primary {
			return nil, bad(invalidValue, "%s has two primary values", a.name)
		}
		primary = primary || isPrimary(one)
		if out = append(out, one); len(out) > person.MaxList {
			return nil, bad(invalidValue, "%s has more than %d values", a.name, person.MaxList)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func isPrimary(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["primary"] == true
}

// same compares two values of a list.
func same(a *attribute, x, y any) bool {
	mx, ok := x.(map[string]any)
	my, also := y.(map[string]any)
	if !ok || !also {
		return x == y
	}
	for _, s := range a.sub {
		if s.name != "primary" && mx[s.name] != my[s.name] {
			return false
		}
	}
	return true
}

func coerceOne(a *attribute, v any) (any, error) {
	switch a.kind {
	case complexes:
		if value := named(a.sub, "value"); value != nil {
			if s, is := v.(string); is {
				if s == "" {
					return nil, nil
				}
				v = map[string]any{"value": s}
			}
		}
		m, err := parts(a.name, a.sub, v)
		if err != nil || len(m) == 0 {
			return nil, err
		}
		return m, nil
	case boolean:
		if v == "" {
			return nil, nil
		}
		if b, ok := truth(v); ok {
			return b, nil
		}
		return nil, bad(invalidValue, "%s: want true or false, not %s", a.name, shown(v))
	case dateTime:
		return moment(a, v)
	case text, reference:
	}
	return written(a, v)
}

// written is a text. An empty one is no value.
func written(a *attribute, v any) (any, error) {
	switch x := v.(type) {
	case string:
		if len(x) > person.MaxText*4 {
			return nil, bad(invalidValue, "%s is longer than %d bytes", a.name, person.MaxText*4)
		}
		if x == "" {
			return nil, nil
		}
		return x, nil
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), nil
	}
	return nil, bad(invalidValue, "%s: want a text, not %s", a.name, shown(v))
}

// moment is a time, or a day, which begins at midnight UTC.
func moment(a *attribute, v any) (any, error) {
	s, _ := v.(string)
	if v == "" {
		return nil, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC().Format(time.RFC3339), nil
		}
	}
	return nil, bad(invalidValue, "%s: want a time such as 2030-04-05T12:00:00Z, not %s", a.name, shown(v))
}

// parts brings something with parts into form.
func parts(name string, list []attribute, v any) (map[string]any, error) {
	m, ok := v.(map[string]any)
	if v == nil {
		return nil, nil
	}
	if !ok {
		return nil, bad(invalidValue, "%s has parts: want an object, not %s", name, shown(v))
	}
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		a := named(list, key)
		if a == nil || a.readOnly {
			continue
		}
		x, err := coerce(a, m[key])
		if err != nil {
			return nil, err
		}
		if x != nil {
			out[a.name] = x
		}
	}
	return out, nil
}

// shown is a value in an error, shortened.
func shown(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "this"
	}
	if len(b) > 60 {
		return strings.ToValidUTF8(string(b[:60]), "") + "…"
	}
	return string(b)
}
