package sigma

// holds reports whether a condition holds for an event.
func holds(x Expr, v *view) bool {
	switch x := x.(type) {
	case And:
		for _, item := range x {
			if !holds(item, v) {
				return false
			}
		}
		return true
	case Or:
		for _, item := range x {
			if holds(item, v) {
				return true
			}
		}
		return false
	case Not:
		return !holds(x.Item, v)
	case Ref:
		return matches(x.Search.Body, v)
	case Of:
		n := 0
		for i, s := range x.Searches {
			if n+len(x.Searches)-i < x.Need {
				return false
			}
			if matches(s.Body, v) {
				if n++; n == x.Need {
					return true
				}
			}
		}
	}
	return false
}

// matches reports whether a search holds.
func matches(b Body, v *view) bool {
	switch b := b.(type) {
	case AllOf:
		for _, part := range b {
			if !matches(part, v) {
				return false
			}
		}
		return true
	case AnyOf:
		for _, part := range b {
			if matches(part, v) {
				return true
			}
		}
		return false
	case *Test:
		return b.holds(v.leaves(b), v)
	}
	return false
}

// leaves are the values that a line is about.
func (v *view) leaves(t *Test) []leaf {
	if t.Field == "" {
		return v.everything()
	}
	return v.lookup(t.Field)
}

func (t *Test) holds(leaves []leaf, v *view) bool {
	if t.Exists {
		return (len(leaves) > 0) == t.Present != t.Neq
	}
	matched := t.All
	for _, x := range t.Values {
		if x.match(v, leaves) != t.All {
			matched = !t.All
			break
		}
	}
	return matched != t.Neq
}
