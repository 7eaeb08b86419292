package ocsf_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jobzero/internal/testcorpus"
)

// schema is the part of OCSF's own files that a check of one class needs.
type schema struct {
	dir     string
	dict    map[string]attribute
	objects map[string]class
}

type class struct {
	Name       string               `json:"name"`
	UID        int                  `json:"uid"`
	Extends    string               `json:"extends"`
	Attributes map[string]attribute `json:"attributes"`
	Constraint struct {
		AtLeastOne []string `json:"at_least_one"`
		JustOne    []string `json:"just_one"`
	} `json:"constraints"`
}

type attribute struct {
	Type        string                     `json:"type"`
	IsArray     bool                       `json:"is_array"`
	Requirement string                     `json:"requirement"`
	Enum        map[string]json.RawMessage `json:"enum"`
}

// UnmarshalJSON skips what is no attribute: $include holds a list of files.
func (a *attribute) UnmarshalJSON(b []byte) error {
	type plain attribute
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	return json.Unmarshal(b, (*plain)(a))
}

func read(t *testing.T, into any, path ...string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", filepath.Join(path...), err)
	}
}

func load(t *testing.T) *schema {
	t.Helper()
	s := &schema{dir: testcorpus.Path(t, "ocsf-schema"), objects: map[string]class{}}
	var d struct {
		Attributes map[string]attribute `json:"attributes"`
	}
	read(t, &d, s.dir, "dictionary.json")
	s.dict = d.Attributes
	return s
}

// object loads an object with all that it inherits.
func (s *schema) object(t *testing.T, name string) class {
	t.Helper()
	if c, ok := s.objects[name]; ok {
		return c
	}
	c := s.inherit(t, filepath.Join(s.dir, "objects", name+".json"), func(parent string) class { return s.object(t, parent) })
	s.objects[name] = c
	return c
}

func (s *schema) inherit(t *testing.T, path string, parent func(string) class) class {
	t.Helper()
	var c class
	read(t, &c, path)
	if c.Extends == "" {
		return c
	}
	p := parent(c.Extends)
	for k, v := range p.Attributes {
		own := c.Attributes[k]
		if own.Requirement == "" {
			own.Requirement = v.Requirement
		}
		if own.Enum == nil {
			own.Enum = v.Enum
		}
		c.Attributes[k] = own
	}
	if c.Constraint.AtLeastOne == nil && c.Constraint.JustOne == nil {
		c.Constraint = p.Constraint
	}
	return c
}

// finding is a class of findings by its file, with the profile that the view says it uses.
func (s *schema) finding(t *testing.T, file string) class {
	t.Helper()
	var base func(string) class
	base = func(name string) class {
		dir := filepath.Join(s.dir, "events")
		if name == "finding" {
			dir = filepath.Join(dir, "findings")
		}
		return s.inherit(t, filepath.Join(dir, name+".json"), base)
	}
	c := s.inherit(t, filepath.Join(s.dir, "events", "findings", file+".json"), base)
	var profile class
	read(t, &profile, s.dir, "profiles", "cloud.json")
	for k, v := range profile.Attributes {
		c.Attributes[k] = v
	}
	s.number(t, c)
	return c
}

// number puts in what the schema's own compiler computes: class = category * 1000 + the class's uid, type = class * 100 +
// activity.
func (s *schema) number(t *testing.T, c class) {
	t.Helper()
	var categories struct {
		Attributes map[string]struct {
			UID int `json:"uid"`
		} `json:"attributes"`
	}
	read(t, &categories, s.dir, "categories.json")
	category := categories.Attributes["findings"].UID
	uid := category*1000 + c.UID
	set := func(key string, values ...int) {
		a := c.Attributes[key]
		a.Enum = map[string]json.RawMessage{}
		for _, v := range values {
			a.Enum[fmt.Sprint(v)] = nil
		}
		c.Attributes[key] = a
	}
	set("category_uid", category)
	set("class_uid", uid)
	var types []int
	for activity := range c.Attributes["activity_id"].Enum {
		n, err := strconv.Atoi(activity)
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, uid*100+n)
	}
	set("type_uid", types...)
}

// check holds a decoded value against a class and says everything that is wrong.
func (s *schema) check(t *testing.T, path string, c class, v map[string]any) (wrong []string) {
	t.Helper()
	for k, a := range c.Attributes {
		if _, has := v[k]; a.Requirement == "required" && !has {
			wrong = append(wrong, path+"."+k+" is required")
		}
	}
	if one := c.Constraint.AtLeastOne; one != nil && !slices.ContainsFunc(one, func(k string) bool { _, has := v[k]; return has }) {
		wrong = append(wrong, fmt.Sprintf("%s has none of %v", path, one))
	}
	if one := c.Constraint.JustOne; one != nil {
		n := 0
		for _, k := range one {
			if _, has := v[k]; has {
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
		d := s.dict[k]
		if a.Enum == nil {
			a.Enum = d.Enum
		}
		values := []any{x}
		if d.IsArray {
			if values, ok = x.([]any); !ok {
				wrong = append(wrong, path+"."+k+" must be a list")
				continue
			}
		}
		for _, x := range values {
			wrong = append(wrong, s.checkValue(t, path+"."+k, d.Type, a.Enum, x)...)
		}
	}
	return wrong
}

func (s *schema) checkValue(t *testing.T, path, kind string, enum map[string]json.RawMessage, x any) []string {
	t.Helper()
	ok := true
	switch kind {
	case "integer_t", "long_t", "timestamp_t":
		n, is := x.(float64)
		ok = is && n == float64(int64(n))
		if _, known := enum[fmt.Sprint(int64(n))]; ok && enum != nil && !known {
			return []string{fmt.Sprintf("%s: %v is not in the enum", path, n)}
		}
	case "float_t":
		_, ok = x.(float64)
	case "boolean_t":
		_, ok = x.(bool)
	case "json_t":
	default:
		if strings.HasSuffix(kind, "_t") {
			_, ok = x.(string)
			break
		}
		m, is := x.(map[string]any)
		if !is {
			return []string{path + " must be an object"}
		}
		if kind == "object" { // of any shape
			return nil
		}
		return s.check(t, path, s.object(t, kind), m)
	}
	if !ok {
		return []string{fmt.Sprintf("%s: %v is no %s", path, x, kind)}
	}
	return nil
}
