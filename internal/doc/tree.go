package doc

import (
	"github.com/goccy/go-yaml/ast"
)

// tree is what a document with aliases and tags needs while it is read.
type tree struct {
	max     int // nodes
	anchors map[string]*Node
}

// marked reads a node that may have a tag or an anchor, or be an alias.
func (p *part) marked(n *Node, depth int) (*Node, error) {
	switch v := n.ast.(type) {
	case *ast.TagNode:
		return p.tagged(n, v, depth)
	case *ast.AnchorNode:
		named, err := p.convertValue(v.Value, depth, n)
		if err != nil {
			return nil, err
		}
		p.tree.anchors[v.Name.GetToken().Value] = named
		return named, nil
	case *ast.AliasNode:
		name := v.Value.GetToken().Value
		named, ok := p.tree.anchors[name]
		switch {
		case !ok:
			return nil, n.Errorf("there is no anchor &%s before this", name)
		case depth+named.height > MaxDepth:
			return nil, n.Errorf("more than %d levels of nesting", MaxDepth)
		}
		return named, nil
	}
	if err := n.fill(depth); err != nil {
		return nil, err
	}
	return n, n.count()
}

// tagged reads a node with a tag. The tags of YAML itself are taken away; of those only !!str changes anything.
func (p *part) tagged(n *Node, v *ast.TagNode, depth int) (*Node, error) {
	inner, err := p.convertValue(v.Value, depth, n)
	if err != nil {
		return nil, err
	}
	if inner.Tag != "" {
		return nil, n.Errorf("two tags in a row, %s and %s: write one of them in its long form", v.Start.Value, inner.Tag)
	}
	out := *inner // an alias stays as it was
	out.Line, out.Col = n.Line, n.Col
	switch tag := v.Start.Value; tag {
	case "!!str":
		out.Kind = String
	case "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq":
	default:
		out.Tag = tag
	}
	return &out, nil
}

// count adds up what is in a node, and refuses what has become too much.
func (n *Node) count() error {
	n.size = 1
	for _, item := range n.Items {
		n.add(item)
	}
	for _, pair := range n.Pairs {
		n.add(pair.Value)
	}
	if n.size > n.part.tree.max {
		return n.Errorf("more than %d values once the aliases are written out", n.part.tree.max)
	}
	return nil
}

func (n *Node) add(child *Node) {
	n.size += max(1, child.size)
	n.height = max(n.height, child.height+1)
}

// merge takes over the keys that merge keys bring and that are not written out, in the order of YAML: what comes first counts.
func (n *Node) merge(values []*ast.MappingValueNode, seen map[string]bool, depth int) error {
	for _, mv := range values {
		if _, ok := mv.Key.(*ast.MergeKeyNode); !ok {
			continue
		}
		from, err := n.part.convertValue(mv.Value, depth+1, n)
		if err != nil {
			return err
		}
		sources := from.Items
		if from.Kind != List {
			sources = []*Node{from}
		}
		for _, s := range sources {
			if s.Kind != Map {
				return s.Errorf("%s cannot be merged: want a map, or a list of maps", s.Kind)
			}
			for _, pair := range s.Pairs {
				if !seen[pair.Key.Text] {
					seen[pair.Key.Text] = true
					n.Pairs = append(n.Pairs, pair)
				}
			}
			if len(n.Pairs) > n.part.tree.max {
				return n.Errorf("more than %d values once the aliases are written out", n.part.tree.max)
			}
		}
	}
	return nil
}
