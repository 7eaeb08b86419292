package policy

import (
	"slices"
	"strings"
)

// Match is what a statement says of a request.
type Match struct {
	Truth   Truth
	Unknown []string // of Maybe: the condition keys, or "the resource", or "the principal", that are not known
}

// theResource stands among what is not known.
const (
	theResource  = "the resource"
	thePrincipal = "the principal"
)

// Names reports whether the statement is about an action, whatever else it asks. The action is in small letters.
func (s *Statement) Names(action string) bool {
	if s.NotActions != nil {
		return !anyOf(s.NotActions, action)
	}
	return anyOf(s.Actions, action)
}

func anyOf(list []*Pattern, text string) bool {
	for _, p := range list {
		if p.exact {
			if p.text == text {
				return true
			}
		} else if glob(p.atoms, text) {
			return true
		}
	}
	return false
}

// Match holds the statement against a request.
func (s *Statement) Match(r Request) Match {
	if !s.Names(strings.ToLower(r.Action)) {
		return Match{}
	}
	return s.Holds(&r)
}

// nothing are the resources of an action that has none.
var nothing = []Thing{Anything}

// Holds is Match of a statement that is about the action.
func (s *Statement) Holds(r *Request) Match {
	who := s.whoIs(&r.Who)
	if who == No {
		return Match{}
	}
	things := r.Resources
	if len(things) == 0 {
		things = nothing
	}
	out := Match{}
	for i := range things {
		t := &things[i]
		m := s.thing(t, r.Context)
		if !t.Sure && m.Truth == Yes {
			m = Match{Maybe, []string{theResource}}
		}
		if m.Truth == Yes && who == Maybe {
			m = Match{Maybe, []string{thePrincipal}}
		}
		if m.Truth == Yes {
			return m
		}
		if m.Truth == Maybe {
			out.Truth = Maybe
			out.Unknown = append(out.Unknown, m.Unknown...)
		}
	}
	slices.Sort(out.Unknown)
	out.Unknown = slices.Compact(out.Unknown)
	return out
}

// Never reports whether a condition of it surely does not hold, whatever is called and by whom.
func (s *Statement) Never(ctx Context) bool {
	return slices.ContainsFunc(s.Conditions, func(c *Condition) bool {
		t, _ := c.holds(ctx)
		return t == No
	})
}

// About reports whether the statement is about a caller, whatever else it asks.
func (s *Statement) About(p *Principal) Truth { return s.whoIs(p) }

func (s *Statement) whoIs(p *Principal) Truth {
	if !s.whoAsked {
		return Yes
	}
	list := s.Who
	if s.NotWho != nil && !s.Allow && p.Bounded { // reference_policies_elements_notprincipal.html
		return Yes
	}
	if s.NotWho != nil {
		list = s.NotWho
	}
	out := No
	for _, g := range list {
		out = max(out, p.Is(g))
	}
	if s.NotWho != nil {
		return out.not()
	}
	return out
}

// thing holds the statement against one resource.
func (s *Statement) thing(t *Thing, all Context) Match {
	ctx := all
	if ctx == nil {
		ctx = Keys(nil)
	}
	if t.Keys != nil {
		ctx = both{t.Keys, ctx}
	}
	out := Match{Truth: Yes}
	note := func(found Truth, what string) bool {
		out.Truth = min(out.Truth, found)
		if found == Maybe {
			out.Unknown = append(out.Unknown, what)
		}
		return found != No
	}
	if !note(s.covers(t, ctx)) {
		return Match{}
	}
	for _, c := range s.Conditions {
		if !note(c.holds(ctx)) {
			return Match{}
		}
	}
	return out
}

// covers says whether the statement is about a resource.
func (s *Statement) covers(t *Thing, ctx Context) (Truth, string) {
	list := s.Resources
	if s.NotRes != nil {
		list = s.NotRes
	}
	out, what := No, ""
	if list == nil { // where a policy of this kind needs no resource
		return Yes, ""
	}
	for _, p := range list {
		atoms, ok, key := p.resolved(ctx)
		var found Truth
		switch {
		case p.any():
			found = Yes
		case ok == Maybe && s.NotRes == nil && !t.Open && !p.may(t.ARN):
			found = No // whatever the variable is
		case ok == Maybe:
			found = Maybe
		case ok == No && s.NotRes != nil:
			return No, "" // a variable without a value makes a statement match nothing, be it that it names all but that
		case ok == No:
		case t.Open:
			found = beginsARN(atoms, t.ARN)
			key = theResource
		default:
			found = truth(glob(atoms, t.ARN))
		}
		if found > out {
			out, what = found, key
		}
	}
	if s.NotRes != nil {
		out = out.not()
	}
	if out == Maybe && what == "" {
		what = theResource
	}
	return out, what
}
