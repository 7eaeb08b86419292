package cfn

import (
	"strings"

	"jobzero/internal/doc"
)

// eval runs the functions in a value.
func (t *template) eval(n *doc.Node) *val {
	if n == nil {
		return &val{kind: null}
	}
	if !t.load.spend(1, len(n.Text)) || t.load.depth >= maxDepth {
		t.load.deep()
		return unknown("", "the template is too large").at(n)
	}
	t.load.depth++
	defer func() { t.load.depth-- }()
	if n.Tag != "" {
		bare := *n
		bare.Tag = ""
		return t.call(long(n.Tag), &bare).at(n)
	}
	switch n.Kind {
	case doc.Map:
		if len(n.Pairs) == 1 {
			if name := n.Pairs[0].Key.Text; name == "Ref" || strings.HasPrefix(name, "Fn::") && !strings.HasPrefix(name, loop) {
				return t.call(name, n.Pairs[0].Value).at(n)
			}
		}
		return t.dict(n)
	case doc.List:
		v := &val{kind: list, node: n, items: make([]*val, 0, len(n.Items))}
		for _, item := range n.Items {
			if e := t.eval(item); e.kind != gone {
				v.items = append(v.items, e)
			}
		}
		return v
	case doc.String:
		return t.literal(t.fill(n.Text)).at(n)
	case doc.Bool:
		return &val{kind: truth, text: strings.ToLower(n.Text), node: n}
	case doc.Number:
		return &val{kind: number, text: n.Text, node: n}
	default:
		return &val{kind: null, node: n}
	}
}

// long is the long form of a tag.
func long(tag string) string {
	switch name := strings.TrimPrefix(tag, "!"); name {
	case "Ref", "Condition":
		return name
	default:
		return "Fn::" + name
	}
}

// dict reads a map that is no function.
func (t *template) dict(n *doc.Node) *val {
	v := &val{kind: dict, node: n, keys: make([]string, 0, len(n.Pairs)), items: make([]*val, 0, len(n.Pairs))}
	var index map[string]int // of the keys that loops made, which may make many
	for _, p := range n.Pairs {
		t.load.spend(0, len(p.Key.Text))
		switch key := p.Key.Text; {
		case key == "Fn::Transform":
			return t.transform(p.Value).at(n)
		case strings.HasPrefix(key, loop):
			for _, e := range t.each(p) {
				t.inLoop(e.vars, func() {
					index = v.setIn(index, e.name, t.eval(e.node))
				})
			}
		default:
			if e := t.eval(p.Value); e.kind != gone {
				v.keys, v.items = append(v.keys, t.fill(key)), append(v.items, e)
			}
		}
	}
	return v
}

// call runs a function. Its argument may be a function too, where CloudFormation has it so.
func (t *template) call(name string, arg *doc.Node) *val {
	t.load.spend(0, len(arg.Text))
	switch name {
	case "Ref":
		if arg.Kind == doc.Map || arg.Kind == doc.List || arg.Tag != "" {
			return wrong(name, "want a name")
		}
		return t.refer(t.fill(arg.Text))
	case "Fn::GetAtt":
		return t.getAtt(arg)
	case "Fn::Sub":
		return t.sub(arg)
	case "Fn::Join":
		return t.joined(arg)
	case "Fn::If":
		return t.choose(arg)
	case "Fn::FindInMap":
		return t.find(arg)
	case "Fn::Select":
		return t.pick(arg)
	case "Fn::Split":
		return t.split(arg)
	case "Fn::Base64":
		return t.base64(arg)
	case "Fn::Cidr":
		return t.cidr(arg)
	case "Fn::Length":
		return t.length(arg)
	case "Fn::ToJsonString":
		return t.toJSON(arg)
	case "Fn::GetAZs":
		return unknown("Fn::GetAZs", "the availability zones are those of the account")
	case "Fn::ImportValue":
		return t.imported(arg)
	case "Fn::Transform":
		return t.transform(arg)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
		return wrong(name, "a condition is no value")
	}
	v := unknown(name, "the function %s is not known", name)
	v.maybe = true
	return v
}

// wrong is the value of a function that is not written as it has to be: there is none.
func wrong(function, why string) *val {
	v := unknown(function, "%s cannot be read: %s", function, why)
	v.maybe = true
	return v
}

func (t *template) transform(arg *doc.Node) *val {
	name, ok := t.eval(arg.Get("Name")).known()
	if !ok {
		name = "that is named here"
	}
	v := unknown("Fn::Transform", "the macro %s writes it when the stack is made", name)
	v.maybe = true
	return v
}

func (t *template) imported(arg *doc.Node) *val {
	name, ok := t.eval(arg).known()
	if !ok {
		return unknown("Fn::ImportValue", "it is exported by another stack")
	}
	if value, ok := t.load.o.Exports[name]; ok {
		return &val{kind: text, text: value}
	}
	return unknown("Fn::ImportValue:"+name, "it is exported by another stack as %s", name)
}
