package sigma

import (
	"maps"
	"regexp"

	"jobzero/internal/doc"
)

var placeholderName = regexp.MustCompile(`^[\w.-]+$`)

// ReadPlaceholders reads a file of values for the placeholders of rules:
//
//	placeholders:
//	  Administrators: [mia, kim]  # stands for %Administrators% in lines with |expand
//	  OfficeNetwork: 203.0.113.0/24
//
// A value is literal, as its rule's line compares it: it has no wildcards. A name that stands there twice, an empty list and an
// unknown key are errors. Every error is fault.Invalid and begins with file:line:column.
func ReadPlaceholders(file string, data []byte) (map[string][]string, error) {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, n := range nodes {
		if err := onlyKeys(n, "a file of placeholders", "placeholders"); err != nil {
			return nil, err
		}
		values := n.Get("placeholders")
		if values == nil || values.Kind != doc.Map {
			return nil, n.Errorf("want placeholders: and a map from names to values")
		}
		for _, p := range values.Pairs {
			name := p.Key.Text
			if !placeholderName.MatchString(name) {
				return nil, p.Key.Errorf("%q is no name of a placeholder: use letters, digits, _, . and -, without the percent signs", name)
			}
			if out[name] != nil {
				return nil, p.Key.Errorf("placeholder %s has values already: join both lists", name)
			}
			var list []string
			if err := readTexts(values, name, &list); err != nil {
				return nil, err
			}
			if len(list) == 0 {
				return nil, p.Key.Errorf("placeholder %s has no values: give it one, or take it out", name)
			}
			out[name] = list
		}
	}
	return out, nil
}

// With is the options with what another file of placeholders and another one of mappings say. Values of a name that has some
// already are added to them; of mappings those that were there first count more.
func (o Options) With(placeholders map[string][]string, mappings []Mapping) Options {
	all := maps.Clone(o.Placeholders)
	if all == nil {
		all = map[string][]string{}
	}
	for name, values := range placeholders {
		all[name] = append(all[name][:len(all[name]):len(all[name])], values...)
	}
	o.Placeholders = all
	o.Mappings = append(o.Mappings[:len(o.Mappings):len(o.Mappings)], mappings...)
	return o
}
