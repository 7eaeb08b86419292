package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// database is the part of the package's database that is taken.
type database struct {
	Schema struct {
		Resource struct{ Entities []entity }
		Types    struct{ Entities []entity } `json:"typeDefinition"`
	}
	types map[string]entity
}

// entity is a resource type, or an object within one.
type entity struct {
	ID         string `json:"$id"`
	Name       string
	Type       string   `json:"cloudFormationType"`
	Primary    []string `json:"primaryIdentifier"`
	Properties map[string]member
	Attributes map[string]member
	Tags       struct {
		Property string `json:"tagPropertyName"`
	} `json:"tagInformation"`
}

type member struct {
	Type     kind
	Required bool
	Replaces string `json:"causesReplacement"`
}

type kind struct {
	Type      string
	Element   *kind
	Types     []kind
	Values    []any `json:"allowedValues"`
	Reference struct {
		ID string `json:"$ref"`
	}
}

func read(r io.Reader) (*database, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	d := &database{types: map[string]entity{}}
	if err := json.NewDecoder(z).Decode(d); err != nil {
		return nil, err
	}
	for _, t := range d.Schema.Types.Entities {
		d.types[t.ID] = t
	}
	slices.SortFunc(d.Schema.Resource.Entities, func(a, b entity) int { return strings.Compare(a.Type, b.Type) })
	return d, nil
}

// write writes the table; internal/resource/schema says how it is laid out.
func (d *database) write(w io.Writer) error {
	for _, r := range d.Schema.Resource.Entities {
		b := &block{d: d, numbers: map[string]int{}}
		b.linef("T %s %s %s", r.Type, orDash(strings.Join(r.Primary, ",")), orDash(r.Tags.Property))
		b.members(r)
		for i := 0; i < len(b.objects); i++ {
			b.linef("O %s", b.objects[i].Name)
			b.members(b.objects[i])
		}
		if _, err := io.WriteString(w, b.text.String()); err != nil {
			return err
		}
	}
	return nil
}

// block is the text of one resource type.
type block struct {
	d       *database
	text    strings.Builder
	objects []entity
	numbers map[string]int // of objects, by ID
}

func (b *block) linef(format string, args ...any) { fmt.Fprintf(&b.text, format+"\n", args...) }

func (b *block) members(e entity) {
	for _, name := range slices.Sorted(maps.Keys(e.Properties)) {
		p := e.Properties[name]
		flags := ""
		if p.Required {
			flags += "!"
		}
		if p.Replaces == "yes" {
			flags += "^"
		}
		b.linef("p %s %s%s", name, b.kind(p.Type), flags)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		if _, both := e.Properties[name]; !both {
			b.linef("a %s %s", name, b.kind(e.Attributes[name].Type))
		}
	}
}

// letters are the kinds without parts.
var letters = map[string]string{
	"string": "s", "integer": "i", "number": "n", "boolean": "b", "json": "j", "tag": "t", "date-time": "d", "null": "j",
}

func (b *block) kind(k kind) string {
	switch k.Type {
	case "array":
		return "[" + b.kind(*k.Element)
	case "map":
		return "{" + b.kind(*k.Element)
	case "ref":
		n, ok := b.numbers[k.Reference.ID]
		if !ok {
			n = len(b.objects)
			b.numbers[k.Reference.ID] = n
			b.objects = append(b.objects, b.d.types[k.Reference.ID])
		}
		return fmt.Sprintf("o%d", n)
	case "union":
		parts := make([]string, len(k.Types))
		for i, t := range k.Types {
			parts[i] = b.kind(t)
		}
		return "|" + strconv.Itoa(len(parts)) + strings.Join(parts, "")
	}
	letter, ok := letters[k.Type]
	if !ok {
		letter = "j"
	}
	return letter + values(k.Values)
}

// values are the only ones that are allowed; nothing where one of them cannot be written down.
func values(all []any) string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = fmt.Sprint(v)
		if words[i] == "" || strings.ContainsAny(words[i], ",;\n ") {
			return ""
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "=" + strings.Join(words, ",") + ";"
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
