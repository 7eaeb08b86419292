package schema

import (
	"strings"
	"unicode"

	"jobzero/internal/doc"
)

// Step is one step of a path into a value: the name of a member, the key of a map, or any element of a list.
type Step struct {
	Name    string
	Element bool
}

// At follows a path from a shape. wrong is the number of the step that leads nowhere, len(path) when all of them do lead
// somewhere; nearest is the name that was meant, where there is one. Into JSON every step leads, and from a member
// that is not named: nothing is known there, and the value is JSON.
func (s *Shape) At(path []Step) (v *Value, wrong int, nearest string) {
	v = &Value{Kind: Object, Shape: s}
	for i, step := range path {
		next, open := v.step(step)
		switch {
		case open:
			return &Value{Kind: JSON}, len(path), ""
		case next == nil:
			return nil, i, v.nearest(step.Name)
		}
		v = next
	}
	return v, len(path), ""
}

// step goes one step. open: anything may be there.
func (v *Value) step(s Step) (next *Value, open bool) {
	switch v.Kind {
	case JSON:
		return nil, true
	case Object:
		if s.Element {
			return nil, true // a member that only the evaluation names
		}
		if m, ok := v.Shape.Member(s.Name); ok {
			return m.Value, false
		}
	case Tag:
		if s.Name == "Key" || s.Name == "Value" {
			return &Value{Kind: Text}, false
		}
	case Map:
		return v.Of, false
	case List:
		if s.Element {
			return v.Of, false
		}
	case OneOf:
		for _, one := range v.Among {
			if next, open := one.step(s); next != nil || open {
				return next, open
			}
		}
	case Text, Integer, Number, Bool, Time:
	}
	return nil, false
}

// nearest is the name of a member that looks most like another; empty when none does.
func (v *Value) nearest(name string) string {
	if v.Kind != Object {
		return ""
	}
	best, least := "", max(2, len(name)/3)+1
	for _, list := range [][]Member{v.Shape.Properties, v.Shape.Attributes} {
		for i := range list {
			if d := doc.Distance(fold(name), fold(list[i].Name)); d < least {
				best, least = list[i].Name, d
			}
		}
	}
	return best
}

// fold takes what writers of names disagree about out of them: case, and what stands between words.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Folded finds a member by a name in another spelling, such as versioning_configuration or versioningConfiguration: no two
// members of one object differ in case and underscores alone.
func (s *Shape) Folded(name string) (*Member, bool) {
	want := fold(name)
	for _, list := range [][]Member{s.Properties, s.Attributes} {
		for i := range list {
			if len(list[i].Name) == len(want) && fold(list[i].Name) == want {
				return &list[i], true
			}
		}
	}
	return nil, false
}
