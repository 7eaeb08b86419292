package correlate_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"jobzero/internal/detect/correlate"
)

// The reference: what the package's documentation promises, computed in the plainest way from all hits, sorted, at once.

// fact is a hit, or what another correlation found.
type fact struct {
	to               string // the only correlation that it is for; none: all
	rule, event, ref string
	at               time.Time
	keys             []correlate.Key
}

// entry is an event within a group.
type entry struct {
	at                time.Time
	event, ref, value string
	rules             []string
	keys              []correlate.Key // of all facts that made it
}

// window is one that held.
type window struct {
	begin, end time.Time
	members    []*entry
	value      float64
}

// naive gives the final firings, in the notation of line.
func naive(specs []correlate.Spec, hits []correlate.Hit) []string {
	var out []string
	for _, f := range naiveFirings(specs, hits) {
		out = append(out, line(f))
	}
	slices.Sort(out)
	return out
}

// naiveFirings takes specs in an order in which those that are watched come first.
func naiveFirings(specs []correlate.Spec, hits []correlate.Hit) []correlate.Firing {
	var facts []fact
	for _, h := range hits {
		facts = append(facts, fact{"", h.Rule, h.Event, h.Ref, h.Time, h.Keys})
	}
	var out []correlate.Firing
	for _, s := range specs {
		groups := map[string][]*entry{}
		values := map[string][]string{}
		for _, f := range facts {
			for _, k := range f.keys {
				if k.For == s.ID && slices.Contains(s.Rules, f.rule) && (f.to == "" || f.to == s.ID) {
					name := fmt.Sprintf("%q", k.Group)
					groups[name] = enter(&s, groups[name], f, k)
					values[name] = k.Group
				}
			}
		}
		for name, entries := range groups {
			slices.SortFunc(entries, func(a, b *entry) int {
				return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.event, b.event), cmp.Compare(a.value, b.value))
			})
			for _, burst := range bursts(&s, windows(&s, entries)) {
				out = append(out, total(&s, values[name], burst))
				facts = append(facts, found(specs, &s, values[name], burst)...)
			}
		}
	}
	return out
}

func enter(s *correlate.Spec, entries []*entry, f fact, k correlate.Key) []*entry {
	value := ""
	if strings.HasPrefix(string(s.Type), "value_") {
		value = k.Values[0]
	}
	for _, e := range entries {
		if e.at.Equal(f.at) && e.event == f.event && e.value == value {
			if !slices.Contains(e.rules, f.rule) {
				e.rules = append(e.rules, f.rule)
			}
			e.ref = min(e.ref, f.ref)
			e.keys = distinct(append(e.keys, f.keys...))
			return entries
		}
	}
	return append(entries, &entry{f.at, f.event, f.ref, value, []string{f.rule}, slices.Clone(f.keys)})
}

func distinct(keys []correlate.Key) []correlate.Key {
	var out []correlate.Key
	for _, k := range keys {
		if !slices.ContainsFunc(out, func(o correlate.Key) bool { return fmt.Sprint(o) == fmt.Sprint(k) }) {
			out = append(out, k)
		}
	}
	return out
}

func between(entries []*entry, from, to time.Time) []*entry {
	var out []*entry
	for _, e := range entries {
		if !e.at.Before(from) && !e.at.After(to) {
			out = append(out, e)
		}
	}
	return out
}

// monotone reports whether the condition only has lower bounds.
func monotone(s *correlate.Spec) bool {
	for _, t := range s.Condition {
		if t.Op != correlate.GT && t.Op != correlate.GTE {
			return false
		}
	}
	if s.Expr != nil {
		return !strings.Contains(s.Expr.String(), "not ")
	}
	return s.Type != correlate.ValueAvg && s.Type != correlate.ValuePercentile
}

// windows are those that held, by the rules of the three kinds of window.
func windows(s *correlate.Spec, entries []*entry) []window {
	var out []window
	consider := func(begin, end time.Time, members []*entry) {
		if v := measure(s, members); holds(s, v, members) {
			out = append(out, window{begin, end, members, v})
		}
	}
	covered := time.Time{}
	for _, e := range entries {
		end := e.at.Add(s.Timespan)
		switch {
		case monotone(s):
			consider(e.at, e.at, between(entries, e.at.Add(-s.Timespan), e.at))
		case s.Type == correlate.Boolean:
			consider(e.at, end, between(entries, e.at, end))
		case e.at.After(covered):
			consider(e.at, end, between(entries, e.at, end))
			covered = end
		}
	}
	return out
}

// bursts are runs of windows no more than a timespan from one to the next.
func bursts(s *correlate.Spec, all []window) [][]window {
	var out [][]window
	for i, w := range all {
		if i == 0 || w.begin.Sub(all[i-1].end) > s.Timespan {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], w)
	}
	return out
}

func measure(s *correlate.Spec, members []*entry) float64 {
	values, kinds, sum := map[string]bool{}, map[string]bool{}, 0.0
	var numbers []float64
	for _, e := range members {
		values[e.value] = true
		var v float64
		fmt.Sscan(e.value, &v)
		sum += v
		numbers = append(numbers, v)
		for _, r := range e.rules {
			kinds[r] = true
		}
	}
	switch s.Type {
	case correlate.EventCount:
		return float64(len(members))
	case correlate.ValueCount:
		return float64(len(values))
	case correlate.ValueSum:
		return sum
	case correlate.ValueAvg:
		return sum / float64(len(members))
	case correlate.ValuePercentile:
		slices.Sort(numbers)
		for i, v := range numbers {
			if float64(i+1)*100 >= s.Percentile*float64(len(numbers)) {
				return v
			}
		}
		return math.NaN()
	case correlate.TemporalOrdered:
		return float64(longest(s.Rules, members))
	default:
		return float64(len(kinds))
	}
}

// longest is the greatest number of rules that hit one after the other, by trying all ways to go on.
func longest(rules []string, members []*entry) int {
	best := 0
	for i, e := range members {
		for j, rule := range rules {
			if slices.Contains(e.rules, rule) {
				best = max(best, 1+longest(rules[j+1:], members[i+1:]))
			}
		}
	}
	return best
}

func holds(s *correlate.Spec, v float64, members []*entry) bool {
	if s.Expr != nil {
		return truth(s.Expr, members)
	}
	if len(s.Condition) == 0 {
		return v >= float64(len(s.Rules))
	}
	for _, t := range s.Condition {
		ok := map[correlate.Op]bool{
			correlate.GT: v > t.Number, correlate.GTE: v >= t.Number, correlate.LT: v < t.Number,
			correlate.LTE: v <= t.Number, correlate.EQ: v == t.Number, correlate.NEQ: v != t.Number,
		}[t.Op]
		if !ok {
			return false
		}
	}
	return true
}

func truth(x correlate.Expr, members []*entry) bool {
	switch x := x.(type) {
	case correlate.And:
		return !slices.ContainsFunc(x, func(i correlate.Expr) bool { return !truth(i, members) })
	case correlate.Or:
		return slices.ContainsFunc(x, func(i correlate.Expr) bool { return truth(i, members) })
	case correlate.Not:
		return !truth(x.Item, members)
	case correlate.Rule:
		return slices.ContainsFunc(members, func(e *entry) bool { return slices.Contains(e.rules, string(x)) })
	default:
		panic("an unknown expression")
	}
}

// total is a burst as a firing.
func total(s *correlate.Spec, group []string, burst []window) correlate.Firing {
	f := correlate.Firing{Correlation: s.ID, Group: group, End: burst[len(burst)-1].end, Value: burst[0].value, Final: true}
	down := len(s.Condition) > 0
	for _, t := range s.Condition {
		down = down && (t.Op == correlate.LT || t.Op == correlate.LTE)
	}
	var members []*entry
	for _, w := range burst {
		if down {
			f.Value = min(f.Value, w.value)
		} else {
			f.Value = max(f.Value, w.value)
		}
		for _, e := range w.members {
			if !slices.Contains(members, e) {
				members = append(members, e)
			}
		}
	}
	slices.SortFunc(members, func(a, b *entry) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.event, b.event), cmp.Compare(a.value, b.value))
	})
	for _, e := range members {
		slices.SortFunc(e.rules, func(a, b string) int { return slices.Index(s.Rules, a) - slices.Index(s.Rules, b) })
		f.Hits = append(f.Hits, correlate.Member{Event: e.event, Ref: e.ref, Time: e.at, Rules: e.rules, Value: e.value})
	}
	f.Start, f.Count = members[0].at, len(members)
	f.Fingerprint = fmt.Sprintf("%s-%d", f.Subject(), burst[0].begin.UnixMicro()/s.Timespan.Microseconds())
	return f
}

// found is what a burst means to the correlations that watch this one.
func found(specs []correlate.Spec, s *correlate.Spec, group []string, burst []window) []fact {
	var out []fact
	self := total(s, group, burst)
	for _, o := range specs {
		if !slices.Contains(o.Rules, s.ID) {
			continue
		}
		tell, event := burst, "~"+self.Subject()
		if counting := o.Type != correlate.Temporal && o.Type != correlate.TemporalOrdered && o.Type != correlate.Boolean; counting {
			tell, event = burst[:1], "~"+self.Fingerprint
		}
		for _, w := range tell {
			for _, e := range w.members {
				for _, k := range e.keys {
					if k.For == o.ID {
						keys := []correlate.Key{k}
						for _, other := range e.keys {
							if other.For != o.ID {
								keys = append(keys, other)
							}
						}
						out = append(out, fact{o.ID, s.ID, event, event, w.end, keys})
					}
				}
			}
		}
	}
	return out
}

// line is all of a firing that must not depend on how the hits came.
func line(f correlate.Firing) string {
	at := func(t time.Time) string { return t.Format("05.000") }
	var hits []string
	for _, h := range f.Hits {
		hits = append(hits, fmt.Sprintf("%s@%s %v ref %s value %s", h.Event, at(h.Time), h.Rules, h.Ref, h.Value))
	}
	return fmt.Sprintf("%s %q %s: %s to %s, %d hits, value %g, final %v late %v cut %v: %s", f.Correlation, f.Group, f.Fingerprint,
		at(f.Start), at(f.End), f.Count, f.Value, f.Final, f.Late, f.Cut, strings.Join(hits, "; "))
}
