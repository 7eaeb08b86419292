package sigma

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jobzero/internal/doc"
)

// schema is as much of JSON Schema 2020-12 as the schemas of Sigma need, over documents that know their places. A keyword of
// the standard that is not among it is an error when the schema is read. Words that are not of the standard say nothing
// there, and formats are no demands.
type schema struct {
	types         []string
	required      []string
	properties    map[string]*schema
	others        *schema // of the properties that are not named
	closed        bool    // there may be no others
	items         *schema
	any, one, all []*schema
	when, then    *schema
	values        []string // const or enum
	pattern       *regexp.Regexp
	least, most   map[string]int // Length and Items
	unique        bool
}

// readSchema reads a schema.
func readSchema(n *doc.Node) (*schema, error) {
	s := &schema{properties: map[string]*schema{}, least: map[string]int{}, most: map[string]int{}}
	if n.Kind != doc.Map {
		return nil, n.Errorf("a schema is a map, not %s", n.Kind)
	}
	for _, p := range n.Pairs {
		if err := s.add(p.Key, p.Value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *schema) add(key, v *doc.Node) (err error) {
	switch word := key.Text; word {
	case "type":
		s.types = texts(v)
	case "required":
		s.required = texts(v)
	case "const", "enum":
		s.values = texts(v)
	case "properties":
		for _, p := range v.Pairs {
			if s.properties[p.Key.Text], err = readSchema(p.Value); err != nil {
				return err
			}
		}
	case "additionalProperties":
		if v.Kind == doc.Bool {
			s.closed = v.Text == "false"
			return nil
		}
		s.others, err = readSchema(v)
	case "items":
		s.items, err = readSchema(v)
	case "anyOf":
		s.any, err = readSchemas(v)
	case "oneOf":
		s.one, err = readSchemas(v)
	case "allOf":
		s.all, err = readSchemas(v)
	case "if":
		s.when, err = readSchema(v)
	case "then":
		s.then, err = readSchema(v)
	case "pattern":
		if s.pattern, err = regexp.Compile(v.Text); err != nil {
			err = v.Errorf("%v", err)
		}
	case "minLength", "minItems":
		s.least[word[3:]], err = strconv.Atoi(v.Text)
	case "maxLength", "maxItems":
		s.most[word[3:]], err = strconv.Atoi(v.Text)
	case "uniqueItems":
		s.unique = v.Text == "true"
	case "not", "else", "contains", "prefixItems", "patternProperties", "propertyNames", "dependentSchemas", "dependentRequired",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minProperties", "maxProperties", "minContains",
		"maxContains", "unevaluatedItems", "unevaluatedProperties", "$ref", "$dynamicRef":
		err = key.Errorf("the keyword %s of JSON Schema is not understood here: say it in another way", word)
	}
	return err
}

func readSchemas(n *doc.Node) ([]*schema, error) {
	var out []*schema
	for _, item := range n.Items {
		s, err := readSchema(item)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// texts is a list of texts, or one.
func texts(n *doc.Node) []string {
	if n.Kind != doc.List {
		return []string{n.Text}
	}
	var out []string
	for _, item := range n.Items {
		out = append(out, item.Text)
	}
	return out
}

// check says where a node does not look as it should. Name is what it is called.
func (s *schema) check(n *doc.Node, name string) []error {
	if !s.fits(n) {
		return []error{n.Errorf("%s is %s: want %s", called(name), n.Kind, strings.Join(s.types, " or "))}
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, n.Errorf("%s "+format, append([]any{called(name)}, args...)...))
	}
	if len(s.values) > 0 && !slices.Contains(s.values, n.Text) {
		bad("is %q: use %s", n.Text, strings.Join(s.values, ", "))
	}
	switch n.Kind {
	case doc.Map:
		errs = append(errs, s.checkMap(n, name)...)
	case doc.List:
		errs = append(errs, s.checkList(n, name)...)
	case doc.String:
		length := utf8.RuneCountInString(n.Text)
		if most, ok := s.most["Length"]; ok && length > most {
			bad("has %d characters: at most %d", length, most)
		}
		if least := s.least["Length"]; length < least {
			bad("has %d characters: at least %d", length, least)
		}
		if s.pattern != nil && !s.pattern.MatchString(n.Text) {
			bad("is %q, which is not of the form %s", n.Text, s.pattern)
		}
	default:
	}
	for _, sub := range s.all {
		errs = append(errs, sub.check(n, name)...)
	}
	if s.when != nil && s.then != nil && len(s.when.check(n, name)) == 0 {
		errs = append(errs, s.then.check(n, name)...)
	}
	errs = append(errs, choose(n, name, s.any, false)...)
	return append(errs, choose(n, name, s.one, true)...)
}

// fits reports whether a node has one of the types.
func (s *schema) fits(n *doc.Node) bool {
	return len(s.types) == 0 || slices.ContainsFunc(s.types, func(t string) bool { return is(n, t) })
}

func (s *schema) checkMap(n *doc.Node, name string) []error {
	var errs []error
	for _, key := range s.required {
		if n.Get(key) == nil {
			errs = append(errs, n.Errorf("%s has no %s: add it", called(name), key))
		}
	}
	for _, p := range n.Pairs {
		sub := s.properties[p.Key.Text]
		switch {
		case sub != nil:
		case s.closed:
			errs = append(errs, p.Key.Errorf("%s has an unknown field %q", called(name), p.Key.Text))
			continue
		case s.others != nil:
			sub = s.others
		default:
			continue
		}
		errs = append(errs, sub.check(p.Value, p.Key.Text)...)
	}
	return errs
}

func (s *schema) checkList(n *doc.Node, name string) []error {
	var errs []error
	if least := s.least["Items"]; len(n.Items) < least {
		errs = append(errs, n.Errorf("%s has %d items: at least %d", called(name), len(n.Items), least))
	}
	if most, ok := s.most["Items"]; ok && len(n.Items) > most {
		errs = append(errs, n.Errorf("%s has %d items: at most %d", called(name), len(n.Items), most))
	}
	seen := map[string]bool{}
	for _, item := range n.Items {
		if key := canonical(item); s.unique && seen[key] {
			errs = append(errs, item.Errorf("%s has %q twice: take one out", called(name), item.Text))
		} else {
			seen[key] = true
		}
		if s.items != nil {
			errs = append(errs, s.items.check(item, "an item of "+called(name))...)
		}
	}
	return errs
}

// choose checks the forms of which a node must have one, or exactly one. It tells what is wrong with the form that comes nearest.
func choose(n *doc.Node, name string, forms []*schema, exactly bool) []error {
	if len(forms) == 0 {
		return nil
	}
	var values []string
	var nearest []error
	fits := 0
	far := true // the nearest form so far is that of another type
	for _, f := range forms {
		errs := f.check(n, name)
		if len(errs) == 0 {
			fits++
		}
		if nearest == nil || f.fits(n) && (far || len(errs) < len(nearest)) {
			nearest, far = errs, !f.fits(n)
		}
		values = append(values, f.values...)
	}
	switch {
	case fits == 1 || fits > 1 && !exactly:
		return nil
	case fits > 1:
		return []error{n.Errorf("%s has several forms at once: keep one", called(name))}
	case len(values) == len(forms):
		return []error{n.Errorf("%s is %q: use %s", called(name), n.Text, strings.Join(values, ", "))}
	}
	return nearest
}

func called(name string) string {
	if name == "" {
		return "the document"
	}
	return name
}

// is reports whether a node has a type of JSON.
func is(n *doc.Node, kind string) bool {
	switch kind {
	case "null":
		return n.Kind == doc.Null
	case "boolean":
		return n.Kind == doc.Bool
	case "string":
		return n.Kind == doc.String
	case "array":
		return n.Kind == doc.List
	case "object":
		return n.Kind == doc.Map
	case "integer":
		x := newNumber(n.Text)
		return n.Kind == doc.Number && x.isNumber && x.value == float64(int64(x.value))
	}
	return n.Kind == doc.Number
}

// canonical is a node as a text that equal nodes share.
func canonical(n *doc.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q", n.Kind, n.Text)
	for _, item := range n.Items {
		b.WriteString("[" + canonical(item) + "]")
	}
	var pairs []string
	for _, p := range n.Pairs {
		pairs = append(pairs, fmt.Sprintf("%q:%s", p.Key.Text, canonical(p.Value)))
	}
	slices.Sort(pairs)
	return b.String() + strings.Join(pairs, ",")
}
