package guardrail

import (
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/finding"
)

// Statement is a Deny that was derived, and what it is for.
type Statement struct {
	Sid        string
	Actions    []string
	Resource   string
	Conditions []Condition
	Freezes    bool // it denies calls that would have been right, too
	Strict     bool // it takes away what is gained, from what runs already
	For        []string
	Severity   finding.Severity // the worst of what it is for
	Principal  bool             // it has "Principal": "*"
	Except     []string         // resources that it is not about, instead of Resource
}

// Condition is one key under one operator.
type Condition struct {
	Operator, Key string
	Values        []string
}

// key is what two statements have in common that can be one.
func (s *Statement) key() string {
	b, err := json.Marshal([]any{s.Resource, s.Except, s.Conditions, s.Freezes, s.Strict, s.Principal})
	if err != nil {
		return s.Sid // texts always encode
	}
	return string(b)
}

// document is how a statement is written, in the order that people read.
type document struct {
	Sid       string                    `json:"Sid,omitempty"`
	Effect    string                    `json:"Effect"`
	Principal string                    `json:"Principal,omitempty"`
	Action    any                       `json:"Action"`
	Resource  any                       `json:"Resource,omitempty"`
	Except    any                       `json:"NotResource,omitempty"`
	Condition map[string]map[string]any `json:"Condition,omitempty"`
}

// oneOrMore is a text, or a list where there are more.
func oneOrMore(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (s *Statement) written(exempt []string) document {
	d := document{Sid: s.Sid, Effect: "Deny", Action: oneOrMore(s.Actions), Resource: s.Resource}
	if len(s.Except) > 0 {
		d.Resource, d.Except = nil, oneOrMore(s.Except)
	}
	if s.Principal {
		d.Principal = "*"
	}
	all := slices.Clone(s.Conditions)
	if len(exempt) > 0 {
		all = append(all, Condition{"ArnNotLike", "aws:PrincipalArn", exempt})
	}
	for _, c := range all {
		if d.Condition == nil {
			d.Condition = map[string]map[string]any{}
		}
		if d.Condition[c.Operator] == nil {
			d.Condition[c.Operator] = map[string]any{}
		}
		d.Condition[c.Operator][c.Key] = oneOrMore(c.Values)
	}
	return d
}

// merge joins statements that differ in their actions only, and what they are for.
func merge(list []*Statement) []*Statement {
	var out []*Statement
	at := map[string]*Statement{}
	for _, s := range list {
		have := at[s.key()]
		if have == nil {
			fresh := *s
			fresh.Actions, fresh.For = slices.Clone(s.Actions), slices.Clone(s.For)
			at[s.key()] = &fresh
			out = append(out, &fresh)
			continue
		}
		have.Actions = append(have.Actions, s.Actions...)
		have.For = append(have.For, s.For...)
		have.Severity = worst(have.Severity, s.Severity)
	}
	for _, s := range out {
		switch plain := len(s.Conditions) == 0 && len(s.For) > 1; {
		case plain && s.Freezes:
			s.Sid = "StaysAsItIs"
		case plain && !s.Principal:
			s.Sid = "NotSwitchedOff"
		}
		slices.Sort(s.Actions)
		s.Actions = slices.Compact(s.Actions)
		slices.Sort(s.For)
		s.For = slices.Compact(s.For)
	}
	return out
}

// sidOf makes a Sid of words: letters and digits are all that it may have.
func sidOf(words ...string) string {
	var b strings.Builder
	up := true
	for _, w := range words {
		for _, r := range w {
			switch {
			case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
				b.WriteRune(r)
				up = false
			case r >= 'a' && r <= 'z':
				if up {
					r += 'A' - 'a'
				}
				b.WriteRune(r)
				up = false
			default:
				up = true
			}
		}
		up = true
	}
	return b.String()
}
