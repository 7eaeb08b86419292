package guardrail

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed keys.txt
var keysText string

// property is a property of some types, and what can be said of it in policies.
type property struct {
	types  []string
	paths  []string // more than one: they are set together, by freezes
	values []string // that it may have
	closed bool     // and no others
	rows   []row
	leaves string
}

type rowKind string

const (
	denyRow   rowKind = "deny"
	offRow    rowKind = "off"
	freezeRow rowKind = "freeze"
	fixedRow  rowKind = "fixed"
)

// row is one way to prevent a value.
type row struct {
	kind     rowKind
	actions  []string
	resource string
	key      string
	value    string            // kind of value of a deny; the value of off, freeze and fixed
	unsaid   string            // of a deny
	operator string            // of fixed
	words    map[string]string // the property's values to the key's
}

// keyTable is the table, read.
type keyTable struct {
	properties []*property
	keep       map[string][]string // type to the actions that take it away
}

var readKeys = sync.OnceValue(func() keyTable {
	t := keyTable{keep: map[string][]string{}}
	var p *property
	for line := range strings.Lines(keysText) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case f[0] == "on":
			p = &property{types: strings.Split(f[1], ","), paths: strings.Split(f[2], ",")}
			t.properties = append(t.properties, p)
		case f[0] == "keep":
			t.keep[f[1]] = strings.Split(f[2], ",")
		case f[0] == "values":
			p.values = f[1:]
			if p.closed = f[1] == "closed"; p.closed {
				p.values = f[2:]
			}
		case f[0] == "leaves":
			p.leaves = strings.Join(f[1:], " ")
		default:
			p.rows = append(p.rows, readRow(f))
		}
	}
	return t
})

// readRow panics when the table is broken: it is part of the program, and a test reads all of it.
func readRow(f []string) row {
	r := row{kind: rowKind(f[0]), actions: strings.Split(f[1], ","), resource: "*"}
	switch r.kind {
	case denyRow:
		r.resource, r.key, r.value, r.unsaid = f[2], f[3], f[4], f[5]
		r.words = map[string]string{}
		for _, pair := range f[6:] {
			from, to, _ := strings.Cut(pair, "=")
			r.words[from] = to
		}
	case offRow, freezeRow:
		r.value = f[2]
	case fixedRow:
		r.resource, r.operator, r.key, r.value = f[2], f[3], f[4], f[5]
	default:
		panic(fmt.Sprintf("keys.txt: %q is no line of it", f))
	}
	return r
}

// of gives what the table has of a type.
func (t keyTable) of(kind string) (out []*property) {
	for _, p := range t.properties {
		for _, k := range p.types {
			if k == kind {
				out = append(out, p)
			}
		}
	}
	return out
}
