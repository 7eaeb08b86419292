package ocsftest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Decode gives what a view marshals to.
func (s *Schema) Decode(view any) map[string]any {
	b, err := json.Marshal(view)
	if err != nil {
		s.tb.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		s.tb.Fatal(err)
	}
	return v
}

// Wrong says what is wrong with an object: the class is the one of its class_uid, with the profiles of its metadata.
func (s *Schema) Wrong(v map[string]any) []string {
	uid, _ := v["class_uid"].(float64)
	meta, _ := v["metadata"].(map[string]any)
	list, _ := meta["profiles"].([]any)
	var profiles []string
	for _, p := range list {
		if name, ok := p.(string); ok {
			profiles = append(profiles, name)
		}
	}
	c := s.Class(int(uid), profiles)
	if c == nil {
		return []string{fmt.Sprintf("$.class_uid: there is no class %v", v["class_uid"])}
	}
	wrong := s.check("$", c, v)
	if activity, ok := v["activity_id"].(float64); ok && v["type_uid"] != uid*100+activity {
		wrong = append(wrong, fmt.Sprintf("$.type_uid: %v is not class and activity", v["type_uid"]))
	}
	return wrong
}

// check holds a decoded value against a class or object.
func (s *Schema) check(path string, c *Class, v map[string]any) (wrong []string) {
	for k, a := range c.Attributes {
		if _, has := v[k]; a.Requirement == "required" && !has {
			wrong = append(wrong, path+"."+k+" is required")
		}
	}
	has := func(k string) bool { _, is := v[k]; return is }
	if one := c.Constraint.AtLeastOne; one != nil && !slices.ContainsFunc(one, has) {
		wrong = append(wrong, fmt.Sprintf("%s has none of %v", path, one))
	}
	if one := c.Constraint.JustOne; one != nil {
		n := 0
		for _, k := range one {
			if has(k) {
				n++
			}
		}
		if n != 1 {
			wrong = append(wrong, fmt.Sprintf("%s has %d of %v, must be one", path, n, one))
		}
	}
	for k, x := range v {
		a, ok := c.Attributes[k]
		if !ok {
			wrong = append(wrong, path+"."+k+" is no attribute of "+c.Name)
			continue
		}
		wrong = append(wrong, s.attribute(path+"."+k, k, a, x)...)
		wrong = append(wrong, s.sibling(path, k, a, v)...)
	}
	slices.Sort(wrong)
	return wrong
}

// attribute holds the value of one attribute against the dictionary.
func (s *Schema) attribute(path, name string, a Attribute, x any) (wrong []string) {
	d, ok := s.dict[name]
	if !ok {
		return []string{path + " is not in the dictionary"}
	}
	values := []any{x}
	if d.IsArray {
		if values, ok = x.([]any); !ok {
			return []string{path + " must be a list"}
		}
	}
	for _, x := range values {
		wrong = append(wrong, s.value(path, d.Type, enum(a, d), x)...)
	}
	return wrong
}

// enum is what the class says and what the dictionary says, together.
func enum(a, d Attribute) map[string]string {
	out := map[string]string{}
	from := []Attribute{d, a}
	if a.computed {
		from = from[1:]
	}
	for _, from := range from {
		for k, v := range from.Enum {
			out[k] = v.Caption
		}
	}
	return out
}

// sibling: the text beside a number is the number's caption, unless the number is Other.
func (s *Schema) sibling(path, k string, a Attribute, v map[string]any) []string {
	d := s.dict[k]
	n, isNumber := v[k].(float64)
	text, isText := v[d.Sibling].(string)
	const other = 99
	if d.Sibling == "" || !isNumber || !isText || n == other || a.computed {
		return nil
	}
	if caption := enum(a, d)[strconv.Itoa(int(n))]; caption != "" && caption != text {
		return []string{fmt.Sprintf("%s.%s: %q, but %v is %q", path, d.Sibling, text, n, caption)}
	}
	return nil
}

// value holds one value against a simple type or an object.
func (s *Schema) value(path, name string, enum map[string]string, x any) []string {
	t, simple := s.types[name]
	if !simple {
		m, is := x.(map[string]any)
		switch {
		case !is:
			return []string{path + " must be an object"}
		case name == "object": // of any shape
			return nil
		}
		return s.check(path, s.object(name), m)
	}
	base := name
	if t.Type != "" {
		base = t.Type
	}
	no := []string{fmt.Sprintf("%s: %v is no %s", path, x, name)}
	switch base {
	case "json_t":
		return nil
	case "boolean_t":
		if _, ok := x.(bool); !ok {
			return no
		}
	case "float_t":
		if _, ok := x.(float64); !ok {
			return no
		}
	case "integer_t", "long_t":
		n, ok := x.(float64)
		if !ok || n != float64(int64(n)) || len(t.Range) == 2 && (n < float64(t.Range[0]) || n > float64(t.Range[1])) {
			return no
		}
		if _, known := enum[strconv.FormatInt(int64(n), 10)]; len(enum) > 0 && !known {
			return []string{fmt.Sprintf("%s: %v is not in the enum", path, n)}
		}
	default:
		return s.text(path, t, enum, x, no)
	}
	return nil
}

func (s *Schema) text(path string, t kind, enum map[string]string, x any, no []string) []string {
	word, ok := x.(string)
	if !ok || t.MaxLen > 0 && utf8.RuneCountInString(word) > t.MaxLen || t.Regex != "" && !s.regexp(t.Regex).MatchString(word) {
		return no
	}
	if _, known := enum[word]; len(enum) > 0 && !known {
		return []string{fmt.Sprintf("%s: %q is not in the enum", path, word)}
	}
	return nil
}

func (s *Schema) regexp(text string) *regexp.Regexp {
	r, ok := s.regexps[text]
	if !ok {
		var err error
		if r, err = regexp.Compile(text); err != nil {
			s.tb.Fatalf("a regular expression of the schema: %v", err)
		}
		s.regexps[text] = r
	}
	return r
}
