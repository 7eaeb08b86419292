package scim

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/principal/person"
)

// patch is a request that changes parts of a resource (RFC 7644, 3.5.2).
type patch struct {
	Operations []operation
}

// operation is one change. Entra ID writes Add, Replace and Remove, which the RFC writes small.
type operation struct {
	Op    string
	Path  string
	Value any
}

// maxOperations bounds one request; directories send at most some hundreds.
const maxOperations = 2000

// patchOf reads a request.
func patchOf(body []byte) (patch, error) {
	var p patch
	if err := json.Unmarshal(body, &p); err != nil {
		return p, bad(invalidSyntax, "the body is no PATCH request: %s", err)
	}
	switch {
	case len(p.Operations) == 0:
		return p, bad(invalidSyntax, "the body has no Operations")
	case len(p.Operations) > maxOperations:
		return p, bad(tooMany, "the body has more than %d operations", maxOperations)
	}
	for i := range p.Operations {
		o := &p.Operations[i]
		o.Op = strings.ToLower(o.Op)
		if o.Op != "add" && o.Op != "replace" && o.Op != "remove" {
			return p, bad(invalidSyntax, "operation %d: there is no op %.40q: want add, replace or remove", i+1, o.Op)
		}
	}
	return p, nil
}

// apply makes all changes on a resource, which must be the caller's own. After an error the resource is worth nothing.
func (s *shape) apply(res map[string]any, operations []operation) error {
	for _, o := range operations {
		if err := s.applyOne(res, o); err != nil {
			return err
		}
	}
	for _, e := range s.extensions {
		if m, ok := res[e.id].(map[string]any); ok && len(m) == 0 {
			delete(res, e.id)
		}
	}
	res["schemas"] = s.schemas(res)
	return nil
}

func (s *shape) applyOne(res map[string]any, o operation) error {
	if strings.TrimSpace(o.Path) == "" {
		return s.applyAll(res, o)
	}
	p, err := s.pathOf(o.Path)
	if err != nil {
		return err
	}
	if p.attr != nil && (p.attr.readOnly || p.sub != nil && p.sub.readOnly) {
		return bad(mutability, "%s is not for others to change", p)
	}
	return p.change(res, o)
}

// applyAll is an operation without a path: each member of its value is one with. Okta sends the ID and the schemas along, which change
// nothing; Entra ID writes paths such as name.givenName as the names of members.
func (s *shape) applyAll(res map[string]any, o operation) error {
	m, ok := o.Value.(map[string]any)
	switch {
	case o.Op == "remove":
		return bad(noTarget, "remove needs a path")
	case !ok:
		return bad(invalidValue, "%s without a path: want an object of attributes, not %s", o.Op, shown(o.Value))
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		p, err := s.pathOf(key)
		if err != nil || p.attr != nil && p.attr.readOnly { // what no schema has is left out, as in POST
			continue
		}
		if err := p.change(res, operation{o.Op, key, m[key]}); err != nil {
			return err
		}
	}
	return nil
}

// change makes one change at one place.
func (p path) change(res map[string]any, o operation) error {
	switch {
	case p.attr == nil:
		return p.changeExtension(res, o)
	case p.attr.name == "schemas": // they follow from what is there
		return nil
	case p.where != nil || p.sub != nil && p.attr.multi:
		return p.changeElements(res, o)
	case p.sub != nil:
		return p.changePart(res, o)
	case o.Op == "remove" && (!p.attr.multi || o.Value == nil) || o.Op == "replace" && o.Value == nil:
		delete(p.holder(res), p.attr.name)
		return nil
	}
	v, err := coerce(p.attr, o.Value)
	if err != nil {
		return err
	}
	was := p.holder(res)[p.attr.name]
	if p.attr.multi {
		list, _ := was.([]any)
		fresh, _ := v.([]any)
		return p.keep(res, joined(p.attr, o.Op, list, fresh))
	}
	if before, ok := was.(map[string]any); ok && v != nil { // only the parts that are named
		maps.Copy(before, v.(map[string]any)) //nolint:forcetypeassert // coerce gives maps for what has parts
		return nil
	}
	p.set(res, v)
	return nil
}

// joined is a list after a change. Entra ID removes values by naming them.
func joined(a *attribute, op string, list, fresh []any) []any {
	alike := func(x any) func(any) bool {
		return func(y any) bool {
			return same(a, x, y) || valueOf(x) != "" && op == "remove" && valueOf(x) == valueOf(y)
		}
	}
	switch op {
	case "replace":
		return fresh
	case "remove":
		return slices.DeleteFunc(list, func(x any) bool { return slices.ContainsFunc(fresh, alike(x)) })
	}
	for _, x := range fresh {
		if slices.ContainsFunc(list, alike(x)) {
			continue
		}
		if isPrimary(x) {
			demote(list)
		}
		list = append(list, x)
	}
	return list
}

func valueOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		v = m["value"]
	}
	s, _ := v.(string)
	return s
}

// demote makes room for another primary value.
func demote(list []any) {
	for _, v := range list {
		if m, ok := v.(map[string]any); ok && m["primary"] == true {
			m["primary"] = false
		}
	}
}

// keep sets a list, each value once, or takes it away when it is empty.
func (p path) keep(res map[string]any, list []any) error {
	var once []any
	for _, x := range list {
		if !slices.ContainsFunc(once, func(y any) bool { return same(p.attr, x, y) }) {
			once = append(once, x)
		}
	}
	list = once
	if len(list) > person.MaxList {
		return bad(invalidValue, "%s would have more than %d values", p.attr.name, person.MaxList)
	}
	if len(list) == 0 {
		p.set(res, nil)
		return nil
	}
	p.set(res, list)
	return nil
}

func (p path) set(res map[string]any, v any) {
	if v == nil {
		delete(p.holder(res), p.attr.name)
		return
	}
	put(res, p.urn, p.attr.name, v)
}

func (p path) changeExtension(res map[string]any, o operation) error {
	if o.Op == "remove" {
		delete(res, p.urn)
		return nil
	}
	m, err := parts(p.urn, p.whole, o.Value)
	if err != nil {
		return err
	}
	for name, v := range m {
		put(res, p.urn, name, v)
	}
	return nil
}

// changePart changes a part of something that has one value.
func (p path) changePart(res map[string]any, o operation) error {
	was, _ := p.holder(res)[p.attr.name].(map[string]any)
	v, err := coerce(p.sub, o.Value)
	if err != nil {
		return err
	}
	if o.Op == "remove" || v == nil {
		if delete(was, p.sub.name); was != nil && len(was) == 0 {
			p.set(res, nil)
		}
		return nil
	}
	if was == nil {
		was = map[string]any{}
		p.set(res, was)
	}
	was[p.sub.name] = v
	return nil
}

// changeElements changes the values that a filter picks, or all, or one part of each.
func (p path) changeElements(res map[string]any, o operation) error {
	list, _ := p.holder(res)[p.attr.name].([]any)
	picked := func(v any) bool {
		m, ok := v.(map[string]any)
		return ok && (p.where == nil || p.where.matches(m))
	}
	if o.Op == "remove" && p.sub == nil {
		return p.keep(res, slices.DeleteFunc(list, picked))
	}
	if o.Op != "remove" && !slices.ContainsFunc(list, picked) {
		if o.Op == "replace" && p.where != nil {
			return bad(noTarget, "%s picks nothing", p)
		}
		fresh := map[string]any{}
		if p.where != nil && !p.where.make(fresh) {
			return bad(noTarget, "%s picks nothing, and does not say what to make", p)
		}
		list = append(list, fresh)
	}
	for i, v := range list {
		if !picked(v) {
			continue
		}
		m, err := p.element(v.(map[string]any), o) //nolint:forcetypeassert // picked has looked
		if err != nil {
			return err
		}
		if isPrimary(m) {
			demote(list)
			m["primary"] = true
		}
		list[i] = m
	}
	list = slices.DeleteFunc(list, func(v any) bool { m, ok := v.(map[string]any); return ok && len(m) == 0 })
	return p.keep(res, list)
}

// element is one value after a change.
func (p path) element(m map[string]any, o operation) (map[string]any, error) {
	m = maps.Clone(m)
	if p.sub != nil {
		v, err := coerce(p.sub, o.Value)
		if err != nil {
			return nil, err
		}
		if v == nil || o.Op == "remove" {
			delete(m, p.sub.name)
		} else {
			m[p.sub.name] = v
		}
		return m, nil
	}
	v, err := coerceOne(p.attr, o.Value)
	if err != nil {
		return nil, err
	}
	fresh, _ := v.(map[string]any)
	if o.Op == "replace" {
		return fresh, nil
	}
	maps.Copy(m, fresh)
	return m, nil
}

// make writes the value that a filter would pick; false when the filter does not say it, as one with or does not.
func (n *node) make(m map[string]any) bool {
	switch {
	case n.op == "and":
		for _, k := range n.kids {
			if !k.make(m) {
				return false
			}
		}
		return true
	case n.op == "eq" && n.value != nil && n.path.attr.kind != complexes:
		m[n.path.attr.name] = n.value
		return true
	}
	return false
}
