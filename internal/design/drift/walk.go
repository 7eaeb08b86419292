package drift

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource/schema"
)

// mode is how strictly a value is compared.
type mode int

const (
	plain    mode = iota // what the text does not say is a default
	document             // JSON that the text writes as a whole: more than it says is a difference
	policy               // likewise, in what IAM takes for the same
)

// spot is where a walk is.
type spot struct {
	path  string
	name  string        // of the member that it is in
	value *schema.Value // nil: any
	mode  mode
	up    string // the member around that
}

// comparer compares one resource.
type comparer struct {
	where  func(path string) design.Place
	steps  *int             // left
	more   map[string][]any // what others are known to add to lists, by path
	tags   map[string]string
	tagsAt string // the property of tags
	probe  bool   // to find out whether there is a difference: stop at the first
	out    Compared
}

// answer says whether two values are the same.
type answer int

const (
	no answer = iota
	maybe
	yes
)

// same compares two values and notes nothing.
func (c *comparer) same(said, is any, at spot) answer {
	p := &comparer{where: func(string) design.Place { return design.Place{} }, steps: c.steps, probe: true, tags: c.tags, tagsAt: c.tagsAt}
	p.walk(said, is, at)
	switch {
	case len(p.out.Differences) > 0:
		return no
	case len(p.out.Open) > 0:
		return maybe
	}
	return yes
}

func (c *comparer) differ(kind Kind, said, is any, at spot) {
	d := Difference{Path: at.path, Kind: kind}
	if !c.probe {
		d.Said, d.Is, d.Place = shown(said), shown(is), c.where(at.path)
		if secret(at.name) || secret(at.up) {
			d.Said, d.Is = masked(d.Said), masked(d.Is)
		}
	}
	c.out.Differences = append(c.out.Differences, d)
}

func (c *comparer) open(at spot, why hole) {
	c.out.Open = append(c.out.Open, Open{Path: at.path, Why: why.why, Code: why.code})
}

// over reports whether a probe knows enough, or the work has become too much.
func (c *comparer) over(at spot) bool {
	if c.probe && len(c.out.Differences) > 0 {
		return true
	}
	if *c.steps--; *c.steps < 0 {
		c.open(at, hole{why: "it is too large to be compared"})
		return true
	}
	return false
}

// walk compares what a text says with what is there.
func (c *comparer) walk(said, is any, at spot) {
	if c.over(at) {
		return
	}
	if h, ok := said.(hole); ok {
		c.open(at, h)
		return
	}
	if h, ok := is.(hole); ok {
		c.open(at, h)
		return
	}
	said, is, at = level(said, is, at)
	if _, none := is.(absent); none || is == nil {
		c.nothing(said, at)
		return
	}
	switch s := said.(type) {
	case nil:
	case map[string]any:
		if m, ok := is.(map[string]any); ok {
			c.object(s, m, at)
			return
		}
		c.differ(Changed, said, is, at)
	case []any:
		list, ok := is.([]any)
		switch {
		case !ok:
			c.differ(Changed, said, is, at)
		case ordered(at):
			c.sequence(s, list, at)
		default:
			c.set(s, list, at)
		}
	default:
		c.scalar(said, is, at)
	}
}

// nothing is what a text says where nothing is there. Nothing there and nothing said are the same, whichever way they are written.
func (c *comparer) nothing(said any, at spot) {
	if solid(said) {
		c.differ(Missing, said, nil, at)
		return
	}
	switch s := said.(type) {
	case hole:
		c.open(at, s)
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(s)) {
			c.nothing(s[name], at.member(name))
		}
	case []any:
		for i, e := range s {
			c.nothing(e, at.element(i))
		}
	case nil:
	default:
		c.out.Same++
	}
}

func (c *comparer) object(said, is map[string]any, at spot) {
	taken := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		key := name
		if _, there := is[name]; !there && at.mode == policy {
			key = folded(is, name)
		}
		taken[key] = true
		value, there := is[key]
		if !there {
			value = absent{}
		}
		c.walk(said[name], value, at.member(name))
	}
	if at.mode == plain && (at.value == nil || at.value.Kind != schema.Map) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if h, ok := is[name].(hole); ok && !taken[name] {
			c.open(at.member(name), h)
		} else if !taken[name] && !empty(is[name]) && !c.expected(name, is[name], at) {
			c.differ(Added, nil, is[name], at.member(name))
		}
	}
}

// expected reports whether a member that the text does not have is none that somebody added.
func (c *comparer) expected(name string, is any, at spot) bool {
	switch {
	case strings.HasPrefix(name, "aws:") && at.name == c.tagsAt:
		return true
	case at.name == c.tagsAt:
		text, _ := textOf(is)
		value, ours := c.tags[name]
		return ours && value == text
	}
	return at.mode == policy && (strings.EqualFold(name, "Version") || strings.EqualFold(name, "Id"))
}

// folded is the key of a map that is a name in another case; the name when there is none. IAM takes names of elements and condition
// keys in any case.
func folded(m map[string]any, name string) string {
	for key := range m {
		if strings.EqualFold(key, name) {
			return key
		}
	}
	return name
}

// member goes into a member.
func (s spot) member(name string) spot {
	next := spot{path: under(s.path, name), name: name, up: s.name, mode: s.mode}
	if s.value == nil {
		return next
	}
	next.value = memberOf(s.value, name)
	return next
}

func memberOf(v *schema.Value, name string) *schema.Value {
	switch v.Kind {
	case schema.Object:
		if m, ok := v.Shape.Member(name); ok {
			return m.Value
		}
	case schema.Map:
		return v.Of
	case schema.OneOf:
		for _, one := range v.Among {
			if m := memberOf(one, name); m != nil {
				return m
			}
		}
	case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.JSON, schema.Tag, schema.Time, schema.List:
	}
	return nil
}

// element goes into an element.
func (s spot) element(i int) spot {
	next := spot{path: element(s.path, i), name: s.name, up: s.up, mode: s.mode}
	if s.value != nil && s.value.Kind == schema.List {
		next.value = s.value.Of
	}
	return next
}

// level brings two values into one form: texts that are JSON are read, a value beside a list is a list of one, and everybody is
// everybody.
func level(said, is any, at spot) (any, any, spot) {
	if at.value != nil && at.value.Kind == schema.JSON && at.mode == plain {
		at.mode = document
	}
	s, sText := said.(string)
	i, iText := is.(string)
	if sText != iText || sText && s != i {
		a, aOK := unpacked(said)
		b, bOK := unpacked(is)
		if aOK && bOK {
			if (sText || iText) && at.mode == plain {
				at.mode = document
			}
			said, is = a, b
		}
	}
	if m, ok := said.(map[string]any); ok && isPolicy(m) {
		at.mode = policy
	}
	if at.mode == policy && (strings.EqualFold(at.name, "Principal") || strings.EqualFold(at.name, "NotPrincipal")) {
		said, is = everybody(said), everybody(is)
	}
	_, sList := said.([]any)
	_, iList := is.([]any)
	_, none := is.(absent)
	switch {
	case none || is == nil || said == nil || sList == iList:
	case sList:
		is = []any{is}
	default:
		said = []any{said}
	}
	return said, is, at
}

// unpacked is a map or list, or one that a text holds.
func unpacked(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any, []any:
		return v, true
	case string:
		text := strings.TrimSpace(v)
		if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			return nil, false
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var out any
		if d.Decode(&out) != nil || d.More() {
			return nil, false
		}
		return out, true
	}
	return nil, false
}
