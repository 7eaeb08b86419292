package terraform

import (
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/provider"
)

// wanted is a resource that is there after the plan is applied.
type wanted struct {
	Wanted
	in instance
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
	all := index{}
	for _, c := range p.changes { // a value may come from what is no resource here, too
		if c.Mode != "data" && c.Deposed == "" {
			in := locate(c.Address)
			all[in.own.name] = append(all[in.own.name], in)
		}
	}
	those := make([]Wanted, len(list))
	for i := range list {
		p.enrich(&list[i], all)
		those[i] = list[i].Wanted
	}
	Gather(&doc, those)
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
			skip(Strange)
		default:
			doc.Coverage.OfResources++
			out = append(out, wanted{in: locate(c.Address), Wanted: Wanted{
				Resource: &provider.Resource{Address: c.Address, Type: c.Type, New: has("create")}, Place: place, Text: "plan",
			}})
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
	w.Values, _ = after.(map[string]any)
	if w.Values == nil {
		planned, err := p.plannedOf(c.Address)
		if err != nil {
			return err
		}
		if w.Values, _ = tree(planned).(map[string]any); w.Values == nil {
			w.Values, w.Why = map[string]any{}, "the plan has no values of it"
		}
	}
	u, s := tree(c.Change.Unknown), tree(c.Change.Sensitive)
	if u == true {
		w.Why = afterApply
	}
	e, _ := expressions.(map[string]any)
	w.Blank = w.Why != ""
	overlayMap(w.Values, u, s, top(e), text != nil)
	if s == true {
		for k, v := range w.Values {
			if v != nil {
				w.Values[k] = &provider.Hole{Cause: sensitive}
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
	w.Refs = p.refs(all, w.in, text)
	key := "aws"
	if text != nil && text.Provider != "" {
		key = text.Provider
		if i := strings.LastIndexByte(key, ':'); i >= 0 && len(p.conf.Providers) == 1 {
			key = key[i+1:] // a module has the provider of the workspace when there is one alone
		}
	}
	w.Account, w.Region, w.Tagged = p.conf.home(key)
}
