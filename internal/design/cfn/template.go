package cfn

import (
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// template is one template: that of the stack, or of a stack that it nests.
type template struct {
	load       *load
	name       string // of the file
	prefix     string // of the names of its resources; empty for the outermost, else such as Network.
	root       *doc.Node
	entries    map[string]*entry // nil before they are listed
	order      []*entry
	parameters map[string]*val
	conditions map[string]answer
	looped     map[string]map[string]made // what loops make in other sections than Resources
	given      *val                       // parameters from the stack above; nil for the outermost
	perhaps    string
	serverless bool
	macro      string           // a macro that may change everything
	level      int              // of nesting
	implicit   map[string]maker // serverless APIs that events need, by name

	vars   []variable // of the loops around what is evaluated
	assume string     // the condition of the resource around what is evaluated
}

// entry is one resource as it is written.
type entry struct {
	name      string
	node      *doc.Node
	key       *doc.Node
	kind      string        // as it is written
	real      resource.Type // what a serverless type becomes
	condition string
	vars      []variable
	busy      bool // its own name is being looked for
	child     *template
	opened    bool
	why       string // why there is no child
}

// open reads a template and lists its resources.
func (l *load) open(name string, data []byte) (*template, error) {
	nodes, err := doc.Reader{Nodes: maxValues}.Parse(name, data)
	switch {
	case err != nil:
		return nil, err
	case len(nodes) == 0:
		return nil, fault.New(fault.Invalid, "%s:1:1: the file is empty: want a template with Resources", name)
	case len(nodes) > 1:
		return nil, nodes[1].Errorf("a second document starts here: want one template in a file")
	}
	t := &template{
		load: l, name: name, root: nodes[0],
		parameters: map[string]*val{}, conditions: map[string]answer{}, implicit: map[string]maker{}, looped: map[string]map[string]made{},
	}
	resources := t.root.Get("Resources")
	switch {
	case t.root.Kind != doc.Map:
		return nil, t.root.Errorf("a template is a map with Resources, not %s", t.root.Kind)
	case resources == nil:
		return nil, t.root.Errorf("this is no CloudFormation template: it has no Resources")
	case resources.Kind == doc.Null:
	case resources.Kind != doc.Map:
		return nil, resources.Errorf("Resources is %s: want a map", resources.Kind)
	}
	t.transforms()
	return t, nil
}

// transforms looks at the macros of the whole template. Those of AWS either make something of serverless types and loops,
// which is read here, or add resources of their own, which are named as left out. Any other may change everything.
func (t *template) transforms() {
	n := t.root.Get("Transform")
	if n == nil {
		return
	}
	list := n.Items
	if n.Kind != doc.List {
		list = []*doc.Node{n}
	}
	for _, item := range list {
		name := item
		if item.Kind == doc.Map {
			name = item.Get("Name")
		}
		switch text := t.fill(nodeText(name)); {
		case strings.HasPrefix(text, "AWS::Serverless-"):
			t.serverless = true
		case strings.HasPrefix(text, "AWS::LanguageExtensions"):
		case strings.HasPrefix(text, "AWS::"):
			t.skip("Transform", text, item, "what this transform adds is known when the stack is made")
		default:
			t.macro = text
			t.skip("Transform", text, item, "this macro may change every resource when the stack is made")
		}
	}
}

func nodeText(n *doc.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// list lists the resources, those of loops too.
func (t *template) list() error {
	t.entries = map[string]*entry{}
	for _, p := range pairs(t.root.Get("Resources")) {
		switch {
		case strings.HasPrefix(p.Key.Text, loop):
			for _, m := range t.each(p) {
				if err := t.add(m); err != nil {
					return err
				}
			}
		case p.Key.Text == "Fn::Transform":
			t.skip("Resources", "Fn::Transform", p.Key, "what this macro adds is known when the stack is made")
		default:
			if err := t.add(made{name: p.Key.Text, key: p.Key, node: p.Value}); err != nil {
				return err
			}
		}
	}
	return t.load.err
}

func pairs(n *doc.Node) []doc.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

func (t *template) add(m made) error {
	kind := m.node.Get("Type")
	switch {
	case m.node.Kind != doc.Map || m.node.Tag != "":
		return m.key.Errorf("the resource %s is %s: want a map with a Type", short(m.name), m.node.Kind)
	case kind == nil || kind.Kind != doc.String || kind.Text == "":
		return m.key.Errorf("the resource %s has no Type", short(m.name))
	case t.entries[m.name] != nil:
		return m.key.Errorf("the resource %s is there already", short(m.name))
	}
	e := &entry{name: m.name, node: m.node, key: m.key, vars: m.vars}
	t.inLoop(e.vars, func() {
		e.kind = t.fill(kind.Text)
		e.condition = t.fill(nodeText(m.node.Get("Condition")))
	})
	e.real = resource.Type(e.kind)
	if r, ok := serverlessTypes[e.kind]; ok {
		e.real = r
	}
	t.entries[m.name] = e
	t.order = append(t.order, e)
	return nil
}
