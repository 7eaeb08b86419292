package hcl

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// labelled are the blocks of a file and how many labels each has; what is in none of them is passed over.
func labelled() map[string]int {
	return map[string]int{
		"terraform": 0, "locals": 0, "variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2, "ephemeral": 2,
		"moved": 0, "removed": 0, "import": 0, "check": 1,
	}
}

// json reads a file of the syntax in JSON. Texts are templates there, as in the native syntax, except where a type or a default
// stands. The source is github.com/hashicorp/hcl/blob/main/json/spec.md.
func (l *loader) json(name string, data []byte) (*body, error) {
	nodes, err := doc.Reader{Max: maxFile, Nodes: 1 << 19}.Parse(name, data)
	if err != nil {
		return nil, err
	}
	out := &body{}
	if len(nodes) == 0 {
		return out, nil
	}
	if len(nodes) != 1 || nodes[0].Kind != doc.Map {
		return nil, fault.New(fault.Invalid, "%s:1:1: want an object of blocks", name)
	}
	for _, p := range nodes[0].Pairs {
		labels, ok := labelled()[p.Key.Text]
		if !ok {
			continue // such as //, which is a comment
		}
		if err := l.labels(out, p.Key.Text, nil, p.Value, labels); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// labels goes down through the labels of a block.
func (l *loader) labels(out *body, kind string, labels []string, n *doc.Node, left int) error {
	switch {
	case n.Kind == doc.Null:
		return nil
	case n.Kind == doc.List:
		for _, one := range n.Items {
			if err := l.labels(out, kind, labels, one, left); err != nil {
				return err
			}
		}
		return nil
	case n.Kind != doc.Map:
		return n.Errorf("want an object or a list of objects for %s", kind)
	case left > 0:
		for _, p := range n.Pairs {
			if err := l.labels(out, kind, append(slices.Clip(labels), p.Key.Text), p.Value, left-1); err != nil {
				return err
			}
		}
		return nil
	}
	b := &block{kind: kind, labels: labels, at: rangeOf(n)}
	for _, p := range n.Pairs {
		if err := l.member(&b.body, kind, p); err != nil {
			return err
		}
	}
	out.blocks = append(out.blocks, b)
	return nil
}

// member is an attribute, or the blocks that Terraform itself knows.
func (l *loader) member(b *body, kind string, p doc.Pair) error {
	switch name := p.Key.Text; {
	case name == "//":
		return nil
	case name == "dynamic" && kind == "resource", name == "content" && kind == "dynamic":
		left := 0
		if name == "dynamic" {
			left = 1
		}
		return l.labels(b, name, nil, p.Value, left)
	case slices.Contains([]string{"statement", "principals", "not_principals", "condition", "default_tags", "assume_role"}, name) && kind != "resource":
		return l.labels(b, name, nil, p.Value, 0)
	default:
		e, err := l.expression(p.Value, kind == "variable", 0)
		if err != nil {
			return err
		}
		b.attrs = append(b.attrs, l.attribute(name, e, rangeOf(p.Key), nil))
		return nil
	}
}

func rangeOf(n *doc.Node) hcl.Range {
	pos := hcl.Pos{Line: n.Line, Column: n.Col}
	return hcl.Range{Filename: n.File(), Start: pos, End: pos}
}

// expression makes of a value what the native syntax would have.
func (l *loader) expression(n *doc.Node, literal bool, depth int) (hclsyntax.Expression, error) {
	r := rangeOf(n)
	if depth > maxNest {
		return nil, at(r, "it is nested deeper than %d", maxNest)
	}
	value := func(v cty.Value) (hclsyntax.Expression, error) {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: r}, nil
	}
	switch n.Kind {
	case doc.Null:
		return value(cty.NullVal(cty.DynamicPseudoType))
	case doc.Bool:
		return value(cty.BoolVal(n.Text == "true"))
	case doc.Number:
		if !modest(n.Text) {
			return nil, at(r, "a number that is too large or too long")
		}
		v, err := cty.ParseNumberVal(n.Text)
		if err != nil {
			return nil, at(r, "%v", err)
		}
		return value(v)
	case doc.String:
		if literal {
			return value(cty.StringVal(n.Text))
		}
		return template([]byte(n.Text), r.Filename, r.Start)
	case doc.List:
		e := &hclsyntax.TupleConsExpr{SrcRange: r, OpenRange: r}
		for _, one := range n.Items {
			x, err := l.expression(one, literal, depth+1)
			if err != nil {
				return nil, err
			}
			e.Exprs = append(e.Exprs, x)
		}
		return e, nil
	case doc.Map:
	}
	e := &hclsyntax.ObjectConsExpr{SrcRange: r, OpenRange: r}
	for _, p := range n.Pairs {
		x, err := l.expression(p.Value, literal, depth+1)
		if err != nil {
			return nil, err
		}
		key, err := template([]byte(p.Key.Text), r.Filename, r.Start)
		if err != nil {
			return nil, err
		}
		e.Items = append(e.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: x})
	}
	return e, nil
}

// template reads a text with ${…} in it.
func template(text []byte, name string, pos hcl.Pos) (hclsyntax.Expression, error) {
	tokens, diags := hclsyntax.LexTemplate(text, name, pos)
	if err := check(tokens); err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, first(name, diags)
	}
	e, diags := hclsyntax.ParseTemplate(text, name, pos)
	if diags.HasErrors() {
		return nil, first(name, diags)
	}
	return e, nil
}

// jsonValues reads a file of values in JSON: no text in it is a template.
func (l *loader) jsonValues(out *body, name string, data []byte) error {
	nodes, err := doc.Reader{Max: maxFile, Nodes: 1 << 19}.Parse(name, data)
	if err != nil {
		return err
	}
	if len(nodes) != 1 || nodes[0].Kind != doc.Map {
		return fault.New(fault.Invalid, "%s:1:1: want an object of values", name)
	}
	for _, p := range nodes[0].Pairs {
		e, err := l.expression(p.Value, true, 0)
		if err != nil {
			return err
		}
		out.attrs = append(out.attrs, l.attribute(p.Key.Text, e, rangeOf(p.Key), nil))
	}
	return nil
}
