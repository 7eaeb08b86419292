package sigma

import (
	"cmp"
	"slices"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// engine judges each record by the rules that the index leaves possible.
type engine struct {
	programs []program // in the order of the rules' ids
	fields   fields
	index    index
	views    sync.Pool // of *view
}

// NewEngine makes an engine of rules. Rules that can never match (Idle) are left out. It gives matches in the order of the
// rules' ids. A record that is not JSON, which no source makes, has no matches.
func NewEngine(rules []*Compiled) detect.Engine { return NewEngineWith(rules, nil) }

// NewEngineWith is NewEngine for rules that ask who is behind a record; without anybody to ask these fields are absent.
func NewEngineWith(rules []*Compiled, from Lineage) detect.Engine {
	var live []*Compiled
	for _, r := range rules {
		if r.Idle == "" {
			live = append(live, r)
		}
	}
	return newEngine(live, from)
}

func newEngine(rules []*Compiled, from Lineage) *engine {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	g := &engine{fields: fields{}}
	for _, r := range rules {
		g.programs = append(g.programs, compile(r, g.fields))
	}
	g.index = newIndex(rules)
	g.views.New = func() any {
		v := newView(g.fields)
		v.from = from
		return v
	}
	return g
}

// Detect gives the rules that fire on a record.
func (g *engine) Detect(r *event.Record) []detect.Match {
	v, ok := g.look(r)
	if !ok {
		return nil
	}
	defer g.leave(v)
	var out []detect.Match
	for _, i := range g.index.candidates(r, v) {
		if p := &g.programs[i]; p.root.holds(v) {
			out = append(out, detect.Match{Rule: &p.rule.Rule, Why: p.rule.explain(v, true)})
		}
	}
	return out
}

// look gives a view of the record; false when it is no object.
func (g *engine) look(r *event.Record) (*view, bool) {
	if !r.Scanned() && rawjson.Object(r.Raw, nil) != nil {
		return nil, false
	}
	v := g.views.Get().(*view)
	v.begin(r)
	return v, true
}

func (g *engine) leave(v *view) {
	v.record, v.all, v.lineageNow = nil, nil, nil
	g.views.Put(v)
}

// Matches reports whether the rule fires on an event, without looking at its log source.
func (c *Compiled) Matches(e *event.Event) (bool, error) {
	v, err := c.look(e)
	if err != nil {
		return false, err
	}
	g := newEngine([]*Compiled{c}, nil)
	v.fields, v.found = g.fields, make([]known, len(g.fields))
	return g.programs[0].root.holds(v), nil
}

// look gives a view for judging one event by this rule alone.
func (c *Compiled) look(e *event.Event) (*view, error) {
	r := e.Record()
	if !r.Scanned() {
		if err := rawjson.Object(r.Raw, nil); err != nil {
			return nil, err
		}
	}
	f := fields{}
	compile(c, f)
	v := newView(f)
	v.begin(r)
	return v, nil
}
