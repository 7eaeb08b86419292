// Package relate works out what the resources of a text are told by one another.
//
// It is: a walk along the links of a document, and along names that are written out, by the table of relations.
// It takes: a document of any loader.
// It gives: Related of its resources; what the text does not settle is unknown, with the reason.
// Next door: resource/relation is the table; the readers of inventory fill in the same names from the live account.
package relate

import (
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// maxNodes bounds the walks of one document: a few hundred resources that all name one another are as many walks as there are.
const maxNodes = 2_000_000

// Document fills in what the resources of a document are told by others. What a loader has filled in already stays as it is.
func Document(d *design.Document) {
	w := &walker{doc: d, left: maxNodes}
	w.index()
	for i := range d.Resources {
		for _, r := range relation.Of(d.Resources[i].Type) {
			w.relate(i, r)
		}
	}
}

// set gives a relation its value.
func set(to *design.Declared, name string, value any) {
	if to.Related == nil {
		to.Related = map[string]any{}
	}
	to.Related[name] = value
}

func unknown(to *design.Declared, path, cause string) {
	to.Unknown = append(to.Unknown, resource.Unknown{Path: path, Cause: cause})
}

// settled reports whether the loader has said something of a relation.
func settled(d *design.Declared, name string) bool {
	if _, ok := d.Related[name]; ok {
		return true
	}
	for _, u := range d.Unknown {
		if rest, ok := strings.CutPrefix(u.Path, "related"); ok && (rest == "" || rest == "."+name || strings.HasPrefix(rest, "."+name+".") || strings.HasPrefix(rest, "."+name+"[")) {
			return true
		}
	}
	return false
}

func (w *walker) relate(i int, r relation.Relation) {
	d := &w.doc.Resources[i]
	if settled(d, r.Name) {
		return
	}
	if r.Ways == nil {
		switch {
		case r.Text:
			acl(d)
		case !r.Extra:
			unknown(d, "related."+r.Name, "only the live account tells")
		}
		return
	}
	f := &found{many: r.Many, seen: map[place]bool{}}
	for _, way := range r.Ways {
		w.walk(f, i, way)
	}
	if r.Many {
		f.list(d, r.Name)
	} else {
		f.one(d, r.Name)
	}
}

// found is what the walks of one relation came to.
type found struct {
	many  bool
	seen  map[place]bool
	parts []part
	more  string // why there may be others, in what the text does not have
	doubt string // why there may be others, in what it has
}

// place is a value of a resource.
type place struct {
	at   int
	path string
}

// part is one value, and what is not known of it, by paths from it.
type part struct {
	value any
	holes []resource.Unknown
}

func (f *found) list(d *design.Declared, name string) {
	list := make([]any, len(f.parts))
	for i, p := range f.parts {
		list[i] = p.value
		p.tell(d, "related."+name+"["+strconv.Itoa(i)+"]")
	}
	set(d, name, list)
	for _, why := range []string{f.more, f.doubt} {
		if why != "" {
			unknown(d, "related."+name+"[+]", why)
		}
	}
}

// one takes the first: a second policy of a bucket, say, is none that a bucket can have.
func (f *found) one(d *design.Declared, name string) {
	switch {
	case f.doubt != "":
		unknown(d, "related."+name, f.doubt)
	case len(f.parts) > 0:
		set(d, name, f.parts[0].value)
		f.parts[0].tell(d, "related."+name)
	case f.more != "":
		unknown(d, "related."+name, f.more)
	case d.Related == nil:
		d.Related = map[string]any{} // it is known that there is nothing
	}
}

func (p part) tell(d *design.Declared, at string) {
	for _, u := range p.holes {
		u.Path = at + u.Path
		d.Unknown = append(d.Unknown, u)
	}
}
