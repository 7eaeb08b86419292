package terraform

import "jobzero/internal/design/terraform/provider"

// The causes of what is not known.
const (
	afterApply = "known after apply"
	notWritten = "known after apply: the configuration does not set it"
	sensitive  = "the plan says that it is sensitive"
)

// overlay puts holes where the plan says that a value is not known, or not to be shown. The expression is what the text writes
// for it; where the text is there and writes nothing, the hole is idle.
func overlay(after, unknown, secret, expression any, text bool) any {
	if unknown == true {
		if text && expression == nil {
			return &provider.Hole{Cause: notWritten, Idle: true}
		}
		return &provider.Hole{Cause: afterApply}
	}
	if secret == true && after != nil {
		return &provider.Hole{Cause: sensitive}
	}
	if isLeaf(expression) {
		text, expression = false, nil // inside of one expression nothing is known of what is written
	}
	switch u := unknown.(type) {
	case map[string]any:
		if after == nil && len(u) > 0 {
			after = map[string]any{}
		}
	case []any:
		if after == nil && len(u) > 0 {
			after = []any{}
		}
	}
	switch v := after.(type) {
	case map[string]any:
		return overlayMap(v, unknown, secret, expression, text)
	case []any:
		u, _ := unknown.([]any)
		s, _ := secret.([]any)
		for len(v) < len(u) {
			v = append(v, nil)
		}
		for i := range v {
			v[i] = overlay(v[i], at(u, i), at(s, i), blocks(expression), text && expression != nil)
		}
		return v
	}
	return after
}

func overlayMap(v map[string]any, unknown, secret, expression any, text bool) any {
	u, _ := unknown.(map[string]any)
	s, _ := secret.(map[string]any)
	e, _ := expression.(map[string]any)
	for k := range u {
		if _, ok := v[k]; !ok {
			v[k] = nil
		}
	}
	for k, x := range v {
		v[k] = overlay(x, u[k], s[k], e[k], text)
	}
	return v
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// isLeaf reports whether it is one expression, and no block of them.
func isLeaf(e any) bool {
	m, ok := e.(map[string]any)
	if !ok {
		return false
	}
	_, constant := m["constant_value"]
	_, refs := m["references"]
	return constant || refs || len(m) == 0
}

// blocks are the attributes that any of several blocks writes: which of them an element came from is not known, sets have no
// order.
func blocks(e any) any {
	list, ok := e.([]any)
	if !ok {
		return e
	}
	all := map[string]any{}
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			for k, v := range m {
				all[k] = v
			}
		}
	}
	return all
}
