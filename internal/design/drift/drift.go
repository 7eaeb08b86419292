package drift

import (
	"cmp"
	"slices"

	"jobzero/internal/design"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Kind is how something differs.
type Kind string

// The kinds.
const (
	Changed Kind = "changed" // both have a value, and not the same
	Missing Kind = "missing" // the text says it and it is not there
	Added   Kind = "added"   // it is there, in a list or map that the text wrote without it
	Gone    Kind = "gone"    // the resource itself is not there any more
)

// Difference is one thing that is not as the text says. Path is as in resource.Unknown: of what is missing or changed where the text
// says it, of what was added the list or key that has it. It is empty for the resource itself.
type Difference struct {
	Path  string
	Kind  Kind
	Said  any // nil for what was added
	Is    any // nil for what is missing or gone
	Place design.Place
}

// Open is something that could not be compared. Code is set when a read failed.
type Open struct {
	Path string
	Why  string
	Code fault.Code
}

// Compared is what came of one resource.
type Compared struct {
	Name        string
	Ref         resource.Ref   // which one it became; its ID is empty when that is not known
	Of          []resource.Ref // the live ones that it was compared with: itself, or those that it is a part of
	Place       design.Place
	Same        int // values that the text says and that are there
	Differences []Difference
	Open        []Open // what was not compared; never counted as the same
}

// World is what is there.
type World struct {
	Account, Region string
	// IDs are the physical names of a stack's resources, by their names in the text. Nil: there is no stack, and resources are those
	// whose names the text gives.
	IDs map[string]string
	// Read has every resource that Refs asks for, by its Key. What could not be read has that as Unknown.
	Read map[string]resource.Resource
	// Tags are those of the whole stack, which CloudFormation puts onto all of it.
	Tags map[string]string
}

// The limits of one resource: a template is somebody else's, and so is what is live.
const (
	maxSteps = 2 << 20 // comparisons of two values
	maxCells = 1 << 20 // pairs of two lists
)

// Compare holds all of a document against what is there, in its order. What the world has besides is named last.
func Compare(doc design.Document, w World) []Compared {
	more := w.additions(doc)
	out := make([]Compared, 0, len(doc.Resources))
	named := map[string]bool{}
	for _, d := range doc.Resources {
		named[d.Name] = true
		out = append(out, w.compare(d, more))
	}
	for _, s := range doc.Skipped {
		if id, there := w.IDs[s.Name]; there && !named[s.Name] {
			named[s.Name] = true
			ref := resource.Ref{Type: resource.Type(s.Type), Account: w.Account, Region: w.Region, ID: id}
			out = append(out, Compared{Name: s.Name, Ref: ref, Place: s.Place, Open: []Open{{Why: s.Why}}})
		}
	}
	for _, name := range w.unnamed(named) {
		out = append(out, Compared{
			Name: name, Ref: resource.Ref{Account: w.Account, Region: w.Region, ID: w.IDs[name]}, Place: doc.Place,
			Open: []Open{{Why: "the stack has it and the text does not"}},
		})
	}
	return out
}

// unnamed are the resources of the stack that the text has no word of.
func (w World) unnamed(named map[string]bool) []string {
	var out []string
	for name := range w.IDs {
		if !named[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (w World) compare(d design.Declared, more additions) Compared {
	out := Compared{Name: d.Name, Ref: resource.Ref{Type: d.Type, Account: w.Account, Region: w.Region, ID: w.IDs[d.Name]}, Place: d.Place}
	if _, there := w.IDs[d.Name]; !there && w.IDs != nil {
		if d.Perhaps != "" {
			out.Open = []Open{{Why: "whether it is made is not known: " + d.Perhaps}}
		} else {
			out.Differences = []Difference{{Kind: Missing, Said: string(d.Type), Place: d.Place}}
		}
		return out
	}
	refs, why := w.Refs(d)
	if why != "" {
		out.Open = []Open{{Why: why}}
		return out
	}
	out.Of = refs
	typ, _ := schema.Of(d.Type)
	for _, ref := range refs {
		if ref.Type == d.Type {
			out.Ref = ref
		}
		res, ok := w.Read[ref.Key()]
		if !ok {
			out.Open = append(out.Open, Open{Path: "properties", Why: resource.NotRead})
			continue
		}
		live := res
		if p, ok := parts()[d.Type]; ok {
			live = p.take(d, res, w.IDs[d.Name])
		}
		if live.Gone {
			out.Differences = append(out.Differences, Difference{Kind: Gone, Said: string(d.Type), Place: d.Place})
			continue
		}
		out.add(w.against(d, live, typ, more.of(ref)))
	}
	return out
}

// against compares a resource with the one that it became.
func (w World) against(d design.Declared, live resource.Resource, typ *schema.Type, more map[string][]any) Compared {
	steps := maxSteps
	c := &comparer{where: d.Where, steps: &steps, more: more, tags: w.Tags}
	said := formed(d.Type, holed(d.Properties, d.Unknown))
	is := formed(d.Type, holed(live.Properties, live.Unknown))
	top := spot{path: "properties"}
	if typ != nil {
		top.value = &schema.Value{Kind: schema.Object, Shape: &typ.Shape}
		c.tagsAt = typ.Tags
	}
	c.walk(said, is, top)
	return c.out
}

// add takes in what came of one more counterpart.
func (c *Compared) add(o Compared) {
	c.Same += o.Same
	c.Differences = append(c.Differences, o.Differences...)
	c.Open = append(c.Open, o.Open...)
	slices.SortStableFunc(c.Differences, func(a, b Difference) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortStableFunc(c.Open, func(a, b Open) int { return cmp.Compare(a.Path, b.Path) })
}
