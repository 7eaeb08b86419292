package sigma

import (
	"jobzero/internal/doc"
)

// ReadMappings reads a file that says where fields are that rules know by other names:
//
//	mappings:
//	  - logsource: {product: aws, service: cloudtrail} # of the rules; without it, all of them
//	    taxonomy: ecs                                  # of the rules; without it, sigma
//	    fields:
//	      src_ip: sourceIPAddress
//	      user: [userIdentity.userName, userIdentity.sessionContext.sessionIssuer.userName] # in either
//	      role: {to: userIdentity.arn, prefix: 'arn:aws:iam::123456789012:role/'}           # the prefix is not in the rule
//
// What is below a field that has a place is below that place: with user: userIdentity, user.arn is userIdentity.arn. An unknown
// key is an error. Every error is fault.Invalid and begins with file:line:column.
func ReadMappings(file string, data []byte) ([]Mapping, error) {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return nil, err
	}
	var out []Mapping
	for _, n := range nodes {
		if err := onlyKeys(n, "a file of mappings", "mappings"); err != nil {
			return nil, err
		}
		list := n.Get("mappings")
		if list == nil || list.Kind != doc.List {
			return nil, n.Errorf("want mappings: and a list, each item with logsource and fields")
		}
		for _, item := range list.Items {
			m, err := readMapping(item)
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
	}
	return out, nil
}

func readMapping(n *doc.Node) (Mapping, error) {
	m := Mapping{Fields: map[string][]Place{}}
	if err := onlyKeys(n, "a mapping", "logsource", "taxonomy", "fields"); err != nil {
		return m, err
	}
	if src := n.Get("logsource"); src != nil {
		if err := onlyKeys(src, "logsource", "category", "product", "service"); err != nil {
			return m, err
		}
		var err error
		if m.LogSource, err = readLogSource(n, "a mapping"); err != nil {
			return m, err
		}
	}
	if err := readText(n, "taxonomy", &m.Taxonomy); err != nil {
		return m, err
	}
	fields := n.Get("fields")
	if fields == nil || fields.Kind != doc.Map || len(fields.Pairs) == 0 {
		return m, n.Errorf("a mapping needs fields: a map from a name in rules to a field of the events")
	}
	for _, p := range fields.Pairs {
		places, err := readPlaces(p)
		if err != nil {
			return m, err
		}
		m.Fields[p.Key.Text] = places
	}
	return m, nil
}

func readPlaces(p doc.Pair) ([]Place, error) {
	to, prefix := p.Value, ""
	if p.Value.Kind == doc.Map {
		if err := onlyKeys(p.Value, "the place of a field", "to", "prefix"); err != nil {
			return nil, err
		}
		if err := readText(p.Value, "prefix", &prefix); err != nil {
			return nil, err
		}
		if to = p.Value.Get("to"); to == nil {
			return nil, p.Value.Errorf("%s has a prefix but no place: add to: and a field of the events", p.Key.Text)
		}
	}
	items := []*doc.Node{to}
	if to.Kind == doc.List {
		items = to.Items
	}
	var out []Place
	for _, item := range items {
		if item.Kind != doc.String || item.Text == "" {
			return nil, item.Errorf("the place of %s is %s: want the name of a field of the events", p.Key.Text, item.Kind)
		}
		if err := onePlace(item.Text, item); err != nil {
			return nil, err
		}
		out = append(out, Place{Field: item.Text, Prefix: prefix})
	}
	if len(out) == 0 {
		return nil, to.Errorf("%s has an empty list of places: name a field of the events", p.Key.Text)
	}
	return out, nil
}
