package cfn

import (
	"slices"

	"jobzero/internal/doc"
)

type tri int8

const (
	perhaps tri = iota
	yes
	no
)

func decided(b bool) tri {
	if b {
		return yes
	}
	return no
}

// answer is what a condition says, and why that is not known.
type answer struct {
	tri
	why string
}

// condition gives a condition by its name. Each is reckoned once.
func (t *template) condition(name string) answer {
	if name == t.assume {
		return answer{tri: yes}
	}
	if way, ok := t.load.o.Assume[name]; ok && t.prefix == "" {
		return answer{tri: decided(way)}
	}
	a, ok := t.conditions[name]
	if !ok {
		a = t.reckon(name)
	}
	if a.tri == perhaps {
		t.leaveOpen(name)
	}
	return a
}

// maxOpen is how many conditions are named as open.
const maxOpen = 8

// leaveOpen notes a condition of the template itself that is not known; what nested ones have of that name is another.
func (t *template) leaveOpen(name string) {
	out := t.load.out
	if t.prefix == "" && len(out.Open) < maxOpen && !slices.Contains(out.Open, name) {
		out.Open = append(out.Open, name)
	}
}

func (t *template) reckon(name string) answer {
	written, ok := t.entryOf("Conditions", name)
	if !ok {
		return answer{why: "there is no condition " + name}
	}
	t.conditions[name] = answer{why: "the condition " + name + " depends on itself"}
	assumed := t.assume
	t.assume = ""
	var a answer
	t.inLoop(written.vars, func() { a = t.judge(written.node) })
	t.assume = assumed
	if a.tri == perhaps {
		a.why = "the condition " + name + " is not known: " + a.why
	}
	t.conditions[name] = a
	return a
}

// judge reckons a condition.
func (t *template) judge(n *doc.Node) answer {
	if !t.load.spend(1, 0) || t.load.depth >= maxDepth {
		t.load.deep()
		return answer{why: "the template is too large"}
	}
	t.load.depth++
	defer func() { t.load.depth-- }()
	name, arg := "", n
	switch {
	case n.Tag != "":
		bare := *n
		bare.Tag = ""
		name, arg = long(n.Tag), &bare
	case n.Kind == doc.Map && len(n.Pairs) == 1:
		name, arg = n.Pairs[0].Key.Text, n.Pairs[0].Value
	}
	switch name {
	case "Condition":
		return t.condition(t.fill(arg.Text))
	case "Fn::Equals":
		if len(arg.Items) != 2 {
			return answer{why: "Fn::Equals wants two values"}
		}
		a, b := t.eval(arg.Items[0]), t.eval(arg.Items[1])
		if equal, sure := same(a, b); sure {
			return answer{tri: decided(equal)}
		}
		return answer{why: firstCause(a, b)}
	case "Fn::Not":
		if len(arg.Items) != 1 {
			return answer{why: "Fn::Not wants one condition"}
		}
		a := t.judge(arg.Items[0])
		switch a.tri {
		case yes:
			a.tri = no
		case no:
			a.tri = yes
		case perhaps:
		}
		return a
	case "Fn::And":
		return t.all(arg, no)
	case "Fn::Or":
		return t.all(arg, yes)
	}
	if s, ok := t.eval(n).known(); ok && (s == "true" || s == "false") {
		return answer{tri: decided(s == "true")}
	}
	return answer{why: "this is no condition"}
}

// all reckons a list of conditions, of which one that is as enough decides.
func (t *template) all(arg *doc.Node, enough tri) answer {
	out := answer{tri: yes + no - enough}
	if len(arg.Items) == 0 {
		return answer{why: "a list of conditions is empty"}
	}
	for _, item := range arg.Items {
		switch a := t.judge(item); {
		case a.tri == enough:
			return a
		case a.tri == perhaps && out.tri != perhaps:
			out = a
		}
	}
	return out
}

func firstCause(list ...*val) string {
	for _, v := range list {
		if v.kind == hole {
			return v.cause()
		}
		if why := firstCause(v.items...); why != "" {
			return why
		}
	}
	return ""
}

// choose is Fn::If: the name of a condition, a value for true and one for false.
func (t *template) choose(arg *doc.Node) *val {
	if arg.Kind != doc.List || len(arg.Items) != 3 {
		return wrong("Fn::If", "want the name of a condition and two values")
	}
	a := t.condition(t.fill(arg.Items[0].Text))
	switch a.tri {
	case yes:
		return t.eval(arg.Items[1])
	case no:
		return t.eval(arg.Items[2])
	case perhaps:
	}
	one, other := t.eval(arg.Items[1]), t.eval(arg.Items[2])
	if equal, sure := same(one, other); equal && sure {
		return one
	}
	v := unknown("Fn::If", "%s", a.why)
	v.refs = refsIn(refsIn(nil, one), other)
	v.maybe = one.absent() || other.absent()
	v.sure = one.filled() && other.filled()
	if one.kind == hole && other.kind == hole && one.seen == other.seen {
		v.seen = one.seen
	}
	return v
}

// refsIn gathers the references in a value, a few of them at most.
func refsIn(out []ref, v *val) []ref {
	const most = 20
	for _, list := range [][]*val{v.items, v.parts} {
		for _, item := range list {
			if len(out) < most {
				out = refsIn(out, item)
			}
		}
	}
	return append(out, v.refs...)
}

// absent reports whether there may be no value.
func (v *val) absent() bool { return v.kind == gone || v.kind == null || v.maybe }
