package gates

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/design/relate"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// thing is one resource of a text; the first of a world is what is judged.
type thing struct {
	name string
	kind *schema.Type
	has  map[string]any // values of JSON, reference and hidden
}

// reference is the value of a property that names another thing; hidden is one that nobody knows.
type (
	reference struct{ to string }
	hidden    struct{ resource.Unknown }
)

// named reports whether what is not known is a name that AWS gives to what is made beside it; sealed, whether nobody sees it.
func (h hidden) named() bool  { return h.Present || h.Filled || h.Seen == resource.Named }
func (h hidden) sealed() bool { return h.Seen == resource.Sealed }

const first = "Main"

// world writes a state out as resources that can be asked for. why says why that cannot be.
func world(s state) (out []*thing, why string) {
	typ, ok := schema.Of(s.is.Type)
	switch {
	case !ok || strings.HasPrefix(string(s.is.Type), "jobzero::"):
		return nil, "CloudFormation has no such type"
	case s.is.Gone:
		return nil, "what is gone is in no text"
	}
	main := &thing{first, typ, clone(s.is.Properties)}
	if main.has == nil {
		main.has = map[string]any{}
	}
	for name := range main.has {
		if slices.ContainsFunc(typ.Attributes, func(m schema.Member) bool { return m.Name == name }) && !settable(typ, name) {
			if slices.Contains(s.about.Properties(), name) {
				return nil, "it is about what AWS says once it is made"
			}
			delete(main.has, name)
		}
	}
	if halfResolved(main.has) {
		return nil, "CloudFormation fills in a text that names a secret in a part of it"
	}
	if len(typ.ID) == 1 && settable(typ, typ.ID[0]) && main.has[typ.ID[0]] == nil && s.is.ID != "" {
		main.has[typ.ID[0]] = s.is.ID
	}
	if why = main.tag(s.is.Tags); why != "" {
		return nil, why
	}
	for _, u := range s.is.Unknown {
		path, ok := strings.CutPrefix(u.Path, "properties.")
		if !ok || strings.ContainsAny(path, "[\"") {
			return nil, "what is not known is no property of its own"
		}
		put(main.has, strings.Split(path, "."), hidden{u})
	}
	w := &worlds{list: []*thing{main}}
	for _, name := range slices.Sorted(keys(s.is.Related)) {
		if why = w.relate(s.is.Type, name, s.is.Related[name]); why != "" {
			return nil, why
		}
	}
	for name, v := range s.is.Related {
		r, _, _ := relation.Named(s.is.Type, name)
		if list, many := v.([]any); many && len(list) == 0 && len(r.Ways) > 0 && w.leads(r.Ways[0]) {
			return nil, "one relation has what another denies"
		}
	}
	return w.list, ""
}

// leads reports whether something stands along a way already.
func (w *worlds) leads(way relation.Way) bool {
	at := w.list[0]
	for _, h := range way.Hops {
		if at = w.there(at, h, false); at == nil {
			return false
		}
	}
	return true
}

func settable(typ *schema.Type, name string) bool {
	return slices.ContainsFunc(typ.Properties, func(m schema.Member) bool { return m.Name == name })
}

func (t *thing) tag(tags map[string]string) string {
	if len(tags) == 0 || t.kind.Tags != "" && t.has[t.kind.Tags] != nil {
		return ""
	}
	if t.kind.Tags == "" {
		return "CloudFormation has no tags for the type"
	}
	m, _ := t.kind.Member(t.kind.Tags)
	if m.Value.Kind != schema.List {
		all := map[string]any{}
		for k, v := range tags {
			all[k] = v
		}
		t.has[t.kind.Tags] = all
		return ""
	}
	list := []any{}
	for _, k := range slices.Sorted(keys(tags)) {
		list = append(list, map[string]any{"Key": k, "Value": tags[k]})
	}
	t.has[t.kind.Tags] = list
	return ""
}

type worlds struct{ list []*thing }

// relate makes the resources that tell a relation.
func (w *worlds) relate(of resource.Type, name string, value any) string {
	r, _, ok := relation.Named(of, name)
	switch {
	case !ok:
		return "there is no relation " + name
	case r.Text:
		return w.canned(value)
	case len(r.Ways) == 0:
		return "only the live account has " + name
	}
	list, many := value.([]any)
	if !many && value != nil {
		list = []any{value}
	}
	if h := r.Ways[0].Hops[0]; len(list) > 0 && !h.Back {
		if named, there := w.list[0].has[h.Path].([]any); there && len(named) == 0 {
			return "a relation has what a property denies"
		}
	}
	for _, v := range list {
		if text, written := asMap(v)[relation.Written]; written {
			if !mentions(w.list[0].has, text) {
				return "what is written out stands in no property"
			}
			continue
		}
		if why := w.walk(r.Ways[0], v); why != "" {
			return why
		}
	}
	return ""
}

// mentions reports whether a text stands somewhere in a value.
func mentions(in, text any) bool {
	switch in := in.(type) {
	case map[string]any:
		for _, v := range in {
			if mentions(v, text) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(in, func(v any) bool { return mentions(v, text) })
	}
	return in == text
}

// walk makes what stands along a way, and puts the value at its end.
func (w *worlds) walk(way relation.Way, value any) string {
	at := w.list[0]
	for i, h := range way.Hops {
		if there := w.there(at, h, i == len(way.Hops)-1); there != nil { // another relation goes the same way
			if i == len(way.Hops)-1 && way.Take == "" {
				maps.Copy(there.has, asMap(clone(value)))
			}
			at = there
			continue
		}
		typ, ok := schema.Of(h.Type)
		if !ok {
			return "CloudFormation has no " + string(h.Type)
		}
		next := &thing{first + strconv.Itoa(len(w.list)), typ, map[string]any{}}
		if i == len(way.Hops)-1 {
			has, ok := clone(value).(map[string]any)
			switch {
			case way.Take != "":
				put(next.has, strings.Split(way.Take, "."), clone(value))
			case !ok:
				return "what is related is no object"
			default:
				next.has = has
			}
		}
		w.list = append(w.list, next)
		switch {
		case h.All: // it is there, and names nothing
		case h.Back:
			join(next, h.Path, at)
		default:
			join(at, h.Path, next)
		}
		at = next
	}
	return ""
}

// there is the thing that a hop leads to already; the last hop back always makes another one.
func (w *worlds) there(at *thing, h relation.Hop, last bool) *thing {
	for _, t := range w.list[1:] {
		if t.kind.Name != h.Type {
			continue
		}
		if h.All && !last || !h.All && !h.Back && at.has[h.Path] == any(reference{t.name}) || h.Back && !last && t.has[h.Path] == any(reference{at.name}) {
			return t
		}
	}
	return nil
}

// join makes one thing name another at a property; elements of lists on the way are without a sign.
func join(from *thing, path string, to *thing) {
	in, shape := from.has, &from.kind.Shape
	names := strings.Split(path, ".")
	for i, name := range names {
		m, ok := shape.Member(name)
		if !ok {
			panic(fmt.Sprintf("%s has no %s", from.kind.Name, path)) // a test of the table reads all of it
		}
		if i == len(names)-1 {
			if m.Value.Kind != schema.List {
				in[name] = reference{to.name}
				return
			}
			var kept []any
			for _, v := range asList(in[name]) {
				if _, isRef := v.(reference); isRef {
					kept = append(kept, v)
				}
			}
			in[name] = append(kept, reference{to.name})
			return
		}
		value := m.Value
		next := map[string]any{}
		if value.Kind == schema.List {
			if list := asList(in[name]); len(list) > 0 {
				next = asMap(list[0])
			}
			in[name], value = []any{next}, value.Of
		} else {
			if is := asMap(in[name]); is != nil {
				next = is
			}
			in[name] = next
		}
		if value.Shape == nil {
			return
		}
		in, shape = next, value.Shape
	}
}

// halfResolved reports whether a text names a secret and says more beside it.
func halfResolved(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "{{resolve:") && (!strings.HasPrefix(v, "{{resolve:") || strings.Index(v, "}}") != len(v)-2)
	case map[string]any:
		for _, e := range v {
			if halfResolved(e) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, halfResolved)
	}
	return false
}

// canned writes an access list as the short name that stands for it.
func (w *worlds) canned(value any) string {
	grants := asList(asMap(value)["Grants"])
	for short, plain := range map[string]string{"Private": "private", "PublicRead": "public-read", "PublicReadWrite": "public-read-write", "AuthenticatedRead": "authenticated-read"} {
		list, _ := relate.Canned(plain)
		if same(list, grants) {
			w.list[0].has["AccessControl"] = short
			return ""
		}
	}
	return "no short name stands for the access list"
}

// same reports whether two lists of grants give the same.
func same(a, b []any) bool {
	said := func(list []any) (out []string) {
		for _, g := range list {
			grantee := asMap(asMap(g)["Grantee"])
			out = append(out, fmt.Sprint(grantee["URI"], grantee["ID"], asMap(g)["Permission"]))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(said(a), said(b))
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// put sets what lies at a path of names.
func put(in map[string]any, path []string, v any) {
	for _, name := range path[:len(path)-1] {
		next, ok := in[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			in[name] = next
		}
		in = next
	}
	in[path[len(path)-1]] = v
}

// holds reports whether a value has something in it that a text cannot write out.
func holds[T any](v any) bool {
	switch v := v.(type) {
	case T:
		return true
	case map[string]any:
		for _, e := range v {
			if holds[T](e) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holds[T])
	}
	return false
}
