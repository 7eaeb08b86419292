package principal

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
)

func statement(n node, what string) (Statement, error) {
	list, err := n.object(what)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{Raw: slices.Clone(n.raw)}
	for _, m := range list {
		if err := s.element(m, what); err != nil {
			return Statement{}, err
		}
	}
	if s.Effect != "Allow" && s.Effect != "Deny" {
		return Statement{}, fault.New(fault.Invalid, "%s: Effect %q, want Allow or Deny", what, s.Effect)
	}
	return s, nil
}

func (s *Statement) element(m member, what string) (err error) {
	what += ": " + m.Key
	switch strings.ToLower(m.Key) {
	case "sid":
		s.Sid, err = m.scalar(what)
	case "effect":
		s.Effect, err = m.scalar(what)
	case "principal":
		s.hasPrincipal = true
		s.Principals, err = grantees(m.node, what)
	case "notprincipal":
		s.hasNotPrin = true
		s.NotPrincipals, err = grantees(m.node, what)
	case "action":
		s.Actions, err = m.texts(what)
	case "notaction":
		s.NotActions, err = m.texts(what)
	case "resource":
		s.Resources, err = m.texts(what)
	case "notresource":
		s.NotResources, err = m.texts(what)
	case "condition":
		s.Conditions, err = conditions(m.node, what)
	default:
		s.Unknown = append(s.Unknown, m.Key)
	}
	return err
}

func grantees(n node, what string) ([]Grantee, error) {
	if n.kind != '{' {
		names, err := n.texts(what)
		if err != nil {
			return nil, err
		}
		return named("", names), nil
	}
	kinds, err := n.object(what)
	if err != nil {
		return nil, err
	}
	var out []Grantee
	for _, k := range kinds {
		names, err := k.texts(what + ": " + k.Key)
		if err != nil {
			return nil, err
		}
		out = append(out, named(k.Key, names)...)
	}
	return out, nil
}

func named(kind string, names []string) []Grantee {
	out := make([]Grantee, 0, len(names))
	for _, n := range names {
		out = append(out, Grantee{Kind: kind, Name: n})
	}
	return out
}

func conditions(n node, what string) ([]Condition, error) {
	operators, err := n.object(what)
	if err != nil {
		return nil, err
	}
	var out []Condition
	for _, op := range operators {
		keys, err := op.object(what + ": " + op.Key)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			values, err := k.texts(what + ": " + op.Key + ": " + k.Key)
			if err != nil {
				return nil, err
			}
			out = append(out, Condition{Operator: op.Key, Key: k.Key, Values: values})
		}
	}
	return out, nil
}
