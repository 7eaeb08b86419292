package policy

import (
	"strings"
)

// Condition is one key under one operator. All conditions of a statement must hold.
type Condition struct {
	Key      string // as it was written
	Operator string // likewise
	Values   []string
	Place    Place

	key      string // in small letters
	not      bool
	null     bool
	ifExists bool
	set      set
	wanted   []wanted
}

// set is the word before an operator for keys of many values.
type set uint8

const (
	single set = iota
	forAny
	forAll
)

// wanted is one value of the policy, ready to be compared.
type wanted struct {
	pattern *Pattern
	compare compare
}

// operatorNames are the operators there are, for suggestions.
func operatorNames() (out []string) {
	for _, o := range operators() {
		out = append(out, o.name)
	}
	return out
}

// compile reads the operator and the values; what is wrong with them is said in words.
func (c *Condition) compile(vars bool, known map[string]operator) string {
	name := strings.ToLower(c.Operator)
	if before, after, ok := strings.Cut(name, ":"); ok {
		switch before {
		case "foranyvalue":
			c.set = forAny
		case "forallvalues":
			c.set = forAll
		default:
			return "a condition operator has only ForAnyValue: or ForAllValues: before it, not " + c.Operator
		}
		name = after
	}
	if bare, ok := strings.CutSuffix(name, "ifexists"); ok {
		name, c.ifExists = bare, true
	}
	op, ok := known[name]
	if !ok {
		return "there is no condition operator " + c.Operator + nearest(c.Operator, operatorNames())
	}
	if c.null = name == "null"; c.null && (c.ifExists || c.set != single) {
		return "Null takes nothing before or behind it"
	}
	c.key, c.not = strings.ToLower(c.Key), op.not
	for _, v := range c.Values {
		p := newPattern(v, op.globs, op.vars && vars)
		cmp, ok := op.read(p)
		if !ok {
			return op.name + " cannot be asked for " + quote(v)
		}
		c.wanted = append(c.wanted, wanted{p, cmp})
	}
	return ""
}

// holds judges the condition. Where the answer is Maybe, the text names the key that is not known.
func (c *Condition) holds(ctx Context) (Truth, string) {
	v := ctx.Value(c.key)
	switch {
	case v.State == Unknown:
		return Maybe, c.Key
	case !v.Perhaps:
		t, why := c.of(v, ctx)
		return t, c.blame(t, why)
	}
	there, _ := c.of(Value{State: Present, Texts: v.Texts, More: v.More}, ctx)
	if gone, _ := c.of(Value{State: Absent}, ctx); gone != there {
		return Maybe, c.Key
	}
	return there, c.blame(there, "")
}

func (c *Condition) blame(t Truth, why string) string {
	switch {
	case t != Maybe:
		return ""
	case why != "":
		return why
	}
	return c.Key
}

// of judges a key of which it is known whether it is there.
func (c *Condition) of(v Value, ctx Context) (Truth, string) {
	if c.null {
		return c.each(ctx, map[bool]string{true: "true", false: "false"}[v.State == Absent])
	}
	if v.State == Absent {
		return truth(c.ifExists || c.set == forAll || c.set == single && c.not), ""
	}
	if c.not && c.void(ctx) {
		return No, ""
	}
	every := c.set == forAll || c.set == single && c.not
	out, why := truth(every), ""
	for _, text := range v.Texts {
		t, w := c.each(ctx, text)
		if c.not {
			t = t.not()
		}
		if every {
			out = min(out, t)
		} else {
			out = max(out, t)
		}
		if t == Maybe {
			why = w
		}
	}
	if v.More && (every && out == Yes || !every && out == No) {
		out = Maybe
	}
	return out, why
}

// void reports whether a value has a variable without a value, which makes a statement match nothing, be it that it asks for all but that
// (reference_policies_variables.html).
func (c *Condition) void(ctx Context) bool {
	for _, w := range c.wanted {
		if w.pattern.vars {
			if _, t, _ := w.pattern.resolved(ctx); t == No {
				return true
			}
		}
	}
	return false
}

// each holds one text of the request against the policy's: one that matches is enough.
func (c *Condition) each(ctx Context, text string) (Truth, string) {
	out, why := No, ""
	for _, w := range c.wanted {
		atoms, t, key := w.pattern.resolved(ctx)
		if t == Yes && w.compare(atoms, text) {
			return Yes, ""
		}
		if t == Maybe {
			out, why = Maybe, key
		}
	}
	return out, why
}
