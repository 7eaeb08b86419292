package expr

import "slices"

// Record is a map with names that are known beforehand, as the value of a variable: it is made for each of a million resources, and a
// map is dear. To an expression it is a map.
type Record struct {
	names  []string // shared, and never changed
	values []any
}

// NewRecord makes one; the names are not changed, and there are as many values.
func NewRecord(names []string, values ...any) *Record { return &Record{names, values} }

func (r *Record) find(name string) (any, bool) {
	if i := slices.Index(r.names, name); i >= 0 {
		return r.values[i], true
	}
	return nil, false
}

// asMap gives it as the map that it is to an expression.
func (r *Record) asMap() map[string]any {
	out := make(map[string]any, len(r.names))
	for i, name := range r.names {
		out[name] = r.values[i]
	}
	return out
}

// plant puts a gap into a copy, or into the record itself when nobody else has it.
func (r *Record) plant(p *planter, step any, rest []any, hole Gap, own bool) *Record {
	if !own {
		r = &Record{r.names, slices.Clone(r.values)}
	}
	name, named := step.(string)
	if named && !slices.Contains(r.names, name) {
		return &Record{append(slices.Clone(r.names), name), append(r.values, p.plant(nil, rest, hole))}
	}
	for i := range r.names {
		if !named || r.names[i] == name {
			r.values[i] = p.plant(r.values[i], rest, hole)
		}
	}
	return r
}
