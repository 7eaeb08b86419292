package doc

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"jobzero/internal/fault"
)

// Kind is the kind of a node.
type Kind int

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String is the kind in words.
func (k Kind) String() string {
	return [...]string{"null", "true or false", "a number", "a text", "a list", "a map"}[k]
}

// Node is one value of a document with its place. It is read-only.
type Node struct {
	Kind  Kind
	Text  string  // of a scalar: the text after YAML's own escapes; numbers and booleans as they were written
	Items []*Node // of a List
	Pairs []Pair  // of a Map, in the order of the file
	Line  int     // from 1
	Col   int     // from 1

	Tag string // such as !Ref; only where the reader keeps tags

	part *part
	ast  ast.Node
	// Of a tree with aliases: the nodes in it and its levels, with aliases written out.
	size, height int
}

// Pair is one entry of a map.
type Pair struct {
	Key   *Node // a scalar
	Value *Node
}

// Get is the value of a key of a map, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, p := range n.Pairs {
		if p.Key.Text == key {
			return p.Value
		}
	}
	return nil
}

// Errorf is a fault.Invalid whose text begins with the node's file:line:column.
func (n *Node) Errorf(format string, args ...any) error {
	return fault.New(fault.Invalid, "%s: %s", n.Place(), fmt.Sprintf(format, args...))
}

// Place is file:line:column.
func (n *Node) Place() string { return fmt.Sprintf("%s:%d:%d", n.part.name, n.Line, n.Col) }

// convert makes our tree from the library's.
func (p *part) convert(a ast.Node, depth int) (*Node, error) {
	n := &Node{part: p, ast: a, Line: p.shift + 1, Col: 1}
	if t := a.GetToken(); t != nil && t.Position != nil {
		n.Line, n.Col = t.Position.Line+p.shift, t.Position.Column
	}
	if depth > MaxDepth {
		return nil, n.Errorf("more than %d levels of nesting", MaxDepth)
	}
	if p.tree != nil {
		return p.marked(n, depth)
	}
	return n, n.fill(depth)
}

// fill reads what is in a node.
func (n *Node) fill(depth int) error {
	switch v := n.ast.(type) {
	case *ast.MappingNode:
		return n.addPairs(v.Values, depth)
	case *ast.MappingValueNode:
		return n.addPairs([]*ast.MappingValueNode{v}, depth)
	case *ast.SequenceNode:
		n.Kind = List
		for _, item := range v.Values {
			c, err := n.part.convertValue(item, depth+1, n)
			if err != nil {
				return err
			}
			n.Items = append(n.Items, c)
		}
		return nil
	default:
		return n.setScalar(n.ast)
	}
}

// convertValue is convert for a value that the library may leave out; it then gets the place of its parent.
func (p *part) convertValue(a ast.Node, depth int, parent *Node) (*Node, error) {
	if a == nil {
		return &Node{part: p, Line: parent.Line, Col: parent.Col}, nil
	}
	return p.convert(a, depth)
}

func (n *Node) addPairs(values []*ast.MappingValueNode, depth int) error {
	n.Kind = Map
	seen := make(map[string]bool, len(values))
	for i, mv := range values {
		if _, ok := mv.Key.(*ast.MergeKeyNode); ok && n.part.tree != nil {
			continue // merged below: what is written out comes first
		}
		key, err := n.part.convert(mv.Key, depth+1)
		if err != nil {
			return err
		}
		if key.Kind == Map || key.Kind == List {
			return key.Errorf("%s cannot be a key: use a text", key.Kind)
		}
		if i == 0 { // the library says where the first colon is; people look for the first key
			n.Line, n.Col = key.Line, key.Col
		}
		if seen[key.Text] {
			return key.Errorf("the key %q is there already", key.Text)
		}
		seen[key.Text] = true
		value, err := n.part.convertValue(mv.Value, depth+1, key)
		if err != nil {
			return err
		}
		n.Pairs = append(n.Pairs, Pair{key, value})
	}
	if n.part.tree == nil {
		return nil
	}
	return n.merge(values, seen, depth)
}

func (n *Node) setScalar(a ast.Node) error {
	switch v := a.(type) {
	case *ast.NullNode:
		n.Kind = Null
	case *ast.BoolNode:
		n.Kind, n.Text = Bool, v.GetToken().Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		n.Kind, n.Text = Number, a.GetToken().Value
	case *ast.StringNode:
		n.Kind, n.Text = String, v.Value
	case *ast.LiteralNode:
		n.Kind = String
		if v.Value != nil {
			n.Text = v.Value.Value
		}
	case *ast.MappingKeyNode: // an explicit "? key"
		k, err := n.part.convertValue(v.Value, 0, n)
		if err != nil {
			return err
		}
		if k.Kind == Map || k.Kind == List {
			return n.Errorf("%s cannot be a key: use a text", k.Kind)
		}
		n.Kind, n.Text = k.Kind, k.Text
	default:
		return n.Errorf("%s is not understood here", a.Type().YAMLName())
	}
	return nil
}

// File is the name of the text that the node stands in.
func (n *Node) File() string { return n.part.name }
