package principal

import (
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

func parseStatement(raw json.RawMessage, what string) (Statement, error) {
	list, err := members(raw, what)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{Raw: slices.Clone(raw)}
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
		s.Sid, err = scalar(m.Value, what)
	case "effect":
		s.Effect, err = scalar(m.Value, what)
	case "principal":
		s.hasPrincipal = true
		s.Principals, err = grantees(m.Value, what)
	case "notprincipal":
		s.hasNotPrin = true
		s.NotPrincipals, err = grantees(m.Value, what)
	case "action":
		s.Actions, err = texts(m.Value, what)
	case "notaction":
		s.NotActions, err = texts(m.Value, what)
	case "resource":
		s.Resources, err = texts(m.Value, what)
	case "notresource":
		s.NotResources, err = texts(m.Value, what)
	case "condition":
		s.Conditions, err = conditions(m.Value, what)
	default:
		s.Unknown = append(s.Unknown, m.Key)
	}
	return err
}

func grantees(raw json.RawMessage, what string) ([]Grantee, error) {
	if raw[0] != '{' {
		names, err := texts(raw, what)
		if err != nil {
			return nil, err
		}
		return named("", names), nil
	}
	kinds, err := members(raw, what)
	if err != nil {
		return nil, err
	}
	var out []Grantee
	for _, k := range kinds {
		names, err := texts(k.Value, what+": "+k.Key)
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

func conditions(raw json.RawMessage, what string) ([]Condition, error) {
	operators, err := members(raw, what)
	if err != nil {
		return nil, err
	}
	var out []Condition
	for _, op := range operators {
		keys, err := members(op.Value, what+": "+op.Key)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			values, err := texts(k.Value, what+": "+op.Key+": "+k.Key)
			if err != nil {
				return nil, err
			}
			out = append(out, Condition{Operator: op.Key, Key: k.Key, Values: values})
		}
	}
	return out, nil
}
