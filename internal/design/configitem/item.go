package configitem

import (
	"cmp"
	"strings"
	"unicode"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// items reads the items in their order. Of a resource with several states all but the newest are skipped.
func (l *loader) items(list []source) error {
	newest := map[resource.Ref]int{}
	for i, s := range list {
		if text(s.n, "resourceType") == "" {
			return s.at.Errorf("this item does not say of which type it is: want resourceType")
		}
		ref := s.ref()
		if before, ok := newest[ref]; !ok || !s.left && list[before].when() <= s.when() {
			newest[ref] = i
		}
	}
	for i, s := range list {
		if newest[s.ref()] != i {
			l.skip(s, "it is an earlier state: a newer one is in the same file")
			continue
		}
		l.item(s)
	}
	return nil
}

// ref is who the item is about, as AWS Config calls it.
func (s source) ref() resource.Ref {
	id := cmp.Or(text(s.n, "resourceId"), text(s.n, "ARN"), text(s.n, "arn"), text(s.n, "resourceName"))
	return resource.Ref{Type: typeOf(text(s.n, "resourceType")), Account: cmp.Or(text(s.n, "awsAccountId"), text(s.n, "accountId")), Region: text(s.n, "awsRegion"), ID: id}
}

// when is the time of the state; times of one file are of one form, a number or a text in ISO 8601.
func (s source) when() string {
	t := text(s.n, "configurationItemCaptureTime")
	if whole, _, _ := strings.Cut(t, "."); len(whole) == 10 && !strings.Contains(t, "-") {
		return t // seconds since 1970, until 2286
	}
	return t
}

func typeOf(name string) resource.Type {
	if t, ok := open().aliases[name]; ok {
		return t
	}
	return resource.Type(name)
}

func text(n *doc.Node, key string) string {
	if v := n.Get(key); v != nil && v.Kind != doc.Null {
		return v.Text
	}
	return ""
}

func (l *loader) place(s source) design.Place {
	if s.line > 0 {
		return design.Place{File: l.name, Line: s.line}
	}
	return design.Place{File: l.name, Line: s.at.Line, Col: s.at.Col}
}

func (s source) name() string { return cmp.Or(text(s.n, "resourceName"), s.ref().ID, "item") }

func (l *loader) skip(s source, why string) {
	l.doc.Skipped = append(l.doc.Skipped, design.Skipped{Name: s.name(), Type: text(s.n, "resourceType"), Place: l.place(s), Why: why})
}

func (l *loader) item(s source) {
	status := text(s.n, "configurationItemStatus")
	typ, known := schema.Of(s.ref().Type)
	switch {
	case s.left:
		l.skip(s, "AWS Config did not give it: ask again for what is in unprocessedResourceKeys")
		return
	case strings.HasPrefix(status, "ResourceDeleted"):
		l.skip(s, "it was deleted")
		return
	case status == "ResourceNotRecorded":
		l.skip(s, "AWS Config does not record it")
		return
	}
	l.cov.OfResources++
	if !known {
		l.skip(s, "CloudFormation has no type "+string(s.ref().Type)+", so nothing is expected of it")
		return
	}
	l.cov.Resources++
	r := &reading{l: l, typ: typ, e: open().types[typ.Name], s: s, places: map[string]*doc.Node{}}
	l.doc.Resources = append(l.doc.Resources, r.declared())
}

// declared reads an item of a type that is known.
func (r *reading) declared() design.Declared {
	s := r.s
	ref := s.ref()
	r.d = design.Declared{Name: s.name(), Place: r.l.place(s)}
	r.d.Ref, r.d.ARN = ref, cmp.Or(text(s.n, "ARN"), text(s.n, "arn"))
	r.d.Properties = map[string]any{}
	switch {
	case s.summary != nil:
		why := "the item is too large for a notification"
		if at := cmp.Or(text(s.summary, "s3BucketLocation"), text(s.summary, "errorMessage")); at != "" {
			why += ": " + at
		}
		r.lack("properties", why)
		r.lack("tags", why)
	default:
		r.configuration()
		r.tags()
	}
	r.d.ID = r.id()
	r.d.At = r.where
	return r.d
}

// id is CloudFormation's primary identifier, where the item has it.
func (r *reading) id() string {
	var parts []string
	for _, name := range r.typ.ID {
		v, ok := r.d.Properties[name].(string)
		if !ok || v == "" {
			return r.d.ID
		}
		parts = append(parts, v)
	}
	if len(parts) == 0 {
		return r.d.ID
	}
	return strings.Join(parts, "|")
}

// configuration reads the configuration and what supplements it.
func (r *reading) configuration() {
	c := r.s.n.Get("configuration")
	if c != nil && c.Kind == doc.String {
		r.s.at, c = c, r.l.inner(c)
	}
	if !is(c, doc.Map) {
		r.lack("properties", "the item has no configuration that can be read")
		return
	}
	r.legacy = r.e != nil
	for _, p := range c.Pairs {
		first, _ := firstRune(p.Key.Text)
		r.legacy = r.legacy || unicode.IsLower(first)
	}
	root := spot{in: r.d.Properties, shape: &r.typ.Shape, path: "properties", known: map[string]bool{}}
	r.root = &root
	r.object(c, "", &root)
	if more := r.s.n.Get("supplementaryConfiguration"); is(more, doc.Map) {
		r.supplement(more, &root)
	}
	r.unsaid(&root)
	if r.e == nil { // AWS Config reads what is not in the table as Cloud Control does
		for _, path := range r.typ.NeverGivenBack(r.d.Properties) {
			r.lack(path, resource.NeverGivenBack)
		}
	}
	if r.d.Related != nil && r.e != nil {
		for _, name := range r.e.untold {
			r.lack("related."+name, "AWS Config does not say it in the item of "+string(r.typ.Name))
		}
		for name := range r.relations() {
			if _, there := r.d.Related[name]; !there && !r.told["related."+name] {
				r.lack("related."+name, "the item does not say it")
			}
		}
	}
}

// relations are those that the table knows of the type.
func (r *reading) relations() map[string]bool {
	out := map[string]bool{}
	for _, list := range r.e.rules {
		for _, x := range list {
			if x.from == '@' {
				out[x.target[0]] = true
			}
		}
	}
	return out
}

func firstRune(s string) (rune, bool) {
	for _, c := range s {
		return c, true
	}
	return 0, false
}
