package terraform

import (
	"slices"
	"strings"

	"jobzero/internal/design/terraform/provider"
)

// The limits of one question where a value comes from.
const (
	maxSteps = 2000
	maxTrail = 5_000_000 // of one plan
	maxHops  = 50
)

// index finds instances by what they are called in their module.
type index map[string][]instance

// trail follows references from one resource.
type trail struct {
	plan  *plan
	conf  *config
	index index
	from  instance
	text  *written // of that resource
	steps int
	to    []provider.Ref
	whole bool
	reach []provider.Ref
	open  bool // what is named may come from anywhere
}

// refs are where the value of an attribute comes from. For a block there are none: its attributes have their own.
func (p *plan) refs(all index, from instance, text *written) func(path string) provider.Refs {
	return func(path string) provider.Refs {
		if text == nil || path == "" {
			return provider.Refs{}
		}
		e := expression(text.Expressions, strings.Split(path, "."))
		if !isLeaf(e) {
			return provider.Refs{}
		}
		t := &trail{plan: p, conf: &p.conf, index: all, from: from, text: text, whole: true}
		t.follow(references(e), from.modules, 0)
		return provider.Refs{To: t.to, Whole: t.whole && len(t.to) > 0, Reach: t.reach, Closed: !t.open}
	}
}

// follow follows what is named in a module.
func (t *trail) follow(refs []string, modules []hop, depth int) {
	keyed := slices.Contains(refs, "each.key") || slices.Contains(refs, "each.value") || slices.Contains(refs, "count.index")
	for _, ref := range refs {
		if t.tired() || depth > maxHops {
			t.whole, t.open = false, true
			return
		}
		parts := split(ref)
		if len(parts) == 0 {
			continue
		}
		switch parts[0].name {
		case "path", "terraform", "count":
		case "each":
			t.each(parts, modules, depth)
		case "var":
			t.variable(parts, modules, depth)
		case "module":
			t.output(parts, modules, depth)
		case "local":
			t.whole = false // a plan does not say what it is made of
			t.local(modules, depth)
		case "data", "self":
			t.whole, t.open = false, true
		default:
			t.resource(parts, modules, keyed)
		}
	}
}

// tired counts a step, and reports whether there have been too many.
func (t *trail) tired() bool {
	t.steps++
	t.plan.steps++
	return t.steps > maxSteps || t.plan.steps > maxTrail
}

// each follows what a resource is repeated for: of a resource that is repeated likewise it means the one with the same key.
func (t *trail) each(parts []hop, modules []hop, depth int) {
	if len(modules) != len(t.from.modules) || depth > 0 {
		t.whole, t.open = false, true // the key of a module that is repeated
		return
	}
	if len(parts) > 1 && parts[1].name == "value" {
		before := len(t.to)
		t.follow(references(t.text.ForEach), modules, depth+1)
		if len(t.to) == before {
			t.whole, t.open = false, true
		}
		t.narrow(before)
	}
}

// narrow keeps those with the key of the asking resource, where there are any.
func (t *trail) narrow(since int) {
	var same []provider.Ref
	for _, r := range t.to[since:] {
		if locate(r.Address).own.key == t.from.own.key {
			same = append(same, r)
		}
	}
	if len(same) > 0 {
		t.to = append(t.to[:since], same...)
	}
}

// variable follows an input to the call of the module.
func (t *trail) variable(parts []hop, modules []hop, depth int) {
	if len(parts) < 2 || len(modules) == 0 {
		t.whole = false // given from outside
		return
	}
	outer, call := modules[:len(modules)-1], modules[len(modules)-1]
	m := t.conf.module(outer)
	if m == nil {
		t.whole, t.open = false, true
		return
	}
	e, ok := m.Calls[call.name].Expressions[parts[1].name]
	if !ok {
		t.whole = false // its default
		return
	}
	before := len(t.to)
	t.follow(references(e), outer, depth+1)
	if len(t.to) == before {
		t.whole = false
	}
}

// output follows an output into its module.
func (t *trail) output(parts []hop, modules []hop, depth int) {
	m := t.conf.module(modules)
	if len(parts) < 3 || m == nil {
		t.whole, t.open = false, true
		return
	}
	call, ok := m.Calls[parts[1].name]
	if !ok || call.Module == nil {
		t.whole, t.open = false, true
		return
	}
	inner := parts[1]
	if inner.key == "" && (call.Count != nil || call.ForEach != nil) {
		inner.key = anyKey
	}
	out := call.Module.Outputs[parts[2].name]
	t.follow(references(out.Expression), append(slices.Clone(modules), inner), depth+1)
}

// resource names the instances that are meant.
func (t *trail) resource(parts []hop, modules []hop, keyed bool) {
	if len(parts) < 2 {
		t.whole, t.open = false, true
		return
	}
	attribute := ""
	if len(parts) > 2 {
		attribute = parts[2].name
	}
	before := len(t.to)
	for _, in := range t.index[parts[0].name+"."+parts[1].name] {
		if t.tired() {
			t.whole, t.open = false, true
			return
		}
		if in.within(modules) && (parts[1].key == "" || parts[1].key == in.own.key) {
			t.to = append(t.to, provider.Ref{Address: in.address, Attribute: attribute})
		}
	}
	if keyed {
		t.narrow(before)
	}
	if len(t.to) == before {
		t.whole = false
	}
}

// local notes all that a local value of a module could come from: what the module gets, and all that it makes. Variables of the
// workspace are known before, so that a value that is not known comes from none of them.
func (t *trail) local(modules []hop, depth int) {
	m := t.conf.module(modules)
	if m == nil || m.reads() || t.tired() || depth > maxHops {
		t.open = true
		return
	}
	if n := len(modules); n > 0 {
		if outer := t.conf.module(modules[:n-1]); outer != nil {
			before := len(t.to)
			for _, e := range outer.Calls[modules[n-1].name].Expressions {
				t.follow(references(e), modules[:n-1], depth+1)
			}
			t.reach = append(t.reach, t.to[before:]...)
			t.to = t.to[:before]
		}
	}
	for _, list := range t.index {
		for _, in := range list {
			if t.tired() {
				t.open = true
				return
			}
			if len(in.modules) >= len(modules) && (instance{modules: in.modules[:len(modules)]}).within(modules) && in.address != t.from.address {
				t.reach = append(t.reach, provider.Ref{Address: in.address})
			}
		}
	}
}

// reads reports whether a module, or one within it, has data that may be anything.
func (m *module) reads() bool {
	for _, r := range m.Resources {
		if r.Mode == "data" && !slices.Contains([]string{"aws_iam_policy_document", "aws_caller_identity", "aws_partition", "aws_region"}, r.Type) {
			return true
		}
	}
	for _, call := range m.Calls {
		if call.Module != nil && call.Module.reads() {
			return true
		}
	}
	return false
}
