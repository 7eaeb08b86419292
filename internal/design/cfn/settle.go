package cfn

import (
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// settler makes the properties of one resource of what its functions gave, as its type wants them.
type settler struct {
	t       *template
	name    string
	unknown []resource.Unknown
	partly  map[string]string
}

// gap is what settle gives for a value that is not known.
type gap struct{}

// settle makes a value what is wanted of it; wanted is nil where anything is.
func (s *settler) settle(v *val, wanted *schema.Value, at *step) any {
	if !s.t.load.spend(1, 0) {
		return nil
	}
	if wanted != nil && wanted.Kind == schema.OneOf {
		wanted = among(v, wanted.Among)
	}
	if wanted != nil && wanted.Kind == schema.JSON {
		if v.kind == text || v.kind == hole {
			if inner := s.t.fromJSON(v); inner != nil {
				v = inner
			} else if v.kind == text && firstText([]*val{v}) == "{" {
				s.problem(v, at, "this text begins as JSON and cannot be read as such")
			}
		}
		wanted = nil
	}
	if wanted != nil && wanted.Kind == schema.List && single(v, wanted.Of) {
		s.problem(v, at, "one value stands where a list is wanted: it is read as a list of one")
		return []any{s.settle(v, wanted.Of, &step{up: at})}
	}
	s.link(v, at)
	switch v.kind {
	case hole:
		s.missing(v, at.String())
		return gap{}
	case list:
		return s.list(v, wanted, at)
	case dict:
		return s.dict(v, wanted, at)
	case null, gone:
		return nil
	default:
		return s.scalar(v, wanted, at)
	}
}

func (s *settler) list(v *val, wanted *schema.Value, at *step) any {
	var of *schema.Value
	if wanted != nil {
		if wanted.Kind == schema.List {
			of = wanted.Of
		} else {
			s.problem(v, at, "a list stands where "+words(wanted)+" is wanted")
		}
	}
	out := make([]any, len(v.items))
	for i, item := range v.items {
		if out[i] = s.settle(item, of, &step{up: at, index: i}); out[i] == (gap{}) {
			out[i] = nil // it keeps the place of the element
		}
	}
	return out
}

func (s *settler) dict(v *val, wanted *schema.Value, at *step) any {
	member := func(string, *val) *schema.Value { return nil }
	if wanted != nil {
		switch wanted.Kind {
		case schema.Object:
			member = func(key string, v *val) *schema.Value { return s.member(v, wanted.Shape, key, at) }
		case schema.Map:
			member = func(string, *val) *schema.Value { return wanted.Of }
		case schema.Tag:
			member = func(string, *val) *schema.Value { return &schema.Value{Kind: schema.Text} }
		default:
			s.problem(v, at, "a map stands where "+words(wanted)+" is wanted")
		}
	}
	out := make(map[string]any, len(v.items))
	for i, key := range v.keys {
		here := &step{up: at, name: key}
		if made := s.settle(v.items[i], member(key, v.items[i]), here); made != (gap{}) {
			out[key] = made
		}
	}
	return out
}

// member is the kind of a property, which is noted when there is none of its name.
func (s *settler) member(v *val, shape *schema.Shape, key string, at *step) *schema.Value {
	if m, ok := shape.Member(key); ok {
		return m.Value
	}
	why, nearest := shape.Name+" has no property "+short(key), ""
	if len(key) < 100 { // a longer one is none that was misspelt
		_, _, nearest = shape.At([]schema.Step{{Name: key}})
	}
	if nearest != "" {
		why += ": " + nearest + " is the nearest"
	}
	s.problem(v, &step{up: at, name: key}, why)
	return nil
}
