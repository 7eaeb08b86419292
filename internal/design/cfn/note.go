package cfn

import (
	"strconv"

	"jobzero/internal/design"
	"jobzero/internal/resource"
)

// step is the last step of a path, and the way to it.
type step struct {
	up    *step
	name  string
	index int // of an element, when there is no name
}

// String is the path as resource.Unknown has it.
func (s *step) String() string {
	switch {
	case s.up == nil:
		return s.name
	case s.name == "":
		return s.up.String() + "[" + strconv.Itoa(s.index) + "]"
	case plainName(s.name):
		return s.up.String() + "." + s.name
	}
	return s.up.String() + "[" + strconv.Quote(s.name) + "]"
}

// plainName reports whether a name can stand behind a dot: letters, digits and underscores, and not digits alone.
func plainName(name string) bool {
	letters := false
	for _, r := range []byte(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
			letters = true
		case r < '0' || r > '9':
			return false
		}
	}
	return letters
}

// missing notes a value that is not known.
func (s *settler) missing(v *val, path string) {
	u := resource.Unknown{Path: path, Cause: v.cause(), Present: !v.maybe, Filled: v.filled() && !v.maybe, Seen: v.seen}
	if !s.t.load.spend(1, len(u.Path)+len(u.Cause)) {
		return
	}
	s.unknown = append(s.unknown, u)
	if v.given != "" && !v.maybe && s.t.load.spend(1, len(u.Path)) {
		s.t.load.out.Links = append(s.t.load.out.Links, design.Link{From: s.name, Path: u.Path, To: v.given, Parameter: true})
	}
	if len(v.parts) > 1 {
		if s.partly == nil {
			s.partly = map[string]string{}
		}
		s.partly[path] = pattern(v.parts)
	}
}

// link notes where a value comes from.
func (s *settler) link(v *val, at *step) {
	out := s.t.load.out
	note := func(r ref, whole string) {
		path := at.String()
		if s.t.load.spend(1, len(whole)+len(path)) {
			out.Links = append(out.Links, design.Link{From: s.name, Path: path, To: r.to, Attribute: r.attribute, Text: whole})
		}
	}
	for _, r := range v.refs {
		note(r, "")
	}
	whole := ""
	for _, p := range v.parts {
		for _, r := range p.refs {
			if whole == "" {
				whole = pattern(v.parts)
			}
			note(r, whole)
		}
	}
}

func (s *settler) problem(v *val, at *step, why string) {
	place := design.Place{File: s.t.name}
	if v != nil {
		place = placeOf(s.t.name, v.node)
	}
	path := at.String()
	if s.t.load.spend(1, len(why)+len(path)) {
		s.t.load.out.Problems = append(s.t.load.out.Problems, design.Problem{Name: s.name, Path: path, Place: place, Why: why})
	}
}

// cause says why a value is not known, with what is known of it.
func (v *val) cause() string {
	if v.kind == hole && len(v.parts) > 1 {
		return "of the text " + strconv.Quote(short(pattern(v.parts))) + " a part is not known: " + v.text
	}
	return v.text
}
