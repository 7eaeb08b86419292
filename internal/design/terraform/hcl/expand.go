package hcl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// repeated is one of the things that a block makes.
type repeated struct {
	key  string // [0] or ["eu"]; empty for the only one
	name cty.Value
	each map[string]cty.Value
}

// shape is how often a block makes what it makes.
type shape int

const (
	single shape = iota
	counted
	keyed
	doubtful // it is not known how often
)

// expand works out count and for_each.
func (s *scope) expand(b *block, who string) (list []repeated, form shape, why string) {
	if a := b.attr("count"); a != nil {
		return s.count(a, who)
	}
	if a := b.attr("for_each"); a != nil {
		return s.forEach(a, who)
	}
	return []repeated{{}}, single, ""
}

// inDoubt is the one thing that stands for those of which is not known how many there are. What is repeated by the same text in one
// module has the same reason: it is there when the others are.
func (s *scope) inDoubt(who string, a *attr, marks cty.ValueMarks) ([]repeated, shape, string) {
	what := "count of " + who
	if a != nil && a.text != "" {
		what = a.name + " = " + a.text
		if s.address != "" {
			what += " in " + strings.TrimSuffix(s.address, ".")
		}
	}
	why := what + " is not known: " + cause(originsOf(marks))
	key := s.l.symbolise(s.address+who+"\x00each.key", "each.key", []origin{{Text: "each.key", Cause: why}})
	return []repeated{{each: map[string]cty.Value{
		"each":  cty.ObjectVal(map[string]cty.Value{"key": key, "value": unknown("each.value", why)}),
		"count": cty.ObjectVal(map[string]cty.Value{"index": unknown("count.index", why)}),
	}}}, doubtful, why
}

func (s *scope) count(a *attr, who string) ([]repeated, shape, string) {
	v, marks := s.l.harden(s.l.eval(a, s.here())).Unmark()
	n, err := convert.Convert(v, cty.Number)
	if err != nil || n.IsNull() {
		s.l.note(who, "", placeOf(a.at), "count wants a number")
		return s.inDoubt(who, a, nil)
	}
	if !n.IsKnown() {
		return s.inDoubt(who, a, marks)
	}
	many, _ := n.AsBigFloat().Int64()
	if many < 0 || many > maxMake || s.l.made+int(many) > maxMake {
		s.l.note(who, "", placeOf(a.at), fmt.Sprintf("count is %s, want from 0 to %d in all", n.AsBigFloat().Text('f', 0), maxMake))
		return s.inDoubt(who, a, marks)
	}
	var out []repeated
	for i := range many {
		index := cty.NumberIntVal(i)
		out = append(out, repeated{"[" + strconv.FormatInt(i, 10) + "]", index, map[string]cty.Value{
			"count": cty.ObjectVal(map[string]cty.Value{"index": index}),
		}})
	}
	return out, counted, ""
}

func (s *scope) forEach(a *attr, who string) ([]repeated, shape, string) {
	v, marks := s.l.eval(a, s.here()).Unmark()
	if !v.IsKnown() {
		return s.inDoubt(who, a, marks)
	}
	if v.IsNull() || !v.CanIterateElements() || v.Type().IsTupleType() || v.Type().IsListType() {
		s.l.note(who, "", placeOf(a.at), "for_each wants a map or a set of texts")
		return s.inDoubt(who, a, nil)
	}
	if s.l.made+v.LengthInt() > maxMake {
		s.l.note(who, "", placeOf(a.at), fmt.Sprintf("for_each has %d elements, want %d in all", v.LengthInt(), maxMake))
		return s.inDoubt(who, a, marks)
	}
	var out []repeated
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		k, more := k.Unmark()
		marks = joined(marks, more)
		if k.Type() != cty.String {
			s.l.note(who, "", placeOf(a.at), "for_each wants a map or a set of texts")
			return s.inDoubt(who, a, nil)
		}
		if !k.IsKnown() || k.IsNull() || symbolic(k.AsString()) {
			_, more := s.l.harden(k).Unmark()
			return s.inDoubt(who, a, more)
		}
		out = append(out, repeated{"[" + strconv.Quote(k.AsString()) + "]", k, map[string]cty.Value{
			"each": cty.ObjectVal(map[string]cty.Value{"key": k, "value": e}),
		}})
	}
	return out, keyed, ""
}

// gathered puts the values of all that a block makes together, as a reference to it sees them.
func gathered(form shape, list []repeated, values []cty.Value) cty.Value {
	switch form {
	case counted:
		return cty.TupleVal(values)
	case keyed:
		all := map[string]cty.Value{}
		for i, r := range list {
			all[r.name.AsString()] = values[i]
		}
		return cty.ObjectVal(all)
	case single, doubtful:
	}
	return values[0]
}

// wants is what a path asks of something that may be repeated: one attribute, or all of them when it does not say.
func wants(t hcl.Traversal, i int) string {
	if i < len(t) {
		if _, ok := t[i].(hcl.TraverseIndex); ok && i+1 < len(t) {
			i++
		}
		if a, ok := t[i].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}
