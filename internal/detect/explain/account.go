package explain

import (
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// Account says what became of a rule, and why.
type Account struct {
	Kind    Kind    `json:"kind"`
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	File    string  `json:"file"`
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why"`             // in a sentence or two
	Level   string  `json:"level,omitempty"` // of the finding, when there is one
	Event   *Event  `json:"event,omitempty"`
	// Of a rule.
	Condition *sigma.Judged `json:"condition,omitempty"`
	Filters   []FilterStep  `json:"filters,omitempty"`
	// Of a correlation: those that come nearest first.
	Groups     []Group `json:"groups,omitempty"`
	MoreGroups int     `json:"more_groups,omitempty"`
}

// Kind is what judges.
type Kind string

// The kinds.
const (
	Rule        Kind = "rule"
	Correlation Kind = "correlation"
)

// Verdict is what became of it.
type Verdict string

// The verdicts.
const (
	Fired      Verdict = "fired"
	Quiet      Verdict = "did not fire"
	Filtered   Verdict = "filtered out" // it would have fired, were it not for a filter
	OutOfScope Verdict = "out of scope" // it fires, but not in this account
	Idle       Verdict = "idle"         // it can never fire here
)

// Event is which event it is about.
type Event struct {
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Name    string    `json:"name"`
	Account string    `json:"account"`
	Origin  string    `json:"origin"`
}

// FilterStep is what a filter makes of the event: held means left out.
type FilterStep struct {
	Title string       `json:"title"`
	File  string       `json:"file"`
	Step  sigma.Judged `json:"condition"`
}

// Of is the account of a rule and an event. Scopes may be nil. An error means that the event cannot be judged.
func Of(c *sigma.Compiled, e *event.Event, scopes *scope.Scopes) (Account, error) {
	a := about(Rule, &c.Rule)
	a.Event = &Event{string(e.ID), e.Time.UTC(), e.Name, e.Account, e.Origin.String()}
	t, err := c.Trace(e)
	if err != nil {
		return a, err
	}
	a.Condition = &t.Condition
	for i, f := range t.Filters {
		a.Filters = append(a.Filters, FilterStep{c.Filters[i].Title, c.Filters[i].File, f})
	}
	match, in := scopes.Match(detect.Match{Rule: &c.Rule}, e.Account)
	match, now := scopes.Now(match, e)
	switch {
	case c.Idle != "":
		a.Verdict, a.Why = Idle, "it can never match here: "+c.Idle
	case len(t.FilteredBy) > 0 && t.Condition.Held:
		a.Verdict = Filtered
		for i, f := range t.Filters {
			if f.Held {
				a.Why = "its condition holds, and the filter " + c.Filters[i].Title + " leaves the event out: " + reasons(f)
				break
			}
		}
	case !t.Fired:
		a.Verdict, a.Why = Quiet, reasons(t.Condition)
	case !in:
		a.Verdict, a.Why = OutOfScope, "its condition holds, but it does not count in account "+e.Account+" (where)"
	case !now:
		a.Verdict, a.Why = OutOfScope, "its condition holds, but it does not count (when): "+c.When.String()
	default:
		a.Verdict, a.Why, a.Level = Fired, reasons(t.Condition), string(match.Rule.Level)
		for _, r := range match.Why {
			a.Why += "; " + r.Search
		}
		if c.Part {
			a.Why += "; it only serves a correlation and gives no finding of its own"
		}
	}
	return a, nil
}

func about(k Kind, r *detect.Rule) Account {
	return Account{Kind: k, ID: r.ID, Title: r.Title, File: r.File}
}

// reasons are the searches that decided, in words.
func reasons(s sigma.Judged) string {
	var all []string
	for _, r := range s.Decisive() {
		all = append(all, r.String())
	}
	return strings.Join(all, "; ")
}
