package cfn

import (
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// step is the last step of a path, and the way to it.
type step struct {
	up    *step
	name  string
	index int // of an element, when there is no name
}

// String is the path as resource.Unknown has it.
func (s *step) String() string {
	switch {
	case s.up == nil:
		return s.name
	case s.name == "":
		return s.up.String() + "[" + strconv.Itoa(s.index) + "]"
	case plainName(s.name):
		return s.up.String() + "." + s.name
	}
	return s.up.String() + "[" + strconv.Quote(s.name) + "]"
}

// plainName reports whether a name can stand behind a dot: letters, digits and underscores, and not digits alone.
func plainName(name string) bool {
	letters := false
	for _, r := range []byte(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
			letters = true
		case r < '0' || r > '9':
			return false
		}
	}
	return letters
}

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

// single reports whether a value is an element that stands where a list of such is wanted.
func single(v *val, of *schema.Value) bool {
	switch of.Kind {
	case schema.Object, schema.Tag, schema.Map:
		return v.kind == dict
	case schema.Text, schema.Integer, schema.Number:
		return v.kind == text || v.kind == number
	default:
		return false
	}
}

// missing notes a value that is not known.
func (s *settler) missing(v *val, path string) {
	u := resource.Unknown{Path: path, Cause: v.cause(), Present: !v.maybe}
	if !s.t.load.spend(1, len(u.Path)+len(u.Cause)) {
		return
	}
	s.unknown = append(s.unknown, u)
	if len(v.parts) > 1 {
		if s.partly == nil {
			s.partly = map[string]string{}
		}
		s.partly[path] = pattern(v.parts)
	}
}

// among chooses, of several kinds, the one that a value looks like.
func among(v *val, all []*schema.Value) *schema.Value {
	best, score := all[0], -1
	for _, one := range all {
		if n := fits(v, one); n > score {
			best, score = one, n
		}
	}
	return best
}

// fits says how well a value looks like a kind.
func fits(v *val, one *schema.Value) int {
	switch one.Kind {
	case schema.JSON:
		return map[kind]int{dict: 2, hole: 2, text: 3, list: 1}[v.kind]
	case schema.Object:
		if v.kind != dict {
			return 0
		}
		n := 3
		for _, key := range v.keys {
			if _, ok := one.Shape.Member(key); ok {
				n++
			} else {
				n--
			}
		}
		return n
	case schema.Tag, schema.Map:
		return map[kind]int{dict: 3}[v.kind]
	case schema.List:
		return map[kind]int{list: 3}[v.kind]
	case schema.Bool:
		if v.kind == truth || v.text == "true" || v.text == "false" {
			return 3
		}
		return 0
	case schema.Integer, schema.Number:
		if _, err := strconv.ParseFloat(v.text, 64); err == nil && (v.kind == number || v.kind == text) {
			return 3
		}
		return 0
	default:
		return map[kind]int{text: 2, number: 1, truth: 1, hole: 1}[v.kind]
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

// scalar gives a text, number or truth as the kind that is wanted.
func (s *settler) scalar(v *val, wanted *schema.Value, at *step) any {
	kind := schema.Kind(0)
	if wanted != nil {
		kind = wanted.Kind
	}
	switch kind {
	case schema.Text, schema.Time:
		return v.text
	case schema.Bool:
		if b, ok := truths[strings.ToLower(v.text)]; ok {
			return b
		}
	case schema.Integer, schema.Number:
		if n := numeric(v.text); n != nil {
			if _, whole := n.(int64); whole || kind == schema.Number {
				return n
			}
		}
	case 0:
		return plainScalar(v)
	}
	s.problem(v, at, strconv.Quote(short(v.text))+" stands where "+words(wanted)+" is wanted")
	return plainScalar(v)
}

// truths are the words for true and false: YAML 1.1, which CloudFormation reads, has more than JSON.
var truths = map[string]bool{"true": true, "yes": true, "on": true, "false": false, "no": false, "off": false}

func plainScalar(v *val) any {
	switch {
	case v.kind == truth:
		return v.text == "true"
	case v.kind == number:
		if n := numeric(v.text); n != nil && (len(v.text) < 2 || v.text[0] != '0' || v.text[1] == '.') {
			return n // a number that begins with 0, such as an account, is a text
		}
	}
	return v.text
}

// numeric is an int64 for a whole number, a float64 for another, nil for what is none.
func numeric(s string) any {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || f != f || f > 1e300 || f < -1e300:
		return nil
	case f == float64(int64(f)) && f < 1<<53 && f > -(1<<53):
		return int64(f)
	}
	return f
}

func short(s string) string {
	const most = 60
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// words is a kind for a person.
func words(v *schema.Value) string {
	switch v.Kind {
	case schema.Text:
		return "a text"
	case schema.Integer:
		return "a whole number"
	case schema.Number:
		return "a number"
	case schema.Bool:
		return "true or false"
	case schema.Time:
		return "a time"
	case schema.List:
		return "a list"
	case schema.Tag:
		return "a tag"
	default:
		return "a map"
	}
}

// link notes where a value comes from.
func (s *settler) link(v *val, at *step) {
	out := s.t.load.out
	note := func(r ref, whole string) {
		path := at.String()
		if s.t.load.spend(1, len(whole)+len(path)) {
			out.Links = append(out.Links, design.Link{From: s.name, Path: path, To: r.to, Attribute: r.attribute, Text: whole})
		}
	}
	for _, r := range v.refs {
		note(r, "")
	}
	whole := ""
	for _, p := range v.parts {
		for _, r := range p.refs {
			if whole == "" {
				whole = pattern(v.parts)
			}
			note(r, whole)
		}
	}
}

func (s *settler) problem(v *val, at *step, why string) {
	place := design.Place{File: s.t.name}
	if v != nil {
		place = placeOf(s.t.name, v.node)
	}
	path := at.String()
	if s.t.load.spend(1, len(why)+len(path)) {
		s.t.load.out.Problems = append(s.t.load.out.Problems, design.Problem{Name: s.name, Path: path, Place: place, Why: why})
	}
}

// cause says why a value is not known, with what is known of it.
func (v *val) cause() string {
	if v.kind == hole && len(v.parts) > 1 {
		return "of the text " + strconv.Quote(short(pattern(v.parts))) + " a part is not known: " + v.text
	}
	return v.text
}
