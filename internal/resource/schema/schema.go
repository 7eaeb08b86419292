// Package schema is what CloudFormation's resource types are made of.
//
// It is: a table of every type's properties, attributes and nested objects, and a walk through it by path.
// It takes: types.txt.gz, which go run ./test/schemas makes of the package that the AWS CDK is made from.
// It gives: kinds of values, allowed values, and the nearest name for one that does not exist.
// Next door: resource is the noun; expect checks expressions against it, loaders of templates and plans find names in it.
package schema

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

// Kind is the kind of a value.
type Kind byte

// The kinds, as the table writes them.
const (
	Text    Kind = 's'
	Integer Kind = 'i'
	Number  Kind = 'n'
	Bool    Kind = 'b'
	JSON    Kind = 'j' // any value, such as a policy
	Tag     Kind = 't' // an object of Key and Value
	Time    Kind = 'd' // a text in ISO 8601
	List    Kind = '['
	Map     Kind = '{' // from any text
	Object  Kind = 'o'
	OneOf   Kind = '|' // one of several
)

// Type is a resource type.
type Type struct {
	Name resource.Type
	ID   []string // properties or attributes that are its primary identifier
	Tags string   // the property that holds its tags; empty when it has none
	Shape
}

// Shape is what an object is made of: a resource type, or an object within one.
type Shape struct {
	Name       string
	Properties []Member // in the order of their names
	Attributes []Member // what AWS says of it and nobody can set; only of types
}

// Member is one property or attribute.
type Member struct {
	Name     string
	Value    *Value
	Required bool
	Replaces bool // changing it makes a new resource
}

// Value says what a value may be.
type Value struct {
	Kind    Kind
	Allowed []string // of a text or number: the only ones there are; empty for any
	Of      *Value   // of a List or Map: the elements
	Shape   *Shape   // of an Object
	Among   []*Value // of OneOf
}

//go:embed types.txt.gz
var packed []byte

// table is the text of the table, and where in it each type begins.
type table struct {
	text  string
	at    map[resource.Type]int
	names []resource.Type
}

var (
	open  = sync.OnceValue(unpack)
	known sync.Map // resource.Type → *Type, those that were asked for
)

// unpack panics when the table is broken: it is part of the program, and a test reads all of it.
func unpack() table {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(fmt.Errorf("the table of resource types: %w", err))
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Errorf("the table of resource types: %w", err))
	}
	t := table{text: string(text), at: map[resource.Type]int{}}
	for i := 0; ; {
		next := strings.Index(t.text[i:], "\nT ")
		if next < 0 {
			return t
		}
		i += next + 1
		name, _, _ := strings.Cut(t.text[i+2:i+200], " ")
		t.at[resource.Type(name)] = i
		t.names = append(t.names, resource.Type(name))
	}
}

// Names gives every resource type there is, sorted.
func Names() []resource.Type { return slices.Clone(open().names) }

// Of gives a resource type; false when CloudFormation has none of that name.
func Of(name resource.Type) (*Type, bool) {
	if t, ok := known.Load(name); ok {
		return t.(*Type), true //nolint:forcetypeassert // nothing else is put there
	}
	text, ok := textOf(name)
	if !ok {
		return nil, false
	}
	read := parse(text)
	read.Attributes = append(read.Attributes, more[name]...)
	slices.SortFunc(read.Attributes, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	t, _ := known.LoadOrStore(name, read)
	return t.(*Type), true //nolint:forcetypeassert // as above
}

// textOf is the text that begins with the type, of ours or of CloudFormation's.
func textOf(name resource.Type) (string, bool) {
	if text, ok := own[name]; ok {
		return text, true
	}
	all := open()
	at, ok := all.at[name]
	return all.text[at:], ok
}

// Member finds a property, or else an attribute, by its name.
func (s *Shape) Member(name string) (*Member, bool) {
	for _, list := range [][]Member{s.Properties, s.Attributes} {
		if i, ok := slices.BinarySearchFunc(list, name, func(m Member, name string) int { return strings.Compare(m.Name, name) }); ok {
			return &list[i], true
		}
	}
	return nil, false
}
