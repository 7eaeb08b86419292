package hcl

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// attr is a name and what is written for it.
type attr struct {
	name string
	expr hclsyntax.Expression
	uses []hcl.Traversal // what it names
	text string          // as it is written; empty where it is long or written in JSON
	at   hcl.Range
}

// block is a block with its labels.
type block struct {
	kind   string
	labels []string
	body
	at hcl.Range
}

// body is what stands in a block, in the order of the text.
type body struct {
	attrs  []*attr
	blocks []*block
}

func (b *body) attr(name string) *attr {
	for _, a := range b.attrs {
		if a.name == name {
			return a
		}
	}
	return nil
}

func (b *body) of(kind string) (out []*block) {
	for _, x := range b.blocks {
		if x.kind == kind {
			out = append(out, x)
		}
	}
	return out
}

// native reads a file of the native syntax.
func (l *loader) native(name string, data []byte) (*body, error) {
	tokens, diags := hclsyntax.LexConfig(data, name, hcl.InitialPos)
	if err := check(tokens); err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		return nil, first(name, diags)
	}
	file, diags := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, first(name, diags)
	}
	top, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return &body{}, nil
	}
	out := l.body(top, data)
	return &out, nil
}

func (l *loader) body(from *hclsyntax.Body, data []byte) (out body) {
	for _, a := range from.Attributes {
		out.attrs = append(out.attrs, l.attribute(a.Name, a.Expr, a.SrcRange, data))
	}
	slices.SortFunc(out.attrs, func(a, b *attr) int { return cmp.Compare(a.at.Start.Byte, b.at.Start.Byte) })
	for _, b := range from.Blocks {
		out.blocks = append(out.blocks, &block{kind: b.Type, labels: b.Labels, body: l.body(b.Body, data), at: b.TypeRange})
	}
	return out
}

// attribute notes what an expression names, and then puts a watch on its parts.
func (l *loader) attribute(name string, e hclsyntax.Expression, at hcl.Range, data []byte) *attr {
	a := &attr{name: name, expr: e, uses: hclsyntax.Variables(e), at: at, text: whole(data, e.Range())}
	var visit hclsyntax.VisitFunc
	visit = func(n hclsyntax.Node) hcl.Diagnostics {
		l.names(n)
		l.watch(n, data, visit)
		return nil
	}
	_ = hclsyntax.VisitAll(e, visit)
	return a
}

// names notes the attributes that are asked for anywhere, of which a resource has those that only the making will tell.
func (l *loader) names(n hclsyntax.Node) {
	var path hcl.Traversal
	switch n := n.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		path = n.Traversal
	case *hclsyntax.RelativeTraversalExpr:
		path = n.Traversal
	}
	for _, step := range path {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			l.asked[step.Name] = true
		case hcl.TraverseIndex:
			if step.Key.Type() == textType && step.Key.IsKnown() && !step.Key.IsNull() {
				l.asked[step.Key.AsString()] = true
			}
		}
	}
}

// askedFor are those names, in order; a text that asks for too many is told so where it uses them all.
func (l *loader) askedFor() []string {
	if len(l.sorted) != len(l.asked) {
		l.sorted = slices.Sorted(maps.Keys(l.asked))
	}
	return l.sorted[:min(len(l.sorted), 2000)]
}

// source is the text of a range, cut where it is long.
func source(data []byte, r hcl.Range) string {
	if r.Start.Byte < 0 || r.End.Byte > len(data) || r.Start.Byte >= r.End.Byte {
		return "…"
	}
	text := string(data[r.Start.Byte:min(r.End.Byte, r.Start.Byte+200)])
	for !utf8.ValidString(text) && text != "" {
		text = text[:len(text)-1]
	}
	return text
}

// whole is a text that is not cut; empty for one that would be, or that is not there.
func whole(data []byte, r hcl.Range) string {
	if text := source(data, r); text != "…" && len(text) == r.End.Byte-r.Start.Byte {
		return text
	}
	return ""
}
