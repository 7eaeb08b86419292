package sigma

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Lineage says who is behind a record, for the fields below lineage: lineage.root, .kind, .account, .name, .key, .strength,
// .hops and .chain (an array). They are no part of the record, and a member of that name in a record is never looked at. It is
// only asked for records that a rule asks about, and may be asked by many at once.
type Lineage interface {
	// Lineage gives the fields as one checked JSON object, nil when nothing is known; it is not changed afterwards.
	Lineage(r *event.Record) rawjson.Value
}

// lineageName is the name that all these fields begin with.
const lineageName = "lineage"

// below cuts the name off a path; false when it is another one.
func belowLineage(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, lineageName)
	switch {
	case !ok:
		return "", false
	case rest == "":
		return "", true
	}
	return strings.CutPrefix(rest, ".")
}

// lineage is the answer for the view's record, asked for once. Without anybody to ask it is nothing.
func (v *view) lineage() rawjson.Value {
	if v.from == nil {
		return nil
	}
	if v.lineageTurn != v.turn || v.turn == 0 {
		v.lineageNow, v.lineageTurn = v.from.Lineage(v.record), v.turn
	}
	return v.lineageNow
}

// ofLineage gives the values of a field below lineage.
func (v *view) ofLineage(f *field, out []rawjson.Value) []rawjson.Value {
	all := v.lineage()
	switch {
	case len(all) == 0:
	case len(f.steps) == 1:
		out = append(out, all)
	case f.steps != nil:
		out = walk(all, f.steps[1:], out)
	case f.rest == "":
		out = append(out, all)
	default:
		out, _ = descend(all, f.rest, out)
	}
	return out
}

// AsksLineage reports whether the rule has a field below lineage.
func (c *Compiled) AsksLineage() bool {
	all := fields{}
	compile(c, all)
	for _, f := range all {
		if f.lineage {
			return true
		}
	}
	return false
}

// ByLineage parts the rules of a linked set: those that cannot be judged without lineage, because they ask for it or a
// correlation that they serve does, and the others.
func (s Set) ByLineage() (asking, others []*Compiled) {
	needed := map[string]bool{}
	for _, c := range s.Correlations {
		if c.asksLineage() {
			c.serving(needed)
		}
	}
	for _, r := range s.Rules {
		if needed[r.ID] || r.AsksLineage() {
			asking = append(asking, r)
		} else {
			others = append(others, r)
		}
	}
	return asking, others
}

// asksLineage reports whether a correlation groups by or measures something below lineage.
func (c *Correlation) asksLineage() bool {
	names := append(append([]string(nil), c.GroupBy...), c.Fields...)
	for _, from := range c.Sources {
		names = append(append(names, from.Group...), from.Fields...)
	}
	for _, name := range names {
		if _, ok := belowLineage(name); ok {
			return true
		}
	}
	return false
}

// serving notes the rules whose events a correlation sees, those of correlations that it watches too.
func (c *Correlation) serving(into map[string]bool) {
	for _, from := range c.Sources {
		if from.Rule != nil {
			into[from.Rule.ID] = true
		}
		if from.Correlation != nil {
			from.Correlation.serving(into)
		}
	}
}
