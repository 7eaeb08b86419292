package provider

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/resource/schema"
)

// spot is an object that is being filled: where it stands and what it is made of.
type spot struct {
	in    map[string]any
	shape *schema.Shape // nil: anything goes
	path  string
}

// mapping is one resource on its way.
type mapping struct {
	e       *entry
	every   map[string]bool // attributes of all types that AWS does not have
	r       *Resource
	root    spot
	related map[string]any
	out     *Result // of the resource that is filled
	home    string  // its address
	folds   bool    // it is a part of another, and what it says of it stands
	left    []Left
	values  Tally
	now     Written // the attribute on its way; its path is not used
}

// object puts the attributes of a block where they belong: what nobody writes last, where there is something to add it to.
func (m *mapping) object(tf map[string]any, at string, to spot) {
	var strange, idle []string
	before := m.now
	defer func() { m.now = before }()
	for _, key := range slices.Sorted(maps.Keys(tf)) {
		full, v := under(at, key), tf[key]
		m.now = Written{Block: tf, Key: key}
		if v == nil || m.e.ignored[full] || m.e.ignored[topOf(full)] || at == "" && (key == "tags" || key == "tags_all") {
			continue
		}
		if hole, ok := v.(*Hole); ok && hole.Idle {
			if !m.e.unset[full] || !m.r.New {
				idle = append(idle, key)
			}
			continue
		}
		if m.e.apart[full] {
			m.separate(v, full)
			continue
		}
		if !m.one(key, full, v, to) && m.strange(v, full) {
			strange = append(strange, full)
		}
	}
	for _, key := range idle {
		if m.e.apart[under(at, key)] {
			continue // it has none, or they are resources of the plan
		}
		m.one(key, under(at, key), tf[key], to)
	}
	if len(strange) > 0 {
		m.doubt(to, tf, strange)
	}
}

// one puts one attribute where it belongs, and reports whether that is known.
func (m *mapping) one(key, full string, v any, to spot) bool {
	if rules := m.e.rules[full]; rules != nil {
		for _, r := range rules {
			m.apply(r, v, full, to)
		}
		return true
	}
	if key == full && m.every[key] {
		return true
	}
	member := m.member(to.shape, key, v)
	if member != nil {
		m.put(to, member.Name, m.value(v, member.Value, full, step(to.path, member.Name)), full)
	}
	return member != nil
}

func under(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

func topOf(path string) string {
	top, _, _ := strings.Cut(path, ".")
	return top
}

// member finds the property that an attribute is, by its name, or the plural of it where the schema wants a list.
func (m *mapping) member(shape *schema.Shape, key string, v any) *schema.Member {
	if shape == nil {
		return nil
	}
	names := []string{key}
	switch v.(type) {
	case []any, *Hole:
		names = append(names, key+"s", strings.TrimSuffix(key, "y")+"ies", key+"es")
	}
	for i, name := range names {
		found, ok := shape.Folded(name)
		if ok && settable(shape, found) && (i == 0 || found.Value.Kind == schema.List) {
			return found
		}
	}
	return nil
}

// settable reports whether a member is a property; attributes are what AWS says.
func settable(shape *schema.Shape, m *schema.Member) bool {
	return slices.ContainsFunc(shape.Properties, func(p schema.Member) bool { return p.Name == m.Name })
}

// strange notes an attribute that nothing is known of, and reports whether it may set something. What nobody writes does not
// come here: it is what AWS reads back.
func (m *mapping) strange(v any, full string) bool {
	n := leaves(v)
	if n == 0 {
		return false
	}
	m.values.Left += n
	m.left = append(m.left, Left{full, "nothing is known of this attribute"})
	return true
}

// separate notes what CloudFormation has as resources of their own.
func (m *mapping) separate(v any, full string) {
	if n := leaves(v); n > 0 {
		m.values.Left += n
		m.left = append(m.left, Left{full, "it is a resource of its own in CloudFormation, which is not made of it"})
	}
}

// leaves counts the values in a value; what is empty says nothing.
func leaves(v any) (n int) {
	switch v := v.(type) {
	case nil:
		return 0
	case string:
		if v == "" {
			return 0
		}
	case []any:
		for _, e := range v {
			n += leaves(e)
		}
		return n
	case map[string]any:
		for _, e := range v {
			n += leaves(e)
		}
		return n
	}
	return 1
}

// doubt makes everything unknown that an attribute of unknown meaning could have set: what nothing else has set. A plan has
// attributes that the provider knows: any of them may be new, and mean anything. What somebody wrote may as well be a slip, and
// only makes unknown what it could mean by its name; everything, when its name says nothing.
func (m *mapping) doubt(to spot, tf map[string]any, strange []string) {
	if to.shape == nil {
		return
	}
	for _, full := range strange {
		key := full[strings.LastIndexByte(full, '.')+1:]
		names := append([]string{key}, members(tf[key])...)
		could := func(p schema.Member) bool {
			return slices.ContainsFunc(names, func(name string) bool { return meant(name, p) })
		}
		some := m.r.Bare && slices.ContainsFunc(to.shape.Properties, could)
		for _, p := range to.shape.Properties {
			if _, ok := to.in[p.Name]; !ok && (!some || could(p)) {
				to.in[p.Name] = &Hole{Cause: full + " of " + m.r.Type + " is not understood and may set it"}
			}
		}
	}
}

// members are the names of the attributes in a block or in several.
func members(v any) (out []string) {
	for _, e := range elements(v) {
		if block, ok := e.(map[string]any); ok {
			out = append(out, slices.Sorted(maps.Keys(block))...)
		}
	}
	return out
}

// apply follows one rule.
func (m *mapping) apply(r rule, v any, full string, to spot) {
	switch r.from {
	case '/':
		to = m.root
	case '@':
		to = spot{in: m.related, path: "related"}
	}
	if len(r.target) == 0 { // the block's attributes belong to the object that it stands in
		m.flatten(v, full, to)
		return
	}
	if hole, ok := v.(*Hole); ok && hole.Idle && len(r.target) > 1 && m.empty(to, r.target[0], hole) {
		return
	}
	end := to
	for _, name := range r.target[:len(r.target)-1] {
		end = look(end, name)
	}
	last := r.target[len(r.target)-1]
	name := strings.TrimRight(last, "+[]")
	c := call{v: v, args: r.args, kind: kindOf(end.shape, name), full: full, path: step(end.path, name)}
	if hole, ok := v.(*Hole); ok {
		m.holes(hole, full)
	}
	if r.verb == "present" {
		full = "" // a constant comes from nowhere
	}
	if !strings.HasSuffix(last, "+") {
		m.set(to, r, r.do(m, c), full)
		return
	}
	if c.kind != nil {
		c.kind = c.kind.Of
	}
	base := c.path
	for _, c.v = range elements(v) {
		end = to
		for _, name := range r.target[:len(r.target)-1] {
			end = look(end, name)
		}
		c.path = item(base, known(end.in[name]))
		m.set(to, r, r.do(m, c), full)
	}
}

// set puts a value at a target; the objects on the way there are made when there is one.
func (m *mapping) set(to spot, r rule, v any, full string) {
	if v == nil {
		return
	}
	for _, name := range r.target[:len(r.target)-1] {
		if to = into(to, name); to.in == nil {
			return // it is unknown as a whole
		}
	}
	last := r.target[len(r.target)-1]
	name := strings.TrimRight(last, "+[]")
	if strings.HasSuffix(last, "+") {
		m.add(to, name, v, full)
		return
	}
	m.put(to, name, v, full)
}

// empty makes an object unknown as a whole of which nothing is there but what nobody writes; false when there is more of it.
func (m *mapping) empty(to spot, name string, hole *Hole) bool {
	name = strings.TrimRight(name, "+[]")
	switch to.in[name].(type) {
	case nil:
		m.values.Unknown++
		to.in[name] = hole
		return true
	case *Hole:
		return true
	}
	return false
}

// known counts the elements of a list before the one that may be nothing.
func known(v any) int {
	list, _ := v.([]any)
	if hole, ok := last(list).(*Hole); ok && hole.Idle {
		return len(list) - 1
	}
	return len(list)
}

// holes makes unknown what the inside of an unknown block would set elsewhere.
func (m *mapping) holes(hole *Hole, full string) {
	for _, r := range m.e.below(full) {
		if r.from == '/' {
			m.put(m.root, strings.TrimRight(r.target[0], "+[]"), hole, full)
		}
	}
}

func (m *mapping) flatten(v any, full string, to spot) {
	switch v := v.(type) {
	case *Hole:
		for _, r := range m.e.below(full) {
			if len(r.target) > 0 && r.from == 0 {
				m.put(to, strings.TrimRight(r.target[0], "+[]"), v, full)
			}
		}
		m.holes(v, full)
	case map[string]any:
		m.object(v, full, to)
	case []any:
		for _, e := range v {
			m.flatten(e, full, to)
		}
	}
}
