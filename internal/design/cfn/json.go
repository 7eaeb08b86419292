package cfn

import (
	"encoding/json"
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// What stands for an unknown part in a JSON text while it is read: private letters, that no template has a reason to use.
const (
	markOpen  = "\uE0F0"
	markClose = "\uE0F1"
)

// toJSON is Fn::ToJsonString. Unknown parts stay where they are in the text.
func (t *template) toJSON(arg *doc.Node) *val {
	return t.join(t.writeJSON(t.eval(arg), nil))
}

func (t *template) writeJSON(v *val, out []*val) []*val {
	put := func(s string) { out = append(out, &val{kind: text, text: s}) }
	quote := func(s string) string {
		b, _ := json.Marshal(s) // a text always can be
		return string(b)
	}
	switch v.kind {
	case text, hole:
		put(`"`)
		for _, p := range t.flat(v, nil) {
			if p.kind == hole {
				out = append(out, p)
				continue
			}
			inner := quote(p.text)
			out = append(out, &val{kind: text, text: inner[1 : len(inner)-1], refs: p.refs})
		}
		put(`"`)
	case list, dict:
		ends := map[kind]string{list: "[]", dict: "{}"}[v.kind]
		put(ends[:1])
		for i, item := range v.items {
			if i > 0 {
				put(",")
			}
			if v.kind == dict {
				put(quote(v.keys[i]) + ":")
			}
			out = t.writeJSON(item, out)
		}
		put(ends[1:])
	case null, gone:
		put("null")
	default:
		put(v.text)
	}
	return out
}

// fromJSON reads a text as JSON, such as a policy that is written as a text, with its unknown parts where they are; nil when it
// is none.
func (t *template) fromJSON(v *val) *val {
	parts := v.parts
	if len(parts) == 0 {
		parts = []*val{v}
	}
	if !strings.ContainsAny(firstText(parts), "{[") {
		return nil
	}
	var b strings.Builder
	for i, p := range parts {
		switch {
		case p.kind == hole || len(p.refs) > 0:
			b.WriteString(markOpen + strconv.Itoa(i) + markClose)
		case strings.Contains(p.text, markOpen):
			return nil
		default:
			b.WriteString(p.text)
		}
	}
	if !t.load.spend(1, b.Len()) {
		return nil
	}
	nodes, err := doc.Reader{Nodes: maxValues}.Parse("text.json", []byte(b.String()))
	if err != nil || len(nodes) != 1 || nodes[0].Kind != doc.Map && nodes[0].Kind != doc.List {
		return nil
	}
	return t.decode(nodes[0], parts, v.node)
}

// firstText is the first letter of a text that is no white space.
func firstText(parts []*val) string {
	s := strings.TrimSpace(parts[0].text)
	if parts[0].kind != text || s == "" {
		return ""
	}
	return s[:1]
}

// decode makes a value of JSON, in which nothing is a function. All of it has the place of the text, or each part its own
// when at is nil.
func (t *template) decode(n *doc.Node, parts []*val, at *doc.Node) *val {
	v := &val{node: at, text: n.Text}
	if at == nil {
		v.node = n
	}
	if !t.load.spend(1, 0) {
		return v
	}
	switch n.Kind {
	case doc.Null:
	case doc.Bool:
		v.kind = truth
	case doc.Number:
		v.kind = number
	case doc.String:
		if out := t.unmark(n.Text, parts); out != nil {
			return out.at(v.node)
		}
		return t.literal(n.Text).at(v.node)
	case doc.List:
		v.kind = list
		for _, item := range n.Items {
			v.items = append(v.items, t.decode(item, parts, at))
		}
	case doc.Map:
		v.kind = dict
		for _, p := range n.Pairs {
			key := p.Key.Text
			if k := t.unmark(key, parts); k != nil {
				if key, _ = k.known(); k.kind == hole { // the key of a condition, such as ${Issuer}:aud
					key = pattern(k.parts)
				}
			}
			v.keys, v.items = append(v.keys, key), append(v.items, t.decode(p.Value, parts, at))
		}
	}
	return v
}

// unmark puts the parts back in where their marks are; nil when there are none.
func (t *template) unmark(s string, parts []*val) *val {
	if len(parts) == 0 || !strings.Contains(s, markOpen) {
		return nil
	}
	var out []*val
	for {
		before, after, found := strings.Cut(s, markOpen)
		if before != "" {
			out = append(out, &val{kind: text, text: before})
		}
		if !found {
			break
		}
		index, rest, _ := strings.Cut(after, markClose)
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(parts) {
			out = append(out, parts[i])
		}
		s = rest
	}
	if len(out) == 1 {
		c := *out[0]
		c.node = nil
		return &c
	}
	return t.join(out)
}
