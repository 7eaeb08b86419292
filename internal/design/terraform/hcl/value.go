package hcl

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/design/terraform/provider"
)

// plain makes of a value what the provider's tables take: texts, numbers, lists and maps, with holes where something is not
// known. The resources that known values come from are added to refs; a hole has its own.
func (l *loader) plain(v cty.Value, from []origin, refs *[]provider.Ref) any {
	v, marks := v.Unmark()
	if len(marks) > 0 {
		from = append(originsOf(marks), from...)
	}
	switch {
	case !v.IsKnown():
		return &provider.Hole{Cause: cause(from), From: refsOf(from, "")}
	case v.IsNull():
		return nil
	}
	known := func() {
		for _, r := range refsOf(from, "") {
			if !contains(*refs, r) {
				*refs = append(*refs, r)
			}
		}
	}
	switch t := v.Type(); {
	case t == cty.String:
		if symbolic(v.AsString()) {
			return l.hole(v.AsString(), from)
		}
		known()
		return v.AsString()
	case t == cty.Bool:
		known()
		return v.True()
	case t == cty.Number:
		known()
		return number(v.AsBigFloat())
	case t.IsObjectType() || t.IsMapType():
		out := map[string]any{}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			out[l.show(k.AsString())] = l.plain(e, from, refs)
		}
		return out
	case v.CanIterateElements():
		out := []any{}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			out = append(out, l.plain(e, from, refs))
		}
		return out
	}
	return &provider.Hole{Cause: "it is no value that a resource can have"}
}

func contains(list []provider.Ref, r provider.Ref) bool {
	for _, x := range list {
		if x == r {
			return true
		}
	}
	return false
}

func number(f *big.Float) any {
	if i, accuracy := f.Int64(); accuracy == big.Exact {
		return i
	}
	x, _ := f.Float64()
	return x
}

// hole is a text with symbols.
func (l *loader) hole(text string, from []origin) *provider.Hole {
	parts, found := l.split(text)
	whole := len(found) == 1 && parts[0] == "" && parts[1] == ""
	h := &provider.Hole{Same: text}
	shown := ""
	if !whole {
		shown = l.show(text)
		h.Text = shown
	}
	all := from
	for _, s := range found {
		all = append(all[:len(all):len(all)], s.origins...)
	}
	h.Cause = cause(all)
	for _, r := range refsOf(all, shown) {
		if !contains(h.From, r) {
			h.From = append(h.From, r)
		}
	}
	if t := strings.TrimSpace(text); !whole && t != "" && (t[0] == '{' || t[0] == '[') {
		h.Document = l.document(text)
	}
	return h
}

// document is a text of JSON with holes where its symbols are; nil when it is none.
func (l *loader) document(text string) any {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil
	}
	return l.fill(v)
}

func (l *loader) fill(v any) any {
	switch v := v.(type) {
	case string:
		if symbolic(v) {
			h := l.hole(v, nil)
			h.Document = nil
			return h
		}
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i, e := range v {
			v[i] = l.fill(e)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[l.show(k)] = l.fill(e)
		}
		return out
	}
	return v
}
