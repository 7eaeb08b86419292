package provider

import (
	"slices"
	"strconv"
	"strings"
)

// given is what the provider gives to an attribute that nobody writes.
type given struct {
	path  []string
	value any
}

// constant is a value of the table; a ~ in a text stands for a space.
func constant(text string) any {
	if b, err := strconv.ParseBool(text); err == nil && len(text) > 1 {
		return b
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i
	}
	return strings.ReplaceAll(text, "~", " ")
}

// complete adds what the provider gives to what the text writes, as a plan would have it.
func (e *entry) complete(r *Resource) {
	if !r.Bare || r.Blank {
		return
	}
	for _, g := range e.defaults {
		g.into(r.Values)
	}
}

func (g given) into(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			g.into(one)
		}
	case map[string]any:
		name := g.path[0]
		if len(g.path) > 1 {
			given{g.path[1:], g.value}.into(v[name])
		} else if v[name] == nil {
			v[name] = g.value
		}
	}
}

// Refuses reports whether the provider would not take a resource of a text for want of a block that it asks for. What may be there
// is no reason to.
func Refuses(r *Resource) bool {
	if !r.Bare || r.Blank {
		return false
	}
	list := open().folds[r.Type]
	if own := open().own[r.Type]; own != nil {
		list = append(slices.Clip(list), own)
	}
	return slices.ContainsFunc(list, func(e *entry) bool {
		for name := range e.demanded {
			if v := r.Values[name]; v == nil || len(elements(v)) == 0 {
				return true
			}
		}
		return false
	})
}
