package hcl

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/design"
)

// used is a module call: the scopes that it makes, or why there are none.
type used struct {
	form  shape
	names []repeated
	list  []*scope
	why   string
}

// use works out a module call, once.
func (s *scope) use(b *block) *used {
	name := b.labels[0]
	if u := s.uses[name]; u != nil {
		return u
	}
	u := &used{why: "the module is used by itself"}
	s.uses[name] = u
	mod, why := s.source(b)
	if mod == nil {
		u.why = why
		s.l.skipped = append(s.l.skipped, design.Skipped{Name: s.address + "module." + name, Type: "module", Place: placeOf(b.at), Why: why})
		return u
	}
	if s.l.scopes > maxScopes {
		u.why = "more modules are used than are read"
		return u
	}
	list, form, why := s.expand(b, s.address+"module."+name)
	for _, r := range list {
		from := s.here()
		from.who, from.each = s.address+"module."+name+r.key, r.each
		child := s.l.scope(mod, s.address+"module."+name+r.key+".")
		child.parent, child.call, child.from, child.depth, child.perhaps = s, b, from, s.depth+1, why
		if child.perhaps == "" {
			child.perhaps = s.perhaps
		}
		if s.l.scopes++; s.l.scopes > maxScopes {
			s.l.note("", "", placeOf(b.at), fmt.Sprintf("more than %d modules are used", maxScopes))
			list = list[:len(u.list)]
			break
		}
		s.l.made++
		u.list = append(u.list, child)
	}
	u.names, u.form, u.why = list, form, ""
	return u
}

// source finds the folder of a module.
func (s *scope) source(b *block) (*module, string) {
	a := b.attr("source")
	if a == nil {
		return nil, "it has no source"
	}
	v, _ := s.l.eval(a, s.here()).Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() || symbolic(v.AsString()) {
		return nil, "its source is not known"
	}
	text := v.AsString()
	if text != "." && text != ".." && !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "../") {
		return nil, "its source is not in these files: " + text
	}
	folder := path.Join(s.mod.folder, text)
	if !fs.ValidPath(folder) {
		return nil, "its source lies outside of what may be read: " + text
	}
	if info, err := fs.Stat(s.l.fsys, folder); err != nil || !info.IsDir() {
		return nil, "there is no folder at its source: " + text
	}
	for up := s; up != nil; up = up.parent {
		if up.mod.folder == folder {
			s.l.note("module."+b.labels[0], "", placeOf(b.at), "the module "+folder+" uses itself")
			return nil, "the module uses itself"
		}
	}
	if s.depth >= maxCalls {
		s.l.note("module."+b.labels[0], "", placeOf(b.at), fmt.Sprintf("modules are used more than %d deep", maxCalls))
		return nil, "modules are used too deep"
	}
	m, err := s.l.module(folder, "")
	if err != nil {
		s.l.errs = append(s.l.errs, err)
		return nil, "it cannot be read"
	}
	s.l.called[folder] = true
	return m, ""
}

// moduleValue is what a reference to a module sees.
func (s *scope) moduleValue(name string, t hcl.Traversal) cty.Value {
	b := s.mod.call(name)
	if b == nil {
		return s.missing("module."+name, t.SourceRange())
	}
	one := wants(t, 2)
	text := s.address + "module." + name
	u := s.use(b)
	if u.why != "" {
		why := text + " is not read: " + u.why
		if one != "" && textual(one) && step(t, 2) == one {
			text += "." + one
			return cty.ObjectVal(map[string]cty.Value{one: s.l.symbolise(text, text, []origin{{Text: text, Cause: why}})})
		}
		return unknown(text+"."+one, why)
	}
	if u.form == doubtful {
		if i := 2; i < len(t) {
			if _, indexed := t[i].(hcl.TraverseIndex); indexed {
				return unknown(text, u.list[0].perhaps)
			}
		}
	}
	values := make([]cty.Value, len(u.list))
	for i, child := range u.list {
		all := map[string]cty.Value{}
		if one != "" {
			all[one] = child.output(one, t.SourceRange())
		} else {
			for _, n := range sortedKeys(child.mod.outputs) {
				all[n] = child.output(n, t.SourceRange())
			}
		}
		values[i] = cty.ObjectVal(all)
	}
	if len(values) == 0 && u.form != counted && u.form != keyed {
		return unknown(text, "the module is not read")
	}
	return gathered(u.form, u.names, values)
}

func sortedKeys[T any](m map[string]T) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
