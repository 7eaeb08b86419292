package hcl

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/design/terraform/provider"
)

var textType = cty.String //nolint:gochecknoglobals // a constant that Go has no constants for

// origin is a mark on a value: where it comes from, and why it is not known when it is not.
type origin struct {
	Address, Attribute string // of a resource; empty for all others
	Text               string // how the text calls it
	Cause              string
}

// symbol is a part of a text that is not known.
type symbol struct {
	text    string
	origins []origin
}

// A symbol stands in a text between these two, as a number. They are private characters that no text of people has.
const (
	openSymbol  = "\U000F0000"
	closeSymbol = "\U000F0001"
)

// symbolise gives the text that stands for something unknown; the same key has the same one. When there are too many it is
// not known at all.
func (l *loader) symbolise(key, text string, from []origin) cty.Value {
	n, ok := l.byKey[key]
	if !ok || key == "" {
		if len(l.symbols) >= maxSymbol {
			return cty.UnknownVal(cty.String).WithMarks(marksOf(from))
		}
		n = len(l.symbols)
		l.symbols = append(l.symbols, symbol{text, from})
		if key != "" {
			l.byKey[key] = n
		}
	}
	return cty.StringVal(openSymbol + strconv.Itoa(n) + closeSymbol)
}

func marksOf(from []origin) cty.ValueMarks {
	marks := cty.ValueMarks{}
	for _, o := range from {
		marks[o] = struct{}{}
	}
	return marks
}

// joined are the marks of both; neither is changed.
func joined(a, b cty.ValueMarks) cty.ValueMarks {
	if len(a) == 0 {
		return b
	}
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// originsOf are those of marks, in order.
func originsOf(marks cty.ValueMarks) (out []origin) {
	for m := range maps.Keys(marks) {
		if o, ok := m.(origin); ok {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b origin) int {
		return strings.Compare(a.Address+"\x00"+a.Attribute+"\x00"+a.Text, b.Address+"\x00"+b.Attribute+"\x00"+b.Text)
	})
	return out
}

// split cuts a text at its symbols: every second part is one.
func (l *loader) split(text string) (parts []string, found []symbol) {
	for {
		before, rest, ok := strings.Cut(text, openSymbol)
		if !ok {
			return append(parts, text), found
		}
		number, after, ok := strings.Cut(rest, closeSymbol)
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 0 || n >= len(l.symbols) {
			n, after = -1, rest // somebody wrote such a character
		}
		s := symbol{text: "?"}
		if n >= 0 {
			s = l.symbols[n]
		}
		parts, found, text = append(parts, before), append(found, s), after
	}
}

func symbolic(text string) bool { return strings.Contains(text, openSymbol) }

// show is a text for people.
func (l *loader) show(text string) string {
	if !symbolic(text) {
		return text
	}
	parts, found := l.split(text)
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		if i < len(found) {
			b.WriteString("${" + found[i].text + "}")
		}
		if b.Len() > maxText {
			break
		}
	}
	return b.String()
}

// has reports whether any text in a value is, or has, a symbol.
func has(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, e cty.Value) (bool, error) {
		if found {
			return false, nil
		}
		e, _ = e.Unmark()
		if e.Type() == cty.String && e.IsKnown() && !e.IsNull() && symbolic(e.AsString()) {
			found = true
		}
		if e.Type().IsMapType() || e.Type().IsObjectType() {
			if e.IsKnown() && !e.IsNull() {
				for it := e.ElementIterator(); it.Next(); {
					if k, _ := it.Element(); symbolic(k.AsString()) {
						found = true
					}
				}
			}
		}
		return !found, nil
	})
	return found
}

// harden makes texts with symbols unknown, for what looks into them.
func (l *loader) harden(v cty.Value) cty.Value {
	if v == cty.NilVal || !has(v) {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, e cty.Value) (cty.Value, error) {
		inner, marks := e.Unmark()
		switch {
		case inner.Type() == cty.String && inner.IsKnown() && !inner.IsNull() && symbolic(inner.AsString()):
			_, found := l.split(inner.AsString())
			for _, s := range found {
				marks = joined(marks, marksOf(s.origins))
			}
			return cty.UnknownVal(cty.String).WithMarks(marks), nil
		case (inner.Type().IsMapType() || inner.Type().IsObjectType()) && inner.IsKnown() && !inner.IsNull():
			for it := inner.ElementIterator(); it.Next(); {
				if k, _ := it.Element(); symbolic(k.AsString()) {
					return cty.DynamicVal.WithMarks(marks), nil
				}
			}
		}
		return e, nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return out
}

// soften makes symbols of what is unknown, for what only puts texts together.
func (l *loader) soften(v cty.Value) cty.Value {
	if v == cty.NilVal || v.IsWhollyKnown() {
		return v
	}
	inner, marks := v.Unmark()
	if !inner.IsKnown() {
		return l.symbolise("", name(originsOf(marks), "…"), originsOf(marks))
	}
	if inner.IsNull() || !inner.CanIterateElements() {
		return v
	}
	if inner.Type().IsMapType() || inner.Type().IsObjectType() {
		all := map[string]cty.Value{}
		for it := inner.ElementIterator(); it.Next(); {
			k, e := it.Element()
			all[k.AsString()] = l.soften(e)
		}
		return cty.ObjectVal(all).WithMarks(marks)
	}
	var list []cty.Value
	for it := inner.ElementIterator(); it.Next(); {
		_, e := it.Element()
		list = append(list, l.soften(e))
	}
	return cty.TupleVal(list).WithMarks(marks)
}

// name is how the text calls something unknown.
func name(from []origin, otherwise string) string {
	if len(from) == 1 && from[0].Text != "" {
		return from[0].Text
	}
	return otherwise
}

// cause is why something is not known.
func cause(from []origin) string {
	var all []string
	for _, o := range from {
		if o.Cause != "" && !slices.Contains(all, o.Cause) && len(all) < 3 {
			all = append(all, o.Cause)
		}
	}
	if len(all) == 0 {
		return "it cannot be worked out from the text"
	}
	return strings.Join(all, "; ")
}

// refsOf are the resources among origins.
func refsOf(from []origin, text string) (out []provider.Ref) {
	for _, o := range from {
		if o.Address != "" {
			out = append(out, provider.Ref{Address: o.Address, Attribute: o.Attribute, Text: text})
		}
	}
	return out
}
