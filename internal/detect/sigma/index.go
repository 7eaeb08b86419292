package sigma

import "strings"

// wantedNames gives the eventName values, in lower case, of which an event must have one for the condition to hold; nil
// when there is no such set. It is derived from the condition, not from the searches: "selection or not filter" needs no
// name whatever the selection says.
func wantedNames(x Expr) map[string]bool {
	switch x := x.(type) {
	case And:
		return fewest(len(x), func(i int) map[string]bool { return wantedNames(x[i]) })
	case Or:
		return union(len(x), func(i int) map[string]bool { return wantedNames(x[i]) })
	case Ref:
		return searchNames(x.Search.Body)
	case Of:
		of := func(i int) map[string]bool { return searchNames(x.Searches[i].Body) }
		if x.Need == len(x.Searches) {
			return fewest(len(x.Searches), of)
		}
		return union(len(x.Searches), of)
	}
	return nil
}

func searchNames(b Body) map[string]bool {
	switch b := b.(type) {
	case AllOf:
		return fewest(len(b), func(i int) map[string]bool { return searchNames(b[i]) })
	case AnyOf:
		return union(len(b), func(i int) map[string]bool { return searchNames(b[i]) })
	case *Test:
		return testNames(b)
	}
	return nil
}

// testNames is for a line "eventName: A" or a list of such names without wildcards.
func testNames(t *Test) map[string]bool {
	if t.Field != "eventName" || t.Neq || t.Exists || len(t.Values) == 0 {
		return nil
	}
	out := map[string]bool{}
	for _, x := range t.Values {
		p, ok := x.(*pattern)
		if !ok || p.windash {
			return nil
		}
		text, ok := p.exact()
		if !ok {
			return nil
		}
		out[strings.ToLower(text)] = true // a cased name is one of those that its lower case stands for
	}
	return out
}

// fewest is for parts that must all hold: any one of their sets is needed, and the smallest leaves the fewest events.
func fewest(n int, of func(int) map[string]bool) map[string]bool {
	var best map[string]bool
	for i := range n {
		if s := of(i); s != nil && (best == nil || len(s) < len(best)) {
			best = s
		}
	}
	return best
}

// union is for parts of which one must hold: every part must have a set.
func union(n int, of func(int) map[string]bool) map[string]bool {
	out := map[string]bool{}
	for i := range n {
		s := of(i)
		if s == nil {
			return nil
		}
		for name := range s {
			out[name] = true
		}
	}
	return out
}
