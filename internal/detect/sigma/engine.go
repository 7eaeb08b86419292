package sigma

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// engine judges each record by the rules for its log.
type engine struct {
	trail *bench // nearly every record is CloudTrail's
	other map[event.Log]*bench
}

// bench judges each record by the rules that the index leaves possible.
type bench struct {
	programs []program // in the order of the rules' ids
	fields   fields
	index    index
	views    sync.Pool // of *view
	silent   bool      // matches come without why
}

// NewEngine makes an engine of rules. Rules that can never match (Idle) are left out. It gives matches in the order of the
// rules' ids. A record that is not JSON, which no source makes, has no matches.
func NewEngine(rules []*Compiled) detect.Engine { return newEngine(rules, nil) }

// NewEngineWith is NewEngine for rules that ask who is behind a record; without anybody to ask these fields are absent.
func NewEngineWith(rules []*Compiled, from Lineage) detect.Engine { return newEngine(rules, from) }

func newEngine(rules []*Compiled, from Lineage) *engine {
	live := map[event.Log][]*Compiled{}
	for _, r := range rules {
		if r.Idle != "" {
			continue
		}
		for _, log := range r.Logs {
			live[log] = append(live[log], r)
		}
	}
	g := &engine{trail: newBench(live[event.CloudTrail], from), other: map[event.Log]*bench{}}
	for log, rules := range live {
		if log != event.CloudTrail {
			g.other[log] = newBench(rules, from)
		}
	}
	return g
}

// NewSilentEngine is NewEngineWith without saying why, for those who only count or name what fires: it saves most of what a match
// costs.
func NewSilentEngine(rules []*Compiled, from Lineage) detect.Engine {
	g := newEngine(rules, from)
	for _, b := range g.benches() {
		b.silent = true
	}
	return g
}

// benches are all benches, that of CloudTrail first.
func (g *engine) benches() []*bench {
	out := []*bench{g.trail}
	for _, log := range slices.Sorted(maps.Keys(g.other)) {
		out = append(out, g.other[log])
	}
	return out
}

// bench is the bench for a record; nil when no rule is about its log.
func (g *engine) bench(r *event.Record) *bench {
	if r.Log == event.CloudTrail {
		return g.trail
	}
	return g.other[r.Log]
}

// Detect gives the rules that fire on a record.
func (g *engine) Detect(r *event.Record) []detect.Match {
	if b := g.bench(r); b != nil {
		return b.detect(r)
	}
	return nil
}

func newBench(rules []*Compiled, from Lineage) *bench {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	g := &bench{fields: fields{}}
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
		v.memo, v.from = newMemo(), from
		return v
	}
	return g
}

func (g *bench) detect(r *event.Record) []detect.Match {
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
func (g *bench) judge(i int, v *view, matches []detect.Match) []detect.Match {
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
func (g *bench) looks(r *event.Record) bool { return r.Scanned() || rawjson.Object(r.Raw, nil) == nil }

// look gives a view of the record; false when it is no object.
func (g *bench) look(r *event.Record) (*view, bool) {
	if !g.looks(r) {
		return nil, false
	}
	v := g.views.Get().(*view)
	v.begin(r)
	return v, true
}

func (g *bench) leave(v *view) {
	v.record, v.all, v.lineageNow = nil, nil, nil
	g.views.Put(v)
}

// Matches reports whether the rule fires on an event, without looking at its log source.
func (c *Compiled) Matches(e *event.Event) (bool, error) {
	v, err := c.look(e)
	if err != nil {
		return false, err
	}
	g := newBench([]*Compiled{c}, nil)
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
