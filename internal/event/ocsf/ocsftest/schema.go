package ocsftest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jobzero/internal/testcorpus"
)

// Schema is OCSF as its own files say. It is for one goroutine.
type Schema struct {
	tb      testing.TB
	dir     string
	dict    map[string]Attribute
	types   map[string]kind
	classes map[int]string    // class_uid to file
	files   map[string]string // name of a class to its file
	objects map[string]*Class
	whole   map[string]*Class // classes with their profiles
	regexps map[string]*regexp.Regexp
}

// Class is a class or an object with all that it inherits.
type Class struct {
	Name       string               `json:"name"`
	UID        int                  `json:"uid"`
	Category   string               `json:"category"`
	Extends    string               `json:"extends"`
	Attributes map[string]Attribute `json:"attributes"`
	Constraint struct {
		AtLeastOne []string `json:"at_least_one"`
		JustOne    []string `json:"just_one"`
	} `json:"constraints"`
}

// Attribute is one attribute of a class, or of the dictionary.
type Attribute struct {
	Type        string `json:"type"`
	IsArray     bool   `json:"is_array"`
	Requirement string `json:"requirement"`
	Enum        map[string]struct {
		Caption string `json:"caption"`
	} `json:"enum"`
	Sibling string `json:"sibling"` // the attribute that names what an enum's number means

	computed bool // the enum is the class's own, and the dictionary's does not count
}

// kind is a simple type.
type kind struct {
	Type   string `json:"type"`
	Regex  string `json:"regex"`
	MaxLen int    `json:"max_len"`
	Range  []int  `json:"range"`
}

// UnmarshalJSON skips what is no attribute: $include holds a list of files.
func (a *Attribute) UnmarshalJSON(b []byte) error {
	type plain Attribute
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	return json.Unmarshal(b, (*plain)(a))
}

// Load reads the schema of the corpus; the test is skipped where that is absent.
func Load(tb testing.TB) *Schema {
	tb.Helper()
	s := &Schema{
		tb: tb, dir: testcorpus.Path(tb, "ocsf-schema"), classes: map[int]string{}, files: map[string]string{},
		objects: map[string]*Class{}, whole: map[string]*Class{}, regexps: map[string]*regexp.Regexp{},
	}
	var d struct {
		Attributes map[string]Attribute `json:"attributes"`
		Types      struct {
			Attributes map[string]kind `json:"attributes"`
		} `json:"types"`
	}
	s.read(&d, "dictionary.json")
	s.dict, s.types = d.Attributes, d.Types.Attributes
	s.index()
	return s
}

// index finds the file of every class.
func (s *Schema) index() {
	var categories struct {
		Attributes map[string]struct {
			UID int `json:"uid"`
		} `json:"attributes"`
	}
	s.read(&categories, "categories.json")
	err := filepath.WalkDir(filepath.Join(s.dir, "events"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		var c Class
		s.read(&c, rel)
		s.files[c.Name] = rel
		return nil
	})
	if err != nil {
		s.tb.Fatal(err)
	}
	for name, file := range s.files {
		if c := s.class(name); c.UID > 0 && c.Category != "" {
			s.classes[categories.Attributes[c.Category].UID*1000+c.UID] = file
		}
	}
}

func (s *Schema) read(into any, path string) {
	b, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(path)))
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		s.tb.Fatalf("%s: %v", path, err)
	}
}

// object loads an object with all that it inherits.
func (s *Schema) object(name string) *Class {
	if c, ok := s.objects[name]; ok {
		return c
	}
	c := s.inherit("objects/"+name+".json", s.object)
	s.objects[name] = c
	return c
}

// class loads a class with all that it inherits, without profiles.
func (s *Schema) class(name string) *Class {
	return s.inherit(s.files[name], s.class)
}

func (s *Schema) inherit(path string, parent func(string) *Class) *Class {
	c := &Class{}
	s.read(c, path)
	if c.Extends == "" {
		return c
	}
	p := parent(c.Extends)
	for k, v := range p.Attributes {
		own := c.Attributes[k]
		if own.Requirement == "" {
			own.Requirement = v.Requirement
		}
		if v.Enum != nil {
			all := maps.Clone(v.Enum)
			maps.Copy(all, own.Enum)
			own.Enum = all
		}
		c.Attributes[k] = own
	}
	if c.Constraint.AtLeastOne == nil && c.Constraint.JustOne == nil {
		c.Constraint = p.Constraint
	}
	if c.Category == "" {
		c.Category = p.Category
	}
	return c
}

// Class is the class of a number with profiles put in, nil when there is none.
func (s *Schema) Class(uid int, profiles []string) *Class {
	file, ok := s.classes[uid]
	if !ok {
		return nil
	}
	key := fmt.Sprint(uid, profiles)
	if c, ok := s.whole[key]; ok {
		return c
	}
	c := s.inherit(file, s.class)
	for _, p := range profiles {
		var profile Class
		s.read(&profile, "profiles/"+p+".json")
		for k, v := range profile.Attributes {
			if own, has := c.Attributes[k]; has && own.Requirement != "" && p != "cloud" {
				continue
			}
			c.Attributes[k] = v
		}
	}
	c.number(uid)
	s.whole[key] = c
	return c
}

// number puts in what the schema's own compiler computes: class = category * 1000 + the class's uid, type = class * 100 +
// activity.
func (c *Class) number(uid int) {
	set := func(key string, values ...int) {
		a := c.Attributes[key]
		a.Enum = map[string]struct {
			Caption string `json:"caption"`
		}{}
		for _, v := range values {
			a.Enum[strconv.Itoa(v)] = struct {
				Caption string `json:"caption"`
			}{}
		}
		a.computed = true
		c.Attributes[key] = a
	}
	var types []int
	for activity := range c.Attributes["activity_id"].Enum {
		if n, err := strconv.Atoi(strings.TrimSpace(activity)); err == nil {
			types = append(types, uid*100+n)
		}
	}
	set("category_uid", uid/1000)
	set("class_uid", uid)
	set("type_uid", types...)
}
