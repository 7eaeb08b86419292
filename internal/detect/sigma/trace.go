package sigma

import (
	"fmt"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// Judged is a part of a rule's condition and whether it holds for an event. What it is made of stands below it, down to searches.
type Judged struct {
	Part  string         `json:"part"` // and, or, not, "2 of" or "search"
	Held  bool           `json:"held"`
	Steps []Judged       `json:"steps,omitempty"`
	Of    *detect.Reason `json:"search,omitempty"` // of a search: line by line
}

// The parts of a condition.
const (
	PartAnd    = "and"
	PartOr     = "or"
	PartNot    = "not"
	PartSearch = "search"
)

// Trace is what a rule makes of an event, step by step.
type Trace struct {
	Fired      bool
	Condition  Judged   // of the rule itself, without filters
	FilteredBy []string // titles of the filters that leave the event out, though the condition holds
	Filters    []Judged // what each of the rule's filters makes of the event: held means left out
}

// Trace says step by step what the rule makes of an event, whatever its log source is.
func (c *Compiled) Trace(e *event.Event) (Trace, error) {
	v, err := c.look(e)
	if err != nil {
		return Trace{}, err
	}
	var t Trace
	own := c.Condition
	filters := make([]Expr, len(c.Filters))
	for i := len(filters) - 1; i >= 0; i-- { // as apply has put them around it
		around, ok := own.(And)
		if !ok || len(around) != 2 {
			break
		}
		not, ok := around[1].(Not)
		if !ok {
			break
		}
		own, filters[i] = around[0], not.Item
	}
	t.Condition = trace(own, v)
	t.Fired = t.Condition.Held
	for i, f := range filters {
		s := trace(f, v)
		t.Filters = append(t.Filters, s)
		if s.Held {
			t.FilteredBy = append(t.FilteredBy, c.Filters[i].Title)
			t.Fired = false
		}
	}
	return t, nil
}

func trace(x Expr, v *view) Judged {
	switch x := x.(type) {
	case And:
		return steps(PartAnd, len(x), len(x), func(i int) Judged { return trace(x[i], v) })
	case Or:
		return steps(PartOr, len(x), 1, func(i int) Judged { return trace(x[i], v) })
	case Not:
		inner := trace(x.Item, v)
		return Judged{Part: PartNot, Held: !inner.Held, Steps: []Judged{inner}}
	case Of:
		return steps(fmt.Sprintf("%d of", x.Need), len(x.Searches), x.Need, func(i int) Judged { return search(x.Searches[i], v) })
	case Ref:
		return search(x.Search, v)
	}
	return Judged{Part: PartOr}
}

func steps(part string, n, need int, of func(int) Judged) Judged {
	s := Judged{Part: part}
	held := 0
	for i := range n {
		s.Steps = append(s.Steps, of(i))
		if s.Steps[i].Held {
			held++
		}
	}
	s.Held = held >= need
	return s
}

func search(s *Search, v *view) Judged {
	n := compileBody(s.Body, v.fields)
	r := detect.Reason{Search: s.Name, Matched: n.holds(v)}
	explainBody(&n, v, &r.Tests)
	return Judged{Part: PartSearch, Held: r.Matched, Of: &r}
}

// Near is how near the step comes to holding, from 0 to 1, which it is when it holds: the share of lines that are as wanted.
func (s Judged) Near() float64 {
	if s.Held {
		return 1
	}
	var sum, most float64
	for _, p := range s.Steps {
		sum += p.Near()
		most = max(most, p.Near())
	}
	switch {
	case s.Of != nil:
		return share(s.Of.Tests)
	case s.Part == PartOr:
		return most
	case s.Part == PartNot || len(s.Steps) == 0:
		return 0
	}
	return sum / float64(len(s.Steps))
}

func share(tests []detect.Test) float64 {
	n := 0
	for _, t := range tests {
		if t.Matched {
			n++
		}
	}
	return float64(n) / float64(len(tests)+1)
}

// Decisive are the searches that made the step hold or not: of an "and" that does not hold those that do not, and so on.
func (s Judged) Decisive() []detect.Reason {
	if s.Of != nil {
		return []detect.Reason{*s.Of}
	}
	var out []detect.Reason
	for _, p := range s.Steps {
		if s.Part == PartNot || p.Held == s.Held {
			out = append(out, p.Decisive()...)
		}
	}
	return out
}
