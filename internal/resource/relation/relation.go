// Package relation is what a resource is told by others, and where that stands.
//
// It is: a table of relations, such as the policy of a bucket, each with the walk that leads there.
// It takes: relations.txt, checked against the table of resource types by a test.
// It gives: the relations of a type by name; resource.Resource has their values as Related.
// Next door: design/relate walks through templates and plans; the readers of inventory read what is live.
package relation

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
)

// Relation is one thing that others tell of a resource.
type Relation struct {
	Name string
	Many bool  // a list; otherwise the first one, or nothing
	Ways []Way // none: only the live account tells
	// Extra is set where a text is judged as if it were not there: it belongs to the account, and what is made must be right in
	// any.
	Extra bool
	// Text is set where a text tells it too, by properties of its own and not by a walk.
	Text bool
	// Read is set where a reader of the live account, or a teller, fills it in.
	Read bool
}

// Live gives the ways that hold of the live account too.
func (r Relation) Live() (out []Way) {
	for _, w := range r.Ways {
		if w.Live {
			out = append(out, w)
		}
	}
	return out
}

// Any stands for whatever a property comes from; and backwards for whatever names a resource, at any property; but for types whose name begins with that of the resource's own:
// the rules of a security group do not use it.
const Any = "*"

// Written is what stands of a value that is written out, where one of a resource is asked for; see Hop.Each.
const Written = "Written"

// Way is a walk from a resource to what is meant.
type Way struct {
	Hops []Hop
	Take string // a property of the last one, with dots; empty for all its properties
	Live bool   // those that hold of the live account lead to all that there is
}

// Hop leads from a resource to others.
type Hop struct {
	Type resource.Type // of those that it leads to
	Path string        // a property with dots, elements of lists without a sign; none for Any backwards, and for All
	// Each is set when there is one for each value, although it is the same as that of another; what is written out is one too, as
	// Written.
	Each bool
	Back bool // the property is theirs and names this one; otherwise it is this one's and names them
	All  bool // all of the type that the text has, whatever they name; there is no property
}

// To is the type that the way ends at.
func (w Way) To() resource.Type { return w.Hops[len(w.Hops)-1].Type }

//go:embed relations.txt
var text string

var table = sync.OnceValue(func() map[resource.Type][]Relation {
	t, err := parse(text)
	if err != nil {
		panic(fmt.Errorf("the table of relations: %w", err)) // it is part of the program, and a test reads all of it
	}
	return t
})

// Types gives the types that have relations, sorted.
func Types() []resource.Type { return slices.Sorted(maps.Keys(table())) }

// Of gives the relations of a type, in the order of the table.
func Of(t resource.Type) []Relation { return table()[t] }

// Named gives a relation of a type. nearest is the name that may have been meant where there is none, empty when none is near.
func Named(t resource.Type, name string) (r Relation, nearest string, ok bool) {
	least := max(2, len(name)/3) + 1
	for _, r := range Of(t) {
		if r.Name == name {
			return r, "", true
		}
		if d := doc.Distance(r.Name, name); d < least {
			nearest, least = r.Name, d
		}
	}
	return Relation{}, nearest, false
}

func parse(text string) (map[resource.Type][]Relation, error) {
	out := map[resource.Type][]Relation{}
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) < 3 {
			return nil, fmt.Errorf("line %d: want TYPE NAME one|many|live|extra|text WAY", i+1)
		}
		kind, read := strings.CutSuffix(f[2], "*")
		r := Relation{Name: f[1], Many: kind == "many", Read: read || kind == "live" || kind == "text"}
		f[2] = kind
		switch {
		case f[2] == "live" && len(f) == 3:
		case f[2] == "extra" && len(f) == 3:
			r.Extra = true
		case f[2] == "text" && len(f) == 3:
			r.Text = true
		case (f[2] == "one" || f[2] == "many") && len(f) > 3:
			for _, way := range strings.Split(strings.Join(f[3:], " "), " | ") {
				w, err := parseWay(way)
				if err != nil {
					return nil, fmt.Errorf("line %d: %w", i+1, err)
				}
				r.Ways = append(r.Ways, w)
			}
		default:
			return nil, fmt.Errorf("line %d: %q: want one or many with a way, or live, extra or text", i+1, f[2])
		}
		t := resource.Type(f[0])
		out[t] = append(out[t], r)
	}
	return out, nil
}

func parseWay(text string) (w Way, err error) {
	text, w.Live = strings.CutPrefix(text, "~ ")
	words := strings.Fields(text)
	if text == "<"+Any {
		return Way{Hops: []Hop{{Type: Any, Back: true}}}, nil
	}
	for i, word := range words {
		path, to, forward := strings.Cut(word, ">")
		typ, property, _ := strings.Cut(strings.TrimPrefix(word, "<"), ".")
		all, whole := strings.CutPrefix(word, "=")
		switch {
		case whole && all != "" && i == 0 && len(words) == 1 && !w.Live:
			w.Hops = append(w.Hops, Hop{Type: resource.Type(all), All: true})
		case strings.HasPrefix(word, "<") && property != "":
			w.Hops = append(w.Hops, Hop{Type: resource.Type(typ), Path: property, Back: true})
		case forward && path != "" && to != "":
			h := Hop{Type: resource.Type(to), Path: path}
			if kind, each := strings.CutPrefix(to, Any); each {
				if h.Type, h.Each = resource.Type(kind), true; kind == "" {
					h.Type = Any
				}
			}
			w.Hops = append(w.Hops, h)
		case i == len(words)-1 && i > 0 && !strings.ContainsAny(word, "<>="):
			w.Take = word
		default:
			return w, fmt.Errorf("%q: want <TYPE.PROPERTY, PROPERTY>TYPE, =TYPE alone or, at the end, a property", word)
		}
	}
	return w, nil
}
