package follow

import (
	"errors"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// Options are the limits of a follower.
type Options struct {
	Lateness time.Duration // how late an event may come and still be on time
	Limits   correlate.Options
	Lineage  sigma.Lineage // who is behind an event; nil: nobody knows
}

// Follower runs the correlations of a set. Hits may be asked for by many at once, the rest by one at a time.
type Follower struct {
	machine *correlate.Machine
	specs   []correlate.Spec
	rules   map[string]*sigma.Compiled
	about   map[string]*sigma.Correlation
	wants   map[string][]want // by rule: whom a match concerns
	silent  map[string]bool
	from    sigma.Lineage
	late    time.Duration
	newest  time.Time
}

// want is what one correlation reads from the matches of a rule.
type want struct {
	correlation   string
	group, fields []string // of the rule's events
}

// New makes a follower of a linked set. What cannot be run is an error and left out, and so is what needs it.
func New(set sigma.Set, o Options) (*Follower, []error) {
	f := &Follower{rules: map[string]*sigma.Compiled{}, about: map[string]*sigma.Correlation{}, wants: map[string][]want{}, silent: map[string]bool{}, from: o.Lineage, late: o.Lateness}
	for _, r := range set.Rules {
		f.rules[r.ID] = r
		f.silent[r.ID] = r.Part
	}
	var specs []correlate.Spec
	var errs []error
	bad := map[string]bool{}
	for again := true; again; { // those that watch others come after them
		again = false
		for _, c := range set.Correlations {
			if f.about[c.ID] != nil || bad[c.ID] || c.Idle != "" || !f.ready(c) {
				continue
			}
			s, err := spec(c, o.Lateness)
			if err == nil {
				_, err = correlate.New(append(specs[:len(specs):len(specs)], s), o.Limits)
			}
			if err != nil {
				errs, bad[c.ID] = append(errs, err), true
				continue
			}
			specs, again = append(specs, s), true
			f.about[c.ID] = c
			f.silent[c.ID] = c.Part
		}
	}
	var err error
	f.specs = specs
	if f.machine, err = correlate.New(specs, o.Limits); err != nil {
		return nil, append(errs, err)
	}
	for rule := range f.rules {
		f.want(rule)
	}
	return f, errs
}

// ready reports whether everything that a correlation watches is there.
func (f *Follower) ready(c *sigma.Correlation) bool {
	for _, s := range c.Sources {
		if s.Correlation != nil && f.about[s.Correlation.ID] == nil {
			return false
		}
	}
	return true
}

// want notes what the correlations read from the matches of a rule. Those further up read it from the events too.
func (f *Follower) want(rule string) {
	for _, correlation := range f.machine.Wants(rule) {
		w := want{correlation: correlation}
		c := f.about[correlation]
		w.group, w.fields = c.GroupBy, c.Fields
		for _, s := range c.Sources {
			if s.Rule != nil && s.Rule.ID == rule {
				w.group, w.fields = s.Group, s.Fields
			}
		}
		f.wants[rule] = append(f.wants[rule], w)
	}
}

// Ask has the follower ask who is behind an event; before anything else is asked of it.
func (f *Follower) Ask(from sigma.Lineage) { f.from = from }

// Specs are the correlations that can be run, for who runs them by machines of his own.
func (f *Follower) Specs() []correlate.Spec { return f.specs }

// Silent reports whether a rule only serves correlations and gives no finding of its own.
func (f *Follower) Silent(rule string) bool { return f.silent[rule] }

// Idle reports whether there is nothing to follow.
func (f *Follower) Idle() bool { return len(f.about) == 0 }

// Hits are what the matches of an event mean to correlations. Ref is given back with what comes of them.
func (f *Follower) Hits(e *event.Event, matches []detect.Match, ref func() string) []correlate.Hit {
	var out []correlate.Hit
	for _, m := range matches {
		wants := f.wants[m.Rule.ID]
		if len(wants) == 0 {
			continue
		}
		h := correlate.Hit{Rule: m.Rule.ID, Event: e.Account + "/" + string(e.ID), Time: e.Time, Ref: ref()}
		for _, w := range wants {
			h.Keys = append(h.Keys, f.keys(e, f.rules[m.Rule.ID], w)...)
		}
		out = append(out, h)
	}
	return out
}

// mostKeys bounds how many groups one event may be in: a list of a thousand names in each of two fields is a million groups.
const mostKeys = 64

// keys are the combinations of the values that the event has.
func (f *Follower) keys(e *event.Event, r *sigma.Compiled, w want) []correlate.Key {
	keys := []correlate.Key{{For: w.correlation}}
	spread := func(names []string, add func(*correlate.Key, string)) {
		for _, name := range names {
			values := r.Values(e.Record(), name, f.from)
			if len(values) == 0 {
				values = []string{""}
			}
			var next []correlate.Key
			for _, k := range keys {
				for _, v := range values {
					if len(next) == mostKeys {
						break
					}
					n := correlate.Key{For: k.For, Group: append([]string(nil), k.Group...), Values: append([]string(nil), k.Values...)}
					add(&n, v)
					next = append(next, n)
				}
			}
			keys = next
		}
	}
	spread(w.group, func(k *correlate.Key, v string) { k.Group = append(k.Group, v) })
	spread(w.fields, func(k *correlate.Key, v string) { k.Values = append(k.Values, v) })
	return keys
}

// Take takes hits and gives the firings that are new or have changed.
func (f *Follower) Take(hits []correlate.Hit) []correlate.Firing {
	for _, h := range hits {
		if h.Time.After(f.newest) {
			f.newest = h.Time
		}
	}
	return f.machine.Take(hits)
}

// End says that nothing comes any more and gives everything that is final now.
func (f *Follower) End() []correlate.Firing {
	const source = "all"
	if f.newest.IsZero() {
		return nil
	}
	end := f.newest
	for _, c := range f.about {
		end = end.Add(2*c.Timespan + time.Second)
	}
	return f.machine.Advance([]correlate.Mark{{Source: source, Seen: end.Add(f.late), Idle: true}})
}

// Rule is what a correlation says about itself.
func (f *Follower) Rule(id string) (*detect.Rule, error) {
	c := f.about[id]
	if c == nil {
		return nil, errors.New("there is no correlation " + id)
	}
	return &c.Rule, nil
}

// Explain says how far a correlation is for a group at a time; see correlate.Machine.Explain.
func (f *Follower) Explain(correlation string, group []string, at time.Time) (correlate.Progress, error) {
	return f.machine.Explain(correlation, group, at)
}

// Losses is what had to be given up for a budget, in words.
func (f *Follower) Losses() []correlate.Loss { return f.machine.Losses() }
