package guardrail

import (
	"slices"
	"strconv"
)

// condition says of a key that it has one of the bad values. ok is false when no condition can tell them from the others.
func condition(r row, domain, bad []any) (out []Condition, ok bool) {
	if len(bad) == 0 {
		return nil, false
	}
	missing := slices.Contains(bad, absent) && r.unsaid == "default" || r.unsaid == "follow"
	said := slices.DeleteFunc(slices.Clone(bad), func(v any) bool { return v == absent })
	good := slices.DeleteFunc(slices.Clone(domain), func(v any) bool { return v == absent || slices.Contains(bad, v) })
	switch r.value {
	case "presence":
		return []Condition{{"Null", r.key, []string{"true"}}}, slices.Contains(bad, absent) && !slices.Contains(bad, any(other))
	case "bool":
		words := r.each(said)
		if len(words) != 1 || words[0] != "true" && words[0] != "false" {
			return nil, false
		}
		return []Condition{{ifMissing("Bool", missing), r.key, words}}, true
	case "number":
		return number(r, domain, said, missing)
	case "many":
		return among("ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", r, said, good)
	case "arn":
		return among("ArnEquals", "", r, said, good)
	}
	return text(r, said, good, missing)
}

// each writes values as the key has them.
func (r row) each(values []any) (out []string) {
	for _, v := range values {
		w := word(v)
		if to, ok := r.words[w]; ok {
			w = to
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func ifMissing(operator string, missing bool) string {
	if missing {
		return operator + "IfExists"
	}
	return operator
}

// text compares texts: with the bad ones, or with all but the good ones where values that nobody named are bad.
func text(r row, said, good []any, missing bool) ([]Condition, bool) {
	if len(said) == 0 {
		return nil, false
	}
	if !slices.Contains(said, any(other)) {
		return []Condition{{ifMissing("StringEquals", missing), r.key, r.each(said)}}, true
	}
	if len(good) == 0 {
		return nil, false // every value is bad: nobody could say a right one
	}
	out := []Condition{{"StringNotEquals", r.key, r.each(good)}}
	if !missing && r.unsaid != "said" {
		out = append(out, Condition{"Null", r.key, []string{"false"}}) // without it the key's absence would be denied
	}
	return out, true
}

func among(equal, unequal string, r row, said, good []any) ([]Condition, bool) {
	switch {
	case len(said) == 0:
		return nil, false
	case !slices.Contains(said, any(other)):
		return []Condition{{equal, r.key, r.each(said)}}, true
	case unequal == "" || len(good) == 0:
		return nil, false
	}
	return []Condition{{unequal, r.key, r.each(good)}}, true
}

// number is for values that are bad below or above a threshold.
func number(r row, domain, said []any, missing bool) ([]Condition, bool) {
	var bad, good []int64
	for _, v := range domain {
		n, ok := v.(int64)
		switch {
		case !ok:
		case slices.Contains(said, v):
			bad = append(bad, n)
		default:
			good = append(good, n)
		}
	}
	if len(bad) == 0 || len(good) == 0 {
		return nil, false
	}
	operator, at := "NumericLessThan", slices.Min(good)
	if slices.Max(bad) > at {
		operator, at = "NumericGreaterThan", slices.Max(good)
		if slices.Min(bad) < at {
			return nil, false
		}
	}
	return []Condition{{ifMissing(operator, missing), r.key, []string{strconv.FormatInt(at, 10)}}}, true
}
