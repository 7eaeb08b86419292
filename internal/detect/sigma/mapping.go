package sigma

import (
	"slices"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
)

// Mapping says where fields are that the rules of a log source know by other names. Of several mappings that fit a rule, the
// first one that names a field counts for it.
type Mapping struct {
	LogSource detect.LogSource // of the rules; an empty one is all of them
	Taxonomy  string           // of the rules; empty for sigma, which is that of rules without one
	Fields    map[string][]Place
}

// Place is where a field is.
type Place struct {
	Field string
	// Prefix stands before the values of rules in the event, such as arn:aws:iam:: before an account. It is put before the
	// values of lines that compare whole texts or their start.
	Prefix string
	// Suffix stands behind the values of rules in the event, such as the dot behind a name of the DNS. It is put behind the
	// values of lines that compare whole texts or their end.
	Suffix string
}

// fieldMap is the places of fields for one rule. A field that it does not have is where it says.
type fieldMap map[string][]Place

// fieldsOf joins the mappings for rules of a log source and taxonomy, and behind them what is known of the logs that it means;
// nil when there are none.
func (o Options) fieldsOf(l detect.LogSource, taxonomy string) fieldMap {
	var out fieldMap
	for _, m := range o.Mappings {
		if !covers(m.LogSource, l) || !sameTaxonomy(m.Taxonomy, taxonomy) {
			continue
		}
		if out == nil {
			out = fieldMap{}
		}
		for name, places := range m.Fields {
			if out[name] == nil {
				out[name] = places
			}
		}
	}
	if !sameTaxonomy(taxonomy, "") {
		return out
	}
	for name, places := range o.usual(l) {
		if out == nil {
			out = fieldMap{}
		}
		if out[name] == nil {
			out[name] = places
		}
	}
	return out
}

// usual is where the fields of Sigma's own taxonomy are in the logs that a log source means. In several logs a field may be in
// several places; in a log for which nothing is said it is where it says itself.
func (o Options) usual(l detect.LogSource) fieldMap {
	var about []Log
	names := map[string]bool{}
	for _, log := range o.logs() {
		if !log.means(l) {
			continue
		}
		about = append(about, log)
		for name := range log.Fields {
			names[name] = true
		}
	}
	out := fieldMap{}
	for name := range names {
		for _, log := range about {
			places := log.Fields[name]
			if places == nil {
				places = []Place{{Field: name}}
			}
			for _, p := range places {
				if !slices.Contains(out[name], p) {
					out[name] = append(out[name], p)
				}
			}
		}
	}
	return out
}

func sameTaxonomy(a, b string) bool {
	usual := func(s string) string {
		if s == "" {
			return "sigma"
		}
		return s
	}
	return strings.EqualFold(usual(a), usual(b))
}

// places is where a field is: by its own name, else below the longest part of it that has a place.
func (f fieldMap) places(field string) []Place {
	for end := len(field); end > 0; end = strings.LastIndexAny(field[:end], ".[") {
		found := f[field[:end]]
		if len(found) == 0 {
			continue
		}
		out := make([]Place, len(found))
		for i, p := range found {
			out[i] = Place{p.Field + field[end:], p.Prefix, p.Suffix}
		}
		return out
	}
	return []Place{{Field: field}}
}

// references are the places of a field that a value names.
func (f fieldMap) references(v *doc.Node) ([]*doc.Node, error) {
	var out []*doc.Node
	for _, p := range f.places(v.Text) {
		if p.Prefix != "" {
			return nil, v.Errorf("field %s has a prefix before its values and so cannot be compared with another field", v.Text)
		}
		if err := onePlace(p.Field, v); err != nil {
			return nil, err
		}
		one := *v
		one.Text = p.Field
		out = append(out, &one)
	}
	return out, nil
}

// Paths is where the values of a field are in the events of the rule: in any one of these places.
func (c *Compiled) Paths(field string) []Path {
	var out []Path
	for _, p := range c.fields.places(field) {
		if legs, err := readLegs(p.Field); err == nil && len(legs) == 1 {
			out = append(out, legs[0].path)
		}
	}
	return out
}

// either reads a line whose field may be in one of several places. What a line denies must be so in all of them, and so must
// null: a field is absent when it is in none.
func (r bodies) either(places []Place, t Test, m modifiers, value, at *doc.Node) (Body, error) {
	field, _, _ := strings.Cut(t.Label, "|")
	if _, _, bracket := cutBracket(field); bracket {
		return nil, at.Errorf("%s may be in %d places, and so cannot have brackets: name the one that is meant", field, len(places))
	}
	each := func(value *doc.Node, and bool) (Body, error) {
		var all []Body
		for _, p := range places {
			m.prefix, m.suffix = p.Prefix, p.Suffix
			b, err := r.walk(p.Field, t, m, value, at)
			if err != nil {
				return nil, err
			}
			all = append(all, b)
		}
		return join(all, and), nil
	}
	if m.kind == kindExists {
		return each(value, strings.EqualFold(value.Text, "false") != m.neq)
	}
	nulls, others := partNulls(value)
	var parts []Body
	for _, part := range []struct {
		value *doc.Node
		and   bool
	}{{others, m.neq}, {nulls, !m.neq}} {
		if part.value == nil {
			continue
		}
		b, err := each(part.value, part.and)
		if err != nil {
			return nil, err
		}
		parts = append(parts, b)
	}
	return join(parts, m.all != m.neq), nil
}

// partNulls parts the nulls of a value from the rest; nil where there is none of one.
func partNulls(value *doc.Node) (nulls, others *doc.Node) {
	if value.Kind == doc.Null {
		return value, nil
	}
	var a, b []*doc.Node
	for _, item := range value.Items {
		if item.Kind == doc.Null {
			a = append(a, item)
		} else {
			b = append(b, item)
		}
	}
	if len(a) == 0 {
		return nil, value
	}
	some := *value
	some.Items = a
	nulls = &some
	if len(b) > 0 {
		rest := *value
		rest.Items = b
		others = &rest
	}
	return nulls, others
}
