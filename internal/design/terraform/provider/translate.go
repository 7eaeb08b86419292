package provider

import (
	"strings"

	"jobzero/internal/resource/schema"
)

// house is a plan's resources on their way.
type house struct {
	rooms     []*room
	byAddress map[string]*room
	byKind    map[string][]*room // those that are resources of their own
	byName    map[identity][]*room
}

// room is one of them.
type room struct {
	r   *Resource
	e   *entry // nil when it is no resource of its own
	to  spot
	typ *schema.Type
	rel map[string]any
	res *Result
	nth int // of several that one resource of the text makes
}

// Supported reports whether a type of the provider aws or awscc is in the table.
func Supported(tf string) bool {
	if _, ok := twin(tf); ok && strings.HasPrefix(tf, "awscc_") {
		return true
	}
	return open().own[tf] != nil || open().folds[tf] != nil
}

// Translate gives what each resource is in CloudFormation, in their order. Values are changed on the way.
func Translate(list []*Resource) []Result {
	h := &house{byAddress: map[string]*room{}, byKind: map[string][]*room{}, byName: map[identity][]*room{}}
	for _, r := range list {
		x := &room{r: r, res: &Result{Fate: Unknown}}
		h.rooms = append(h.rooms, x)
		x.own()
		h.know(x)
	}
	h.folds()
	out := make([]Result, len(h.rooms))
	for i, x := range h.rooms {
		x.finish()
		out[i] = *x.res
	}
	return out
}

// own makes a resource of what is one.
func (x *room) own() {
	if x.e = open().own[x.r.Type]; x.e == nil {
		cfn, ok := twin(x.r.Type)
		if !ok || !strings.HasPrefix(x.r.Type, "awscc_") {
			return
		}
		x.e = generic(x.r.Type, cfn, x.r.Values)
	}
	if x.be(); x.e != nil {
		x.parts()
	}
}

// be makes the resource that the entry says.
func (x *room) be() {
	typ, ok := schema.Of(x.e.cfn)
	if !ok {
		x.e = nil
		return
	}
	x.typ, x.rel = typ, map[string]any{}
	x.to = spot{in: map[string]any{}, shape: &typ.Shape, path: "properties"}
	x.res.Fate, x.res.Type = Own, x.e.cfn
	x.e.complete(x.r)
	m := &mapping{e: x.e, every: open().every.ignored, r: x.r, root: x.to, related: x.rel, out: x.res, home: x.r.Address}
	m.run(x.to)
	if x.e.side != "" {
		m.peer(x.e.side, x.nth)
	}
	m.tags(typ)
	x.res.Left, x.res.Values = m.left, m.values
}

// run puts everything that a resource has where it belongs.
func (m *mapping) run(to spot) {
	for _, r := range m.e.always {
		at := to
		for _, name := range r.target[:len(r.target)-1] {
			at = into(at, name)
		}
		last := r.target[len(r.target)-1]
		v, _ := scalar(r.args[0], orText(kindOf(at.shape, last)))
		m.put(at, last, v, "")
	}
	m.object(m.r.Values, "", to)
}

// obscure makes a property unknown, whatever is known of it.
func (x *room) obscure(name, cause string) {
	if list, ok := x.to.in[name].([]any); ok && len(list) > 0 {
		x.to.in[name] = append(list[:len(list):len(list)], &Hole{Cause: cause})
		return
	}
	x.to.in[name] = &Hole{Cause: cause}
}
