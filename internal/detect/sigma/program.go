package sigma

import (
	"cmp"
	"slices"

	"jobzero/internal/rawjson"
)

// program is a rule's condition with its fields looked up once and for all.
type program struct {
	rule *Compiled
	root node
}

// node is a part of a condition: a line of a search, or parts joined by how many of them must hold.
type node struct {
	test  *line
	each  *each
	parts []node
	need  int  // of parts
	not   bool // the opposite is meant
}

// line is a Test with its field.
type line struct {
	*Test
	field *field // nil for keywords
	names map[string]struct{}
	keep  bool   // its verdicts are remembered
	salt  uint64 // so that lines about one value lie apart in the memo
}

// each is an Element with its field.
type each struct {
	*Element
	field *field
	body  node
}

// fields numbers the paths that the rules of an engine ask about.
type fields map[string]*field

// of is the field of a dotted path.
func (f fields) of(path string) *field {
	return f.get(path, func(n int) *field { return newField(path, n) })
}

// at is the field of a path in steps; an empty one is the element itself.
func (f fields) at(p Path) *field {
	return f.get(p.String(), func(n int) *field {
		if len(p) == 0 {
			return newField(element, n)
		}
		return pathField(p, n)
	})
}

func (f fields) get(key string, make func(number int) *field) *field {
	if x, ok := f[key]; ok {
		return x
	}
	x := make(len(f))
	f[key] = x
	return x
}

// compile prepares a rule.
func compile(c *Compiled, f fields) program { return program{c, compileExpr(c.Condition, f)} }

func compileExpr(x Expr, f fields) node {
	switch x := x.(type) {
	case And:
		return gather(len(x), len(x), func(i int) node { return compileExpr(x[i], f) })
	case Or:
		return gather(len(x), 1, func(i int) node { return compileExpr(x[i], f) })
	case Not:
		n := compileExpr(x.Item, f)
		n.not = !n.not
		return n
	case Ref:
		return compileBody(x.Search.Body, f)
	case Of:
		return gather(len(x.Searches), x.Need, func(i int) node { return compileBody(x.Searches[i].Body, f) })
	}
	return node{need: 1} // no parts: it never holds
}

func compileBody(b Body, f fields) node {
	switch b := b.(type) {
	case AllOf:
		return gather(len(b), len(b), func(i int) node { return compileBody(b[i], f) })
	case AnyOf:
		return gather(len(b), 1, func(i int) node { return compileBody(b[i], f) })
	case *Test:
		return node{test: newLine(b, f)}
	case *Element:
		return node{each: &each{b, f.at(b.Path), compileBody(b.Body, f)}}
	case *Nested:
		return compileExpr(b.Condition, f)
	}
	return node{need: 1}
}

func gather(n, need int, part func(int) node) node {
	out := node{need: need}
	for i := range n {
		out.parts = append(out.parts, part(i))
	}
	// What is cheap comes first: it mostly settles the matter.
	slices.SortStableFunc(out.parts, func(a, b node) int { return cmp.Compare(a.cost(), b.cost()) })
	return out
}

func newLine(t *Test, f fields) *line {
	l := &line{Test: t}
	if t.Field != "" {
		l.field = f.at(t.Path)
	}
	for _, x := range t.Values {
		if r, ok := x.(fieldRef); ok {
			f.of(r.field)
		}
	}
	if !t.All && len(t.Values) >= manyValues {
		l.names = exactTexts(t.Values)
	}
	l.keep = l.memorable()
	return l
}

// manyValues is from how many values on a table is quicker than one comparison after another.
const manyValues = 4

// exactTexts gives the values in lower case when all of them are texts without wildcards that are compared in any case.
func exactTexts(values []Matcher) map[string]struct{} {
	out := make(map[string]struct{}, len(values))
	for _, x := range values {
		p, ok := x.(*pattern)
		if !ok || p.cased || p.windash {
			return nil
		}
		text, ok := p.exact()
		if !ok {
			return nil
		}
		out[text] = struct{}{}
	}
	return out
}

// spread gives every line another salt; n counts them.
func (n *node) spread(count *uint64) {
	const odd = 0x9e3779b97f4a7c15 // with many bits: each number moves every bit
	if n.test != nil {
		*count++
		n.test.salt = *count * odd
	}
	for i := range n.parts {
		n.parts[i].spread(count)
	}
}

// holds reports whether the part holds for the view's record.
func (n *node) holds(v *view) bool {
	if n.test != nil {
		return n.test.holds(v) != n.not
	}
	if n.each != nil {
		return n.each.holds(v) != n.not
	}
	left, missing := n.need, len(n.parts)
	for i := range n.parts {
		if left == 0 || left > missing {
			break
		}
		if n.parts[i].holds(v) {
			left--
		}
		missing--
	}
	return left == 0 != n.not
}

// holds looks at one element after another.
func (e *each) holds(v *view) bool {
	all, matched := e.count(v)
	switch e.Quantifier {
	case AllElements:
		return all > 0 && matched == all
	case AllOrEmpty:
		return matched == all
	case NoElement:
		return matched == 0
	default:
		return matched > 0
	}
}

// count gives how many elements there are, and of how many the body holds.
func (e *each) count(v *view) (all, matched int) {
	var items []rawjson.Value
	for _, x := range v.reach(e.field, nil) {
		items = elements(x, items)
	}
	for _, x := range items {
		if e.body.holds(v.inside(x)) {
			matched++
		}
	}
	return len(items), matched
}

// leaves are the values that a line is about.
func (l *line) leaves(v *view) []leaf {
	if l.field == nil {
		return v.everything()
	}
	return v.lookup(l.field)
}

func (l *line) holds(v *view) bool {
	if l.keep {
		if holds, ok := l.remembered(v); ok {
			return holds
		}
	}
	return l.judge(v)
}

func (l *line) judge(v *view) bool {
	leaves := l.leaves(v)
	switch {
	case l.Exists:
		return (len(leaves) > 0) == l.Present != l.Neq
	case l.names != nil:
		return l.named(v, leaves) != l.Neq
	}
	matched := l.All
	for _, x := range l.Values {
		if x.match(v, leaves) != l.All {
			matched = !l.All
			break
		}
	}
	return matched != l.Neq
}

// named looks the leaves up in the table of values.
func (l *line) named(v *view, leaves []leaf) bool {
	for i := range leaves {
		if leaves[i].whole {
			continue
		}
		if text, ok := leaves[i].lower(v); ok {
			if _, found := l.names[string(text)]; found {
				return true
			}
		}
	}
	return false
}
