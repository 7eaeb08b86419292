package cfn

import (
	"strings"

	"jobzero/internal/doc"
)

// parameter is the value of a parameter: the one that is given, its default, or the only one that is allowed.
func (t *template) parameter(name string) (*val, bool) {
	if v, ok := t.parameters[name]; ok {
		return v.copy(), true
	}
	n := t.root.Get("Parameters").Get(name)
	if n == nil {
		return nil, false
	}
	v := t.value(name, n)
	t.parameters[name] = v
	return v.copy(), true
}

// copy lets a value be written into: places and references differ by use.
func (v *val) copy() *val {
	c := *v
	return &c
}

func (t *template) value(name string, n *doc.Node) *val {
	kind := "String"
	if k := n.Get("Type"); k != nil {
		kind = k.Text
	}
	given, ok := t.load.o.Parameters[name]
	if t.given != nil { // of a nested stack, what the stack above gives
		v := t.given.get(name)
		if v != nil && v.kind != text && v.kind != number && v.kind != truth {
			return v
		}
		given, ok = v.known()
		if v != nil && len(v.refs)+len(v.parts) > 0 {
			return v
		}
	} else if ok && n.Get("NoEcho") != nil && n.Get("NoEcho").Text != "false" {
		return unknown(name, "the parameter %s is a secret", name)
	}
	fallback, allowed := n.Get("Default"), n.Get("AllowedValues")
	switch {
	case ok:
	case fallback != nil && fallback.Kind != doc.Map:
		given = scalar(fallback)
	case allowed != nil && len(allowed.Items) == 1:
		given = allowed.Items[0].Text
	default:
		v := unknown(name, "the parameter %s has no value", name)
		v.full = neverEmpty(n, kind)
		return v
	}
	switch {
	case strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<"):
		return filled(name, "the parameter %s is read from Parameter Store", name)
	case kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<"):
		v := &val{kind: list}
		if given == "" {
			return v
		}
		for piece := range strings.SplitSeq(given, ",") {
			v.items = append(v.items, &val{kind: text, text: strings.TrimSpace(piece)})
		}
		return v
	}
	return t.literal(given)
}

// neverEmpty reports whether a parameter cannot be given an empty text: CloudFormation checks those of AWS's own types, and what
// has a least length.
func neverEmpty(n *doc.Node, kind string) bool {
	least := n.Get("MinLength")
	return strings.HasPrefix(kind, "AWS::") || kind == "Number" || least != nil && least.Text != "" && least.Text != "0"
}

// scalar is a default as text; some write lists of them out.
func scalar(n *doc.Node) string {
	if n.Kind != doc.List {
		return n.Text
	}
	texts := make([]string, len(n.Items))
	for i, item := range n.Items {
		texts[i] = item.Text
	}
	return strings.Join(texts, ",")
}
