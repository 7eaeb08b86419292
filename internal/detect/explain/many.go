package explain

import (
	"fmt"
	"slices"

	"jobzero/internal/detect"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// MostFirings is how many events that a rule fired on are explained; the rest are counted.
const MostFirings = 5

// Many explains a set of rules on events that come one at a time: the first that each rule fires on, or the one that comes nearest.
type Many struct {
	id     string
	scopes *scope.Scopes
	rules  []*seen
	watch  *Watch // nil: there is no correlation
	events int
	met    bool // the event that was asked for
}

// seen is one rule with the events that it fired on, and the one that came nearest.
type seen struct {
	rule    *sigma.Compiled
	engine  detect.Engine
	fired   []Account
	more    int
	nearest *Account
	near    float64
}

// NewMany begins. Scopes may be nil. With an event's ID only that one is explained, and correlations are not. Correlations that cannot be run
// are errors and left out; when there is nothing to explain at all, the last error says why.
func NewMany(set sigma.Set, scopes *scope.Scopes, id string) (*Many, []error) {
	m := &Many{id: id, scopes: scopes}
	var bad []error
	if len(set.Correlations) > 0 && id == "" {
		if m.watch, bad = NewWatch(set); m.watch == nil {
			return nil, bad
		}
	}
	watched := map[string]bool{} // a correlation's rules are explained with it, unless one event is asked about
	for _, c := range set.Correlations {
		for _, from := range c.Sources {
			watched[fromID(from)] = true
		}
	}
	for _, r := range set.Rules {
		if m.watch == nil || !watched[r.ID] {
			m.rules = append(m.rules, &seen{rule: r, engine: sigma.NewEngine([]*sigma.Compiled{r}), near: -1})
		}
	}
	return m, bad
}

func fromID(s *sigma.Source) string {
	if s.Rule != nil {
		return s.Rule.ID
	}
	return s.Correlation.ID
}

// Event takes one record.
func (m *Many) Event(e *event.Event) error {
	m.events++
	if m.id != "" && string(e.ID) != m.id {
		return nil
	}
	m.met = true
	if m.watch != nil {
		m.watch.Take(e)
	}
	for _, r := range m.rules {
		if err := r.take(e, m.scopes); err != nil {
			return fmt.Errorf("explain event %s: %w", e.ID, err)
		}
	}
	return nil
}

// Events is how many it was given.
func (m *Many) Events() int { return m.events }

// Met reports whether it was given the event that was asked for.
func (m *Many) Met() bool { return m.met }

func (r *seen) take(e *event.Event, scopes *scope.Scopes) error {
	fires := len(r.engine.Detect(e.Record())) > 0
	if fires && len(r.fired) >= MostFirings {
		r.more++
		return nil
	}
	a, err := Of(r.rule, e, scopes)
	if err != nil {
		return err
	}
	if a.Verdict == Fired {
		r.fired = append(r.fired, a)
	} else if near := a.Condition.Near(); near > r.near {
		r.near, r.nearest = near, &a
	}
	return nil
}

// Accounts are what is to be said, when all events were given.
func (m *Many) Accounts() []Account {
	var out []Account
	if m.watch != nil {
		out = m.watch.End()
	}
	for _, r := range m.rules {
		switch {
		case len(r.fired) > 0:
			if r.more > 0 {
				word := "events"
				if r.more == 1 {
					word = "event"
				}
				last := &r.fired[len(r.fired)-1]
				last.Why += fmt.Sprintf(" (and it fired on %d more %s)", r.more, word)
			}
			out = append(out, r.fired...)
		case r.nearest != nil:
			out = append(out, *r.nearest)
		}
	}
	return slices.Clip(out)
}
