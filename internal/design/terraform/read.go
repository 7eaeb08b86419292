package terraform

import (
	"regexp"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/provider"
	"jobzero/internal/resource"
)

// wanted is a resource that is there after the plan is applied.
type wanted struct {
	r     *provider.Resource
	place design.Place
	in    instance
	home  struct{ account, region string }
	blank string // why nothing is known of its values; empty when something is
}

// Read reads a plan or a state. Errors are fault.Invalid and begin with the file, and the line where it is known.
func Read(name string, data []byte) (design.Document, error) {
	p, err := parse(name, data)
	if err != nil {
		return design.Document{}, err
	}
	doc := design.Document{Format: design.TerraformPlan, Place: design.Place{File: name}, Coverage: &design.Coverage{}}
	for _, w := range p.warnings {
		doc.Problems = append(doc.Problems, design.Problem{Place: doc.Place, Why: w})
	}
	if !p.told {
		if p.changes, err = p.stated(); err != nil {
			return design.Document{}, err
		}
	}
	list, err := p.choose(&doc)
	if err != nil {
		return design.Document{}, err
	}
	resources := make([]*provider.Resource, len(list))
	all, read := index{}, map[string]bool{}
	for _, c := range p.changes { // a value may come from what is no resource here, too
		if c.Mode != "data" && c.Deposed == "" {
			in := locate(c.Address)
			all[in.own.name] = append(all[in.own.name], in)
		}
	}
	for i, w := range list {
		p.enrich(&list[i], all)
		resources[i], read[w.r.Address] = w.r, true
	}
	for i, res := range provider.Translate(resources) {
		gather(&doc, list[i], res)
	}
	doc.Links = slices.DeleteFunc(doc.Links, func(l design.Link) bool { return !read[l.To] })
	return doc, nil
}

// choose leaves out what is no resource of AWS after the plan, and says why.
func (p *plan) choose(doc *design.Document) (out []wanted, err error) {
	for _, c := range p.changes {
		place := design.Place{File: p.name, Line: c.line, Col: c.col}
		skip := func(why string) {
			doc.Skipped = append(doc.Skipped, design.Skipped{Name: c.Address, Type: c.Type, Place: place, Why: why})
		}
		has := func(action string) bool { return slices.Contains(c.Change.Actions, action) }
		kind := origin(c.Provider, c.Type)
		switch {
		case c.Mode == "data":
			skip("a data source makes nothing")
		case c.Deposed != "" || has("delete") && !has("create"):
			skip("the plan removes it")
		case has("forget") && !has("create"):
			skip("the plan forgets it: nothing manages it afterwards")
		case kind == "":
			doc.Coverage.OfResources++
			skip("it belongs to another provider: " + c.Provider)
		case !provider.Supported(c.Type):
			doc.Coverage.OfResources++
			skip("nothing is known of this type")
		default:
			doc.Coverage.OfResources++
			out = append(out, wanted{
				r:     &provider.Resource{Address: c.Address, Type: c.Type, New: has("create")},
				place: place, in: locate(c.Address),
			})
			if err := p.fill(&out[len(out)-1], c); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// origin is the provider aws or awscc under one of its names, old and new; empty for all others.
func origin(name, kind string) string {
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, `provider["`), "provider."), `"]`)
	owner, last := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		owner, last = name[:i], name[i+1:]
		owner = owner[strings.LastIndexByte(owner, '/')+1:]
	}
	if name == "" {
		last, _, _ = strings.Cut(kind, "_")
	}
	known := owner == "" || owner == "-" || owner == "hashicorp" || owner == "opentofu"
	if known && (last == "aws" || last == "awscc") && strings.HasPrefix(kind, last+"_") {
		return last
	}
	return ""
}

// fill gives a resource its values.
func (p *plan) fill(w *wanted, c change) error {
	var expressions any
	text := p.conf.module(w.in.modules).resource(w.in.own.name)
	if text != nil {
		expressions = text.Expressions
		if text.Expressions == nil {
			expressions = map[string]any{}
		}
	}
	after := tree(c.Change.After)
	w.r.Values, _ = after.(map[string]any)
	if w.r.Values == nil {
		planned, err := p.plannedOf(c.Address)
		if err != nil {
			return err
		}
		if w.r.Values, _ = tree(planned).(map[string]any); w.r.Values == nil {
			w.r.Values, w.blank = map[string]any{}, "the plan has no values of it"
		}
	}
	u, s := tree(c.Change.Unknown), tree(c.Change.Sensitive)
	if u == true {
		w.blank = afterApply
	}
	e, _ := expressions.(map[string]any)
	w.r.Blank = w.blank != ""
	overlayMap(w.r.Values, u, s, top(e), text != nil)
	if s == true {
		for k, v := range w.r.Values {
			if v != nil {
				w.r.Values[k] = &provider.Hole{Cause: sensitive}
			}
		}
	}
	return nil
}

func top(e map[string]any) any {
	if e == nil {
		return nil
	}
	return e
}

// enrich adds what the text of the workspace says.
func (p *plan) enrich(w *wanted, all index) {
	text := p.conf.module(w.in.modules).resource(w.in.own.name)
	w.r.Refs = p.refs(all, w.in, text)
	key := "aws"
	if text != nil && text.Provider != "" {
		key = text.Provider
		if i := strings.LastIndexByte(key, ':'); i >= 0 && len(p.conf.Providers) == 1 {
			key = key[i+1:] // a module has the provider of the workspace when there is one alone
		}
	}
	w.home.account, w.home.region, w.r.Tagged = p.conf.home(key)
}

// gather puts a result into the document.
func gather(doc *design.Document, w wanted, res provider.Result) {
	switch res.Fate {
	case provider.Own:
		doc.Coverage.Resources++
		doc.Resources = append(doc.Resources, declared(w, res))
	case provider.Folded:
		doc.Coverage.Resources++
		doc.Skipped = append(doc.Skipped, design.Skipped{
			Name: w.r.Address, Type: w.r.Type, Place: w.place, Why: "it is read as a part of " + strings.Join(res.Into, ", "),
		})
	case provider.Outside:
		doc.Skipped = append(doc.Skipped, design.Skipped{
			Name: w.r.Address, Type: w.r.Type, Place: w.place, Why: "it is a part of something that the plan does not have",
		})
	case provider.Unknown:
		doc.Skipped = append(doc.Skipped, design.Skipped{Name: w.r.Address, Type: w.r.Type, Place: w.place, Why: "nothing is known of this type"})
	}
	doc.Coverage.Values += res.Values.Read
	doc.Coverage.OfValues += res.Values.Read + res.Values.Left
	doc.Coverage.Unknown += res.Values.Unknown
	for _, l := range res.Left {
		doc.Problems = append(doc.Problems, design.Problem{Name: w.r.Address, Place: w.place, Why: l.Attribute + " of " + w.r.Type + " is not read: " + l.Why})
	}
	for _, l := range res.Links {
		attribute := l.Attribute
		switch attribute {
		case "id":
			attribute = ""
		case "arn":
			attribute = "Arn"
		}
		doc.Links = append(doc.Links, design.Link{From: l.From, Path: l.Path, To: l.To, Attribute: attribute})
		if res.Fate == provider.Own {
			fill(doc.Resources[len(doc.Resources)-1].Unknown, l)
		}
	}
}

// fill marks a value that is another resource's identity: it is never empty.
func fill(unknown []resource.Unknown, l provider.Link) {
	for i := range unknown {
		if unknown[i].Path == l.Path && identity.MatchString(l.Attribute) {
			unknown[i].Present, unknown[i].Filled = true, true
		}
	}
}

// identity is an attribute that every resource gets when it is made.
var identity = regexp.MustCompile(`^(id|arn|name|bucket|invoke_arn|qualified_arn|.*_(id|arn|name))$`)

func declared(w wanted, res provider.Result) design.Declared {
	d := design.Declared{Name: w.r.Address, Place: w.place, Standing: !w.r.New}
	d.Type, d.ID, d.ARN = res.Type, res.ID, res.ARN
	if d.ID == "" {
		d.ID = w.r.Address
	}
	d.Account, d.Region = w.home.account, w.home.region
	if region, ok := w.r.Values["region"].(string); ok && region != "" {
		d.Region = region
	}
	if p := strings.SplitN(d.ARN, ":", 6); len(p) == 6 {
		if p[3] != "" {
			d.Region = p[3]
		}
		if accountID.MatchString(p[4]) {
			d.Account = p[4]
		}
	}
	d.Tags, d.Properties, d.Related, d.Unknown = res.Tags, res.Properties, res.Related, res.Unknown
	if w.blank != "" {
		d.Unknown = append(d.Unknown, resource.Unknown{Path: "properties", Cause: w.blank}, resource.Unknown{Path: "tags", Cause: w.blank})
	}
	if id, ok := w.r.Values["account_id"].(string); ok && accountID.MatchString(id) {
		d.Account = id
	}
	if d.Type == resource.AccountPublicAccess && d.Account != "" {
		d.ID = d.Account
	}
	return d
}
