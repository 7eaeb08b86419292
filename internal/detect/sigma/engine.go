package sigma

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// engine walks the tree of each rule that the event's name leaves possible.
type engine struct {
	byName map[string][]*Compiled // by lower-case eventName: rules that need it, and those that need none
	always []*Compiled            // rules that need no certain name
	all    []*Compiled
}

// NewEngine makes an engine of rules. Rules that can never match (Idle) are left out. It gives matches in the order of the
// rules' ids. An event whose raw record is not JSON, which no source makes, has no matches.
func NewEngine(rules []*Compiled) detect.Engine {
	g := &engine{byName: map[string][]*Compiled{}}
	for _, r := range rules {
		if r.Idle == "" {
			g.all = append(g.all, r)
		}
	}
	slices.SortFunc(g.all, func(a, b *Compiled) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range g.all {
		for name := range wantedNames(r.Condition) {
			g.byName[name] = nil
		}
	}
	for _, r := range g.all {
		want := wantedNames(r.Condition)
		if want == nil {
			g.always = append(g.always, r)
		}
		for name := range g.byName {
			if want == nil || want[name] {
				g.byName[name] = append(g.byName[name], r)
			}
		}
	}
	return g
}

// Detect gives the rules that fire on an event.
func (g *engine) Detect(e *event.Event) []detect.Match {
	fields, err := e.Fields()
	if err != nil {
		return nil
	}
	v := &view{event: e, fields: fields}
	var out []detect.Match
	for _, r := range g.candidates(fields["eventName"]) {
		if holds(r.Condition, v) {
			out = append(out, detect.Match{Rule: &r.Rule, Why: r.explain(v, true)})
		}
	}
	return out
}

// candidates are the rules that can match an event of this name.
func (g *engine) candidates(name any) []*Compiled {
	text, ok := name.(string)
	if !ok { // not CloudTrail's shape: the index does not know it
		return g.all
	}
	if rules, ok := g.byName[strings.ToLower(text)]; ok {
		return rules
	}
	return g.always
}

// Matches reports whether the rule fires on an event, without looking at its log source.
func (c *Compiled) Matches(e *event.Event) (bool, error) {
	fields, err := e.Fields()
	if err != nil {
		return false, err
	}
	return holds(c.Condition, &view{event: e, fields: fields}), nil
}
