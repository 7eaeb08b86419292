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
	silent   bool      // matches come without why
}

// NewEngine makes an engine of rules. Rules that can never match (Idle) are left out. It gives matches in the order of the
// rules' ids. A record that is not JSON, which no source makes, has no matches.
func NewEngine(rules []*Compiled) detect.Engine {
	var live []*Compiled
	for _, r := range rules {
		if r.Idle == "" {
			live = append(live, r)
		}
	}
	return newEngine(live)
}

// NewSilentEngine makes an engine that does not say why, for those who only count or name what fires: it saves most of what a
// match costs.
func NewSilentEngine(rules []*Compiled) detect.Engine {
	g := NewEngine(rules).(*engine)
	g.silent = true
	return g
}

func newEngine(rules []*Compiled) *engine {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	g := &engine{fields: fields{}}
	for _, r := range rules {
		g.programs = append(g.programs, compile(r, g.fields))
	}
	lines := uint64(0)
	for i := range g.programs {
		g.programs[i].root.spread(&lines)
	}
	g.index = newIndex(rules)
	g.views.New = func() any {
		v := newView(g.fields)
		v.memo = newMemo()
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
		out = g.judge(i, v, out)
	}
	return out
}

// judge adds the rule to the matches if it fires.
func (g *engine) judge(i int, v *view, matches []detect.Match) []detect.Match {
	p := &g.programs[i]
	if !p.root.holds(v) {
		return matches
	}
	m := detect.Match{Rule: &p.rule.Rule}
	if !g.silent {
		m.Why = p.rule.explain(v, true)
	}
	return append(matches, m)
}

// looks reports whether the record is an object that can be judged.
func (g *engine) looks(r *event.Record) bool { return r.Scanned() || rawjson.Object(r.Raw, nil) == nil }

// look gives a view of the record; false when it is no object.
func (g *engine) look(r *event.Record) (*view, bool) {
	if !g.looks(r) {
		return nil, false
	}
	v := g.views.Get().(*view)
	v.begin(r)
	return v, true
}

func (g *engine) leave(v *view) {
	v.record, v.all = nil, nil
	g.views.Put(v)
}

// Matches reports whether the rule fires on an event, without looking at its log source.
func (c *Compiled) Matches(e *event.Event) (bool, error) {
	v, err := c.look(e)
	if err != nil {
		return false, err
	}
	g := newEngine([]*Compiled{c})
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
