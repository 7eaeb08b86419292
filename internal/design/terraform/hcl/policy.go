package hcl

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// policy is the document that aws_iam_policy_document makes, as the provider makes it: see "aws_iam_policy_document" in the
// documentation of the provider aws, version 6. What is not known stands in it as a symbol.
func (in *instance) policy() cty.Value {
	if v, ok := in.memo["\x00json"]; ok {
		return v
	}
	l, key := in.l, in.name+"\x00json"
	if l.busy[key] {
		l.note(in.name, "json", placeOf(in.b.at), in.name+" is made of itself")
		return cty.DynamicVal.Mark(in.origin("json"))
	}
	l.busy[key] = true
	defer delete(l.busy, key)
	d := &document{version: "2012-10-17"}
	marks := cty.ValueMarks{}
	w := &writer{in: in, marks: marks}
	for _, name := range []string{"source_json", "source_policy_documents"} {
		w.merge(d, w.list(&in.b.body, in.spot, name))
	}
	own := &document{}
	w.own(own)
	d.merge(own)
	for _, name := range []string{"override_json", "override_policy_documents"} {
		w.merge(d, w.list(&in.b.body, in.spot, name))
	}
	v := cty.StringVal(d.text()).WithMarks(marks)
	in.memo["\x00json"] = v
	return v
}

// document is a policy.
type document struct {
	version, id string
	statements  []any // objects; a text for those that are not known
}

func (d *document) text() string {
	out := map[string]any{"Version": d.version, "Statement": d.statements}
	if d.id != "" {
		out["Id"] = d.id
	}
	if d.statements == nil {
		delete(out, "Statement")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(out) != nil {
		return "{}"
	}
	return strings.TrimSpace(b.String())
}

// merge adds the statements of another: one with the same Sid takes the place of the first.
func (d *document) merge(o *document) {
	if o.version != "" {
		d.version = o.version
	}
	if o.id != "" {
		d.id = o.id
	}
	sid := func(s any) string {
		m, _ := s.(map[string]any)
		text, _ := m["Sid"].(string)
		return text
	}
	for _, s := range o.statements {
		i := -1
		if name := sid(s); name != "" {
			i = slices.IndexFunc(d.statements, func(x any) bool { return sid(x) == name })
		}
		if i >= 0 {
			d.statements[i] = s
		} else {
			d.statements = append(d.statements, s)
		}
	}
}

// writer puts a policy together.
type writer struct {
	in    *instance
	marks cty.ValueMarks // of what it is put together from
}

// merge reads documents in JSON and merges them.
func (w *writer) merge(d *document, texts []any) {
	for _, t := range texts {
		text, _ := t.(string)
		if text == "" {
			continue
		}
		var parsed struct {
			Version   string
			ID        string `json:"Id"`
			Statement any
		}
		if symbolic(text) && text[0] != '{' || json.Unmarshal([]byte(text), &parsed) != nil {
			d.statements = append(d.statements, text) // it is not known, or none
			continue
		}
		o := &document{version: parsed.Version, id: parsed.ID}
		switch s := parsed.Statement.(type) {
		case []any:
			o.statements = s
		case nil:
		default:
			o.statements = []any{s}
		}
		d.merge(o)
	}
}

// value works out an attribute, with symbols for what is not known.
func (w *writer) value(b *body, where *spot, name string) any {
	a := b.attr(name)
	if a == nil {
		return nil
	}
	l := w.in.l
	v := l.soften(l.eval(a, where))
	return w.tree(v)
}

func (w *writer) tree(v cty.Value) any {
	v, marks := v.Unmark()
	for m := range marks {
		w.marks[m] = struct{}{}
	}
	switch {
	case !v.IsKnown() || v.IsNull():
		return nil
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Bool:
		return map[bool]string{true: "true", false: "false"}[v.True()]
	case v.Type() == cty.Number:
		return v.AsBigFloat().Text('f', -1)
	case v.Type().IsMapType() || v.Type().IsObjectType():
		return nil
	case v.CanIterateElements():
		out := []any{}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			if x := w.tree(e); x != nil {
				out = append(out, x)
			}
		}
		return out
	}
	return nil
}

func (w *writer) list(b *body, where *spot, name string) []any {
	switch v := w.value(b, where, name).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// set is a list without order: the provider writes one text alone, and several from last to first.
func set(list []any) any {
	if len(list) == 1 {
		return list[0]
	}
	slices.SortFunc(list, func(a, b any) int {
		x, _ := a.(string)
		y, _ := b.(string)
		return strings.Compare(y, x)
	})
	return slices.CompactFunc(list, func(a, b any) bool { return a == b })
}

// own adds the statements of the data source itself.
func (w *writer) own(d *document) {
	in := w.in
	d.version, _ = w.value(&in.b.body, in.spot, "version").(string)
	d.id, _ = w.value(&in.b.body, in.spot, "policy_id").(string)
	w.blocks(&in.b.body, in.spot, "statement", func(b *body, where *spot) {
		d.statements = append(d.statements, w.statement(b, where))
	}, func(unknown string) { d.statements = append(d.statements, unknown) })
}

// blocks visits blocks of a kind, those of dynamic blocks too; a number of them that is not known is told as a symbol.
func (w *writer) blocks(b *body, where *spot, kind string, visit func(*body, *spot), doubt func(string)) {
	l := w.in.l
	for _, x := range b.blocks {
		switch {
		case x.kind == kind:
			visit(&x.body, where)
		case x.kind == "dynamic" && len(x.labels) == 1 && x.labels[0] == kind:
			content, each := x.of("content"), x.attr("for_each")
			if len(content) != 1 || each == nil {
				continue
			}
			iterator := kind
			if a := x.attr("iterator"); a != nil {
				iterator = word(a, kind)
			}
			v, marks := l.eval(each, where).Unmark()
			if !v.IsKnown() {
				from := originsOf(marks)
				if s := l.symbolise("", name(from, "…"), from); s.IsKnown() {
					doubt(s.AsString())
				}
				continue
			}
			if v.IsNull() || !v.CanIterateElements() {
				continue
			}
			l.steps += v.LengthInt() * 10
			for it := v.ElementIterator(); it.Next() && l.steps < maxSteps; {
				k, e := it.Element()
				if v.Type().IsSetType() {
					k = e
				}
				visit(&content[0].body, where.with(iterator, pair(k, e)))
			}
		}
	}
}

func (w *writer) statement(b *body, where *spot) any {
	out := map[string]any{"Effect": "Allow"}
	for _, n := range [][2]string{{"sid", "Sid"}, {"effect", "Effect"}} { // in order: symbols are numbered as they are met
		if v := w.value(b, where, n[0]); v != nil && v != "" {
			out[n[1]] = v
		}
	}
	for _, n := range [][2]string{{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"}} {
		if list := w.list(b, where, n[0]); len(list) > 0 {
			out[n[1]] = set(list)
		}
	}
	for _, n := range [][2]string{{"principals", "Principal"}, {"not_principals", "NotPrincipal"}} {
		if v := w.principals(b, where, n[0]); v != nil {
			out[n[1]] = v
		}
	}
	if v := w.conditions(b, where); v != nil {
		out["Condition"] = v
	}
	return out
}

func (w *writer) principals(b *body, where *spot, kind string) any {
	all, only, n := map[string][]any{}, "", 0
	w.blocks(b, where, kind, func(b *body, where *spot) {
		n++
		typ, _ := w.value(b, where, "type").(string)
		ids := w.list(b, where, "identifiers")
		if typ == "*" && len(ids) == 1 && ids[0] == "*" {
			only = "*"
		}
		all[typ] = append(all[typ], ids...)
	}, func(unknown string) { n, only = n+1, unknown })
	switch {
	case n == 0:
		return nil
	case n == 1 && only != "":
		return only
	case only != "" && only != "*":
		return only // one of them is not known at all
	}
	out := map[string]any{}
	for typ, ids := range all {
		out[typ] = set(ids)
	}
	return out
}

func (w *writer) conditions(b *body, where *spot) any {
	out, doubtful := map[string]any{}, ""
	w.blocks(b, where, "condition", func(b *body, where *spot) {
		test, _ := w.value(b, where, "test").(string)
		variable, _ := w.value(b, where, "variable").(string)
		values := w.list(b, where, "values")
		inner, ok := out[test].(map[string]any)
		if !ok {
			inner = map[string]any{}
			out[test] = inner
		}
		if old, ok := inner[variable]; ok {
			if list, ok := old.([]any); ok {
				values = append(slices.Clip(list), values...)
			} else {
				values = append([]any{old}, values...)
			}
		}
		if len(values) == 1 {
			inner[variable] = values[0]
		} else {
			inner[variable] = values
		}
	}, func(unknown string) { doubtful = unknown })
	switch {
	case doubtful != "":
		return doubtful
	case len(out) == 0:
		return nil
	}
	return out
}
