package expr

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A gap is a value that is not known. It lies in the input where the value would be, so that what stands beside it is as good as
// ever: of a list with one gap the other elements still count.
// What is certain of it nevertheless are its marks.
func gap(h Hole) Gap {
	trail := types.NewAttributeTrail(h.Path)
	for _, m := range h.Marks {
		types.QualifyAttribute(trail, m)
	}
	return Gap{types.NewUnknown(0, trail)}
}

// Hole is what is not known of an input: a path, such as resource.properties.Tags, and marks that functions may ask of the Gap there.
type Hole struct {
	In    string // the variable, when Path only says where in it
	Path  string
	Marks []string
}

// whole is the path with the variable.
func (h Hole) whole() string {
	if h.In == "" {
		return h.Path
	}
	return strings.TrimSuffix(h.In+"."+h.Path, ".")
}

// The marks that operators know.
const (
	Present = "present" // there is a value: has() is true
	Filled  = "filled"  // it is not the empty text
)

// Holes are values of which nothing is known.
func Holes(paths ...string) []Hole {
	out := make([]Hole, len(paths))
	for i, p := range paths {
		out[i].Path = p
	}
	return out
}

// marked reports whether all that an unknown stands for has a mark.
func marked(u *types.Unknown, mark string) bool {
	has := false
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			if !slices.Contains(t.QualifierPath(), any(mark)) {
				return false
			}
			has = true
		}
	}
	return has
}

// planter puts gaps into an input. What it copied once is its own, and is not copied again.
type planter struct {
	own   []uintptr // maps, by where they are; few
	fresh bool      // records are nobody else's
}

// plant puts a gap into a container at the end of the steps, and gives the container, copied where it had to change. A step that
// leads nowhere makes a gap there: unknown too much is safe where unknown too little is not.
func (p *planter) plant(into any, steps []any, hole Gap) any {
	if len(steps) == 0 {
		return hole
	}
	rest := steps[1:]
	switch c := into.(type) {
	case map[string]any:
		return p.members(c, steps[0], rest, hole)
	case []any:
		return p.list(c, steps[0], rest, hole)
	case *Record:
		return c.plant(p, steps[0], rest, hole, p.fresh)
	case Gap:
		return c
	case nil:
		if steps[0] == (more{}) {
			return []any{hole}
		}
	}
	return hole
}

func (p *planter) members(m map[string]any, step any, rest []any, hole Gap) map[string]any {
	if m == nil || !slices.Contains(p.own, reflect.ValueOf(m).Pointer()) {
		m = maps.Clone(m)
		if m == nil {
			m = map[string]any{}
		}
		p.own = append(p.own, reflect.ValueOf(m).Pointer())
	}
	if name, ok := step.(string); ok {
		m[name] = p.plant(m[name], rest, hole)
		return m
	}
	for name, v := range m { // an index may be the name of a key that is all digits: every step is taken
		m[name] = p.plant(v, rest, hole)
	}
	return m
}

func (p *planter) list(list []any, step any, rest []any, hole Gap) any {
	out := append([]any(nil), list...)
	switch at := step.(type) {
	case int64:
		if at < 0 || at >= int64(len(out)) {
			return hole
		}
		out[at] = p.plant(out[at], rest, hole)
	case wild:
		for i, v := range out {
			out[i] = p.plant(v, rest, hole)
		}
	case more:
		out = append(out, hole)
	default:
		return hole
	}
	return out
}

// forCEL gives a value as CEL is to see it: what has gaps is copied, with its maps holed.
func forCEL(v any) any {
	switch v := v.(type) {
	case Gap:
		return v.unknown
	case []any:
		if !Holed(v) {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = forCEL(e)
		}
		return out
	case map[string]any:
		if !Holed(v) {
			return v
		}
		out := make(map[string]any, len(v))
		for name, e := range v {
			out[name] = forCEL(e)
		}
		if gapped(v) {
			return &holed{out}
		}
		return out
	case *Record:
		return forCEL(v.asMap())
	}
	return v
}

// holed is a map of which some values are gaps. Whether it has those keys at all is not known either: what has no value may not
// be there.
type holed struct{ members map[string]any }

var _ traits.Mapper = (*holed)(nil)

// Find gives a value, or the gap.
func (h *holed) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return nil, false
	}
	v, ok := h.members[string(name)]
	if !ok {
		return nil, false
	}
	return types.DefaultTypeAdapter.NativeToValue(v), true
}

// Get gives a value, the gap, or an error.
func (h *holed) Get(key ref.Val) ref.Val {
	if v, ok := h.Find(key); ok {
		return v
	}
	return types.ValOrErr(key, "no such key: %v", key)
}

// Contains says whether there is a key: true, false, or the gap.
func (h *holed) Contains(key ref.Val) ref.Val {
	v, ok := h.Find(key)
	if u, unknown := v.(*types.Unknown); unknown && !marked(u, Present) {
		return v
	}
	return types.Bool(ok)
}

// Size counts the gaps too: CEL reckons with it what a step costs. For an expression the size is a gap, see careful.
func (h *holed) Size() ref.Val { return types.Int(len(h.members)) }

// blame is all gaps together.
func (h *holed) blame() *types.Unknown { return h.gaps(func(*types.Unknown) bool { return true }) }

// doubt is all gaps together of which it is not known whether there is a value; nil when there are none.
func (h *holed) doubt() *types.Unknown {
	return h.gaps(func(u *types.Unknown) bool { return !marked(u, Present) })
}

func (h *holed) gaps(which func(*types.Unknown) bool) (all *types.Unknown) {
	for _, v := range h.members {
		if u, ok := v.(*types.Unknown); ok && which(u) {
			all = types.MergeUnknowns(all, u)
		}
	}
	return all
}

// Iterator gives the keys, and the gap for one that may not be there.
func (h *holed) Iterator() traits.Iterator {
	keys := make([]ref.Val, 0, len(h.members))
	for name, v := range h.members {
		if u, ok := v.(*types.Unknown); ok && !marked(u, Present) {
			keys = append(keys, u)
		} else {
			keys = append(keys, types.String(name))
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, keys).Iterator()
}

// Equal is three-valued; what is no map is another for certain.
func (h *holed) Equal(other ref.Val) ref.Val {
	switch other.(type) {
	case traits.Mapper, *types.Unknown:
		return equal(h, other)
	}
	return types.False
}

// ConvertToNative gives the members.
func (h *holed) ConvertToNative(t reflect.Type) (any, error) {
	return types.DefaultTypeAdapter.NativeToValue(h.members).ConvertToNative(t)
}

// ConvertToType gives itself as a map.
func (h *holed) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.MapType:
		return h
	case types.TypeType:
		return types.MapType
	}
	return types.NewErr("type conversion error from '%s' to '%s'", types.MapType, t)
}

// Type is that of a map.
func (*holed) Type() ref.Type { return types.MapType }

// Value gives the members.
func (h *holed) Value() any { return h.members }

// open is the gap of a list that may have more elements than it has; nil when it has all of them. Such a gap is an element like
// any other, so that what looks at elements is right about it, but how many there are is not known.
func open(list traits.Lister) *types.Unknown {
	for it := list.Iterator(); it.HasNext() == types.True; {
		if u, ok := it.Next().(*types.Unknown); ok && isMore(u) {
			return u
		}
	}
	return nil
}

func isMore(u *types.Unknown) bool {
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			if strings.HasSuffix(t.Variable(), moreStep) {
				return true
			}
		}
	}
	return false
}
