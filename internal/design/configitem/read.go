package configitem

import (
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// reading is one item on its way to a resource.
type reading struct {
	l      *loader
	typ    *schema.Type
	e      *entry // nil for a type that the table does not have
	s      source
	d      design.Declared
	root   *spot
	legacy bool // it is recorded as its API answers
	full   bool // there are too many unknown parts to list them
	places map[string]*doc.Node
	told   map[string]bool // relations that were read, and those that are noted as unknown
}

// spot is an object that is being filled.
type spot struct {
	in    map[string]any
	shape *schema.Shape // nil: nothing belongs here but what a rule says
	path  string
	known map[string]bool // members of which it is known whether they are there
	odd   []string        // sources that are not understood
}

// The most notes about one resource, and about all of a file; a coarser note stands for those beyond.
const (
	maxUnknown    = 10_000
	maxAllUnknown = 1 << 20
)

// lack notes what is not known.
func (r *reading) lack(path, cause string) {
	switch n := len(r.d.Unknown); {
	case r.full:
		return
	case n >= maxUnknown || r.l.cov.Unknown >= maxAllUnknown:
		r.full = true
		r.d.Unknown = append(r.d.Unknown[:0], resource.Unknown{Path: "properties", Cause: "more parts are not known than are listed"},
			resource.Unknown{Path: "tags", Cause: "more parts are not known than are listed"},
			resource.Unknown{Path: "related", Cause: "more parts are not known than are listed"})
		return
	}
	r.l.cov.Unknown++
	r.d.Unknown = append(r.d.Unknown, resource.Unknown{Path: path, Cause: cause})
}

// drop takes notes back about a path and what is below it.
func (r *reading) drop(path string) {
	if r.full {
		return
	}
	kept := r.d.Unknown[:0]
	for _, u := range r.d.Unknown {
		if u.Path != path && !strings.HasPrefix(u.Path, path+".") && !strings.HasPrefix(u.Path, path+"[") {
			kept = append(kept, u)
		}
	}
	r.l.cov.Unknown -= len(r.d.Unknown) - len(kept)
	r.d.Unknown = kept
}

// odd notes a part of a configuration that is not understood; it gives what a verb gives for it.
func (r *reading) odd(p part, why string) bool {
	r.l.cov.OfValues += max(1, leaves(p.n))
	r.lack(p.path, p.full+" "+why)
	return false
}

// took counts values that were put where they belong.
func (r *reading) took(p part) {
	n := leaves(p.n)
	r.l.cov.Values, r.l.cov.OfValues = r.l.cov.Values+n, r.l.cov.OfValues+n
	r.places[p.path] = p.n
}

// leaves counts the values in a part; what is empty says nothing.
func leaves(n *doc.Node) (out int) {
	if n == nil {
		return 0
	}
	switch n.Kind {
	case doc.Null:
		return 0
	case doc.String:
		return min(1, len(n.Text))
	case doc.List:
		for _, i := range n.Items {
			out += leaves(i)
		}
		return out
	case doc.Map:
		for _, p := range n.Pairs {
			out += leaves(p.Value)
		}
		return out
	case doc.Bool, doc.Number:
	}
	return 1
}

// object puts the parts of a map where they belong.
func (r *reading) object(n *doc.Node, at string, to *spot) {
	for _, pair := range n.Pairs {
		r.member(pair.Key.Text, under(at, pair.Key.Text), pair.Value, to)
	}
}

func under(at, key string) string {
	if at == "" || at == "+" {
		return at + key
	}
	return at + "." + key
}

// supplement reads the supplementary configuration, of which every value may be a text of JSON.
func (r *reading) supplement(n *doc.Node, to *spot) {
	for _, pair := range n.Pairs {
		v := pair.Value
		if v.Kind == doc.String && r.e != nil && (r.e.below["+"+pair.Key.Text] || len(r.e.rules["+"+pair.Key.Text]) == 0) {
			if inner := r.l.inner(v); inner != nil {
				v = inner
			}
		}
		r.member(pair.Key.Text, "+"+pair.Key.Text, v, to)
	}
}

// member puts one part where it belongs: by a rule, or by its name.
func (r *reading) member(key, full string, v *doc.Node, to *spot) {
	if r.e != nil {
		if r.e.ignored[full] {
			return
		}
		if rules := r.e.rules[full]; rules != nil {
			for _, x := range rules {
				r.apply(x, v, full, to)
			}
			return
		}
	}
	m, ok := r.find(key, to)
	if below := r.e != nil && r.e.below[full]; below && (!ok || v.Kind == doc.Map && shapeIn(m.Value) == nil) {
		r.below(full, v, to)
		return
	}
	if ok {
		r.put(m, v, full, to)
		r.beside(v, full, m, to)
		return
	}
	if n := leaves(v); n > 0 && !r.isTags(key) {
		r.l.cov.OfValues += n
		to.odd = append(to.odd, full[:min(len(full), 200)])
	}
}

// below reads a part that is no property itself: rules say what the parts of it are.
func (r *reading) below(full string, v *doc.Node, to *spot) {
	switch {
	case leaves(v) == 0:
		r.empty(full, to)
	case v.Kind != doc.Map:
		r.l.cov.OfValues += leaves(v)
		to.odd = append(to.odd, full)
	default:
		inner := &spot{in: map[string]any{}, path: to.path, known: map[string]bool{}}
		r.object(v, full, inner)
		to.odd = append(to.odd, inner.odd...)
	}
}

// shapeIn is the shape of the objects that a value has; nil when it has none.
func shapeIn(v *schema.Value) *schema.Shape {
	switch v.Kind {
	case schema.Object:
		return v.Shape
	case schema.List:
		return shapeIn(v.Of)
	case schema.OneOf:
		for _, one := range v.Among {
			if s := shapeIn(one); s != nil {
				return s
			}
		}
	case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.JSON, schema.Tag, schema.Time, schema.Map:
	}
	return nil
}

// isTags reports whether a name is that of tags, which are read apart.
func (r *reading) isTags(key string) bool {
	return slices.ContainsFunc([]string{r.typ.Tags, "tags", "tagList", "tagSet"}, func(name string) bool { return strings.EqualFold(name, key) })
}

// find is the member of a name, in any spelling where the item is of an old type.
func (r *reading) find(key string, to *spot) (*schema.Member, bool) {
	if to.shape == nil || len(key) > 200 || to == r.root && strings.EqualFold(key, r.typ.Tags) {
		return nil, false
	}
	if !r.legacy {
		return to.shape.Member(key)
	}
	return to.shape.Folded(key)
}

// beside reads what stands beside the items of a list in CloudFront's form: it belongs to the object that the list is in.
func (r *reading) beside(v *doc.Node, full string, m *schema.Member, to *spot) {
	if m.Value.Kind != schema.List || v.Kind != doc.Map {
		return
	}
	for _, pair := range v.Pairs {
		switch pair.Key.Text {
		case "items", "quantity", "enabled": // a list that is not enabled has no items
		default:
			r.member(pair.Key.Text, full+"."+pair.Key.Text, pair.Value, to)
		}
	}
}

// put sets a member to a part.
func (r *reading) put(m *schema.Member, v *doc.Node, full string, to *spot) {
	to.known[m.Name] = true
	if v.Kind == doc.Null || r.legacy && v.Kind == doc.String && v.Text == "" {
		return
	}
	if made, ok := r.as(part{n: v, want: m.Value, path: step(to.path, m.Name), full: full}); ok && made != nil {
		to.in[m.Name] = made
	}
}

// empty makes known that there is nothing where the rules below a part would put something.
func (r *reading) empty(full string, to *spot) {
	for at, list := range r.e.rules {
		if !strings.HasPrefix(at, full+".") {
			continue
		}
		for _, x := range list {
			r.none(x, to)
		}
	}
}

// none makes known that the target of a rule is not there.
func (r *reading) none(x rule, to *spot) {
	switch x.from {
	case '@':
		r.relate(x.target[0], nil)
	case '.':
		to.known[x.target[0]] = true
	default:
		r.root.known[x.target[0]] = true
	}
}

func (r *reading) relate(name string, v any) {
	if r.d.Related == nil {
		r.d.Related, r.told = map[string]any{}, map[string]bool{}
	}
	r.d.Related[name] = v
}

// apply follows a rule.
func (r *reading) apply(x rule, v *doc.Node, full string, to *spot) {
	if leaves(v) == 0 && v.Kind != doc.List {
		r.none(x, to)
		return
	}
	if x.from == '@' {
		r.relation(x, v, full)
		return
	}
	if x.from == 0 {
		to = r.root
	}
	in, shape, path := to.in, to.shape, to.path
	to.known[x.target[0]] = true
	for _, name := range x.target[:len(x.target)-1] {
		inner, _ := in[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		in[name] = inner
		in, shape, path = inner, shapeOf(shape, name), step(path, name)
	}
	last := x.target[len(x.target)-1]
	p := part{n: v, path: step(path, last), full: full, args: x.args}
	if shape != nil {
		if m, ok := shape.Member(last); ok {
			p.want = m.Value
		}
	}
	if made, ok := x.do(r, p); ok && made != nil {
		in[last] = made
	}
}

func (r *reading) relation(x rule, v *doc.Node, full string) {
	r.relate(x.target[0], nil)
	made, ok := x.do(r, part{n: v, path: "related." + x.target[0], full: full, args: x.args})
	if !ok {
		delete(r.d.Related, x.target[0])
		r.told["related."+x.target[0]] = true
		return
	}
	r.d.Related[x.target[0]] = made
}

func shapeOf(s *schema.Shape, name string) *schema.Shape {
	if s == nil {
		return nil
	}
	if m, ok := s.Member(name); ok && m.Value.Kind == schema.Object {
		return m.Value.Shape
	}
	return nil
}

// unsaid makes unknown what the item does not tell of an object: in an old type everything that it does not name, in others what
// it names in words that CloudFormation does not have.
func (r *reading) unsaid(to *spot) {
	if !r.legacy && !r.s.picked {
		for _, full := range to.odd {
			r.lack(step(to.path, full[strings.LastIndexByte(full, '.')+1:]), "CloudFormation has no property "+full+" that is known here")
		}
		if to == r.root {
			for _, path := range schema.Withheld(r.typ, r.d.Properties) {
				r.lack(path, "AWS never gives it back")
			}
		}
		return
	}
	cause := "the item does not say it"
	if len(to.odd) > 0 {
		cause = strings.Join(to.odd[:min(len(to.odd), 10)], ", ") + " of the item is not understood and may say it"
	}
	for _, p := range to.shape.Properties {
		_, there := to.in[p.Name]
		if there || to.known[p.Name] || to == r.root && (p.Name == r.typ.Tags || len(to.odd) == 0 && r.e != nil && r.e.none[p.Name]) {
			continue
		}
		r.lack(step(to.path, p.Name), cause)
	}
}

// step is the path of a member.
func step(path, name string) string {
	if name == "" || strings.ContainsAny(name, ".[]\"* ") || name[0] >= '0' && name[0] <= '9' || name[0] == '-' || name[0] == '+' {
		return path + "[" + strconv.Quote(name) + "]"
	}
	return path + "." + name
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
