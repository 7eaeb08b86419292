package oncall

import (
	"slices"
	"time"
)

// Change is what people changed in a rota since its text was written: who has a seat for a time, or who is away. Later ones count over earlier
// ones. It says what is, and not how it came to be: what a swap or a take comes to is in Spans.
type Change struct {
	ID   string    `json:"id"`
	Kind Kind      `json:"kind"`
	Rota string    `json:"rota,omitempty"` // empty for leave, which is of a person
	By   string    `json:"by"`
	Why  string    `json:"why"`
	At   time.Time `json:"at"` // when it was made
	// Spans are seats that somebody has for a time; of leave, when somebody is away, with no seat.
	Spans []Span `json:"spans"`
	Of    string `json:"of,omitempty"` // of a withdrawal: the change that counts no more, whose spans these are
	// Accept are faults that people wanted nevertheless, such as night.
	Accept []FaultKind `json:"accept,omitempty"`
}

// Kind is how a change came to be.
type Kind string

// The kinds of changes.
const (
	Override Kind = "override" // somebody has a seat for a time
	Swap     Kind = "swap"     // two people have each other's shifts
	Take     Kind = "take"     // somebody is primary from now on
	Away     Kind = "leave"    // somebody is away
	// Withdrawal has an earlier change count no more from now on.
	Withdrawal Kind = "withdraw"
)

// Kinds gives all.
func Kinds() []Kind { return []Kind{Override, Swap, Take, Away, Withdrawal} }

// Span is somebody's time: in a seat, or away.
type Span struct {
	Seat   Seat      `json:"seat,omitempty"`
	Person string    `json:"person"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// bounds are the first and the last instant of all spans.
func (c Change) bounds() (from, until time.Time) {
	for i, s := range c.Spans {
		if i == 0 || s.From.Before(from) {
			from = s.From
		}
		if i == 0 || s.Until.After(until) {
			until = s.Until
		}
	}
	return from, until
}

// Ends is when the change is over.
func (c Change) Ends() time.Time {
	_, until := c.bounds()
	return until
}

// counting are the changes without what was taken back: a withdrawal cuts the spans of what it is of at the time at which it was made.
func counting(all []Change) []Change {
	back := map[string]time.Time{}
	for _, c := range all {
		if c.Kind == Withdrawal {
			back[c.Of] = c.At
		}
	}
	if len(back) == 0 {
		return all
	}
	out := make([]Change, 0, len(all))
	for _, c := range all {
		at, withdrawn := back[c.ID]
		if c.Kind == Withdrawal {
			continue
		}
		if withdrawn {
			c.Spans = slices.Clone(c.Spans)
			for i := range c.Spans {
				c.Spans[i].Until = earliest(c.Spans[i].Until, at)
			}
			c.Spans = slices.DeleteFunc(c.Spans, func(s Span) bool { return !s.From.Before(s.Until) })
		}
		out = append(out, c)
	}
	return out
}

// granted is a span of a seat with the change that says so.
type granted struct {
	Span
	change string
	accept []FaultKind
}

// over gives the last word on a seat at a time.
func over(all []granted, seat Seat, at time.Time) (granted, bool) {
	for _, g := range slices.Backward(all) {
		if g.Seat == seat && !at.Before(g.From) && at.Before(g.Until) {
			return g, true
		}
	}
	return granted{}, false
}
