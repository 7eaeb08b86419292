package cfn

import (
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
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
	if v.kind == hole && v.given == "" { // what a stack is given by another one may be that one's parameter
		v.given = t.prefix + name
	}
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
	} else if ok && unseen(n) {
		v := unknown(name, "the parameter %s is a secret", name)
		v.seen = resource.Sealed
		return v
	}
	fallback, allowed := n.Get("Default"), n.Get("AllowedValues")
	switch {
	case ok:
	case fallback != nil && fallback.Kind != doc.Map:
		given = scalar(fallback)
	case allowed != nil && len(allowed.Items) == 1:
		given = allowed.Items[0].Text
	default:
		return open(name, kind, n)
	}
	switch {
	case strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<"):
		return unknown(name, "the parameter %s is read from Parameter Store", name).certain()
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

// unseen reports whether nobody is shown the value of a parameter.
func unseen(n *doc.Node) bool { return n.Get("NoEcho") != nil && n.Get("NoEcho").Text != "false" }

// open is a parameter without a value: whoever deploys gives it.
func open(name, kind string, n *doc.Node) *val {
	v := unknown(name, "the parameter %s has no value", name)
	if kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") || strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<List<") {
		return v
	}
	v.seen = resource.Shown
	if unseen(n) {
		v.seen = resource.Sealed
	}
	least, allowed := n.Get("MinLength"), n.Get("AllowedValues")
	v.sure = kind != "String" || least != nil && least.Text != "0" && least.Text != "" ||
		allowed != nil && len(allowed.Items) > 0 && !slices.ContainsFunc(allowed.Items, func(i *doc.Node) bool { return i.Text == "" })
	return v
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
