package provider

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/resource/schema"
)

// call is what a verb makes a value of.
type call struct {
	v    any
	args []string
	kind *schema.Value // of the property
	full string        // the attribute
	path string        // the property
}

// verbs are what a rule may do with a value, by name. A verb is handed holes too.
func verbs() map[string]func(m *mapping, c call) any {
	return map[string]func(m *mapping, c call) any{
		"":           (*mapping).as,
		"one":        (*mapping).single,  // behind P+: one value, and so one element even when it is not known which
		"words":      (*mapping).words,   // A:B C:D: one word for another; *:D for all others
		"not":        (*mapping).not,     // the opposite of a boolean
		"each":       (*mapping).each,    // each NAME: texts become objects with this one member
		"pairs":      (*mapping).asPairs, // pairs KEY VALUE: a map becomes a list of objects
		"present":    (*mapping).present, // present VALUE: this value when anything is written
		"part":       (*mapping).part,    // part SEPARATOR: what stands behind the last one
		"comma":      (*mapping).comma,   // a list becomes a text with commas
		"plain":      (*mapping).unhashed,
		"rules":      (*mapping).rules,      // rules Source, rules Destination: blocks of a security group
		"rule":       (*mapping).rule,       // rule Source: a resource that is one
		"key":        (*mapping).key,        // key HASH: a name becomes an element of a key schema
		"filter":     (*mapping).filter,     // filter NAME: an element of a filter
		"attribute":  (*mapping).attribute,  // attribute KEY: an element of a list of settings
		"attributes": (*mapping).attributes, // attributes PREFIX NAME...: the members of a block become such elements
		"grants":     (*mapping).grants,     // grants of an access list
		"short":      (*mapping).short,      // grants of an access list that has a short name
		"inside":     (*mapping).inside,     // inside NAME: one attribute of a block
		"named":      (*mapping).named,      // named KEY VALUE: a list of objects becomes a map
		"logs":       (*mapping).logs,       // kinds of logs become a map
		"document":   (*mapping).document,   // a text of JSON
		"documents":  (*mapping).documents,  // a text of JSON in the words of the API
		"text":       (*mapping).text,       // only a text; old versions have a block of the same name
		"opaque":     (*mapping).opaque,     // not translated: the property is unknown
		"hidden":     (*mapping).hidden,     // what it stands for is not in the plan
	}
}

func (m *mapping) as(c call) any { return m.value(c.v, c.kind, c.full, c.path) }

func (m *mapping) single(c call) any {
	v := m.as(c)
	if hole, ok := v.(*Hole); ok {
		return []any{hole}
	}
	return v
}

func (m *mapping) words(c call) any {
	list, ok := c.v.([]any)
	if ok && len(list) == 1 {
		c.v = list[0]
	}
	hole, ok := c.v.(*Hole)
	if ok {
		m.values.Unknown++
		return hole
	}
	text, _ := plain(c.v)
	if text == "" {
		return nil
	}
	for _, a := range c.args {
		at := strings.LastIndexByte(a, ':')
		if from, to := a[:at], a[at+1:]; from == text || from == "*" {
			if to == "" {
				m.values.Read++
				return nil
			}
			return m.value(to, c.kind, c.full, c.path)
		}
	}
	return m.value(c.v, c.kind, c.full, c.path)
}

func (m *mapping) not(c call) any {
	if b, ok := c.v.(bool); ok {
		c.v = !b
	}
	return m.as(c)
}

// elements gives a list, and one element where there is no list.
func elements(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func (m *mapping) each(c call) any {
	if _, ok := c.v.(*Hole); ok {
		return m.as(c)
	}
	shape, out := objectOf(c.kind), []any{}
	for _, e := range elements(c.v) {
		path := step(item(c.path, len(out)), c.args[0])
		if v := m.value(e, kindOf(shape, c.args[0]), c.full, path); v != nil {
			out = append(out, map[string]any{c.args[0]: v})
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (m *mapping) asPairs(c call) any {
	pairs, ok := c.v.(map[string]any)
	if !ok {
		return m.as(c)
	}
	shape, out := objectOf(c.kind), []any{}
	for _, k := range slices.Sorted(maps.Keys(pairs)) {
		path := step(item(c.path, len(out)), c.args[1])
		out = append(out, map[string]any{c.args[0]: k, c.args[1]: m.value(pairs[k], kindOf(shape, c.args[1]), c.full, path)})
	}
	return out
}

func (m *mapping) present(c call) any {
	hole, ok := c.v.(*Hole)
	switch {
	case ok && hole.Idle:
		return hole
	case !ok && leaves(c.v) == 0:
		return nil
	}
	v, _ := scalar(c.args[0], orText(c.kind))
	return v
}

func orText(kind *schema.Value) *schema.Value {
	if kind == nil {
		return &schema.Value{Kind: schema.Text}
	}
	return kind
}

func (m *mapping) part(c call) any {
	if text, ok := c.v.(string); ok {
		c.v = text[strings.LastIndex(text, c.args[0])+1:]
	}
	return m.as(c)
}

func (m *mapping) comma(c call) any {
	var texts []string
	for _, e := range elements(c.v) {
		if hole, ok := e.(*Hole); ok {
			m.values.Unknown++
			return hole
		}
		text, _ := plain(e)
		texts = append(texts, text)
	}
	c.v = strings.Join(texts, ",")
	return m.as(c)
}

// unhashed is for what old versions of the provider keep as a hash only.
func (m *mapping) unhashed(c call) any {
	if text, ok := c.v.(string); ok && len(text) == 40 && strings.Trim(text, "0123456789abcdef") == "" {
		m.values.Unknown++
		return &Hole{Cause: "the plan has a hash of it only"}
	}
	return m.as(c)
}

func (m *mapping) key(c call) any {
	v := m.value(c.v, &schema.Value{Kind: schema.Text}, c.full, step(c.path, "AttributeName"))
	if v == nil {
		return nil
	}
	return map[string]any{"AttributeName": v, "KeyType": c.args[0]}
}

func (m *mapping) document(c call) any {
	if hole, ok := c.v.(*Hole); ok {
		if hole.Document != nil {
			m.values.Read++
			return copied(hole.Document)
		}
		return m.as(c)
	}
	m.values.Read++
	return document(c.v)
}

// copied is a document that may be changed apart from the first: a text may set several properties.
func copied(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = copied(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = copied(e)
		}
		return out
	}
	return v
}

func (m *mapping) documents(c call) any {
	if hole, ok := c.v.(*Hole); ok && hole.Document != nil {
		c.v = copied(hole.Document)
	}
	if _, ok := c.v.(*Hole); !ok {
		c.v = exact(document(c.v))
	}
	return m.as(c)
}

// exact makes whole numbers of a decoded text integers, as those of a plan are.
func exact(v any) any {
	switch v := v.(type) {
	case float64:
		if i, ok := scalar(v, &schema.Value{Kind: schema.Integer}); ok {
			return i
		}
	case []any:
		for i, e := range v {
			v[i] = exact(e)
		}
	case map[string]any:
		for k, e := range v {
			v[k] = exact(e)
		}
	}
	return v
}

func (m *mapping) text(c call) any {
	if _, block := c.v.([]any); block {
		return m.opaque(c)
	}
	return m.as(c)
}

func (m *mapping) opaque(c call) any {
	if hole, ok := c.v.(*Hole); ok {
		m.values.Unknown++
		return hole
	}
	if leaves(c.v) == 0 {
		return nil
	}
	return m.odd(c.v, c.full, "a form that is not translated")
}

func (m *mapping) hidden(c call) any {
	if leaves(c.v) == 0 {
		return nil
	}
	m.values.Unknown++
	return &Hole{Cause: c.full + " names a file that is not in the plan"}
}

func (m *mapping) inside(c call) any {
	if block := only(c.v); block != nil {
		c.v = block[c.args[0]]
	}
	return m.as(c)
}
