package escalate

import (
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// ID names a page: a ULID, so that IDs sort by the time of opening.
type ID string

// State is what a page waits for.
type State string

// The states.
const (
	Waiting      State = "waiting"      // for the morning of whom it is for
	Asking       State = "asking"       // somebody was asked and has not answered yet
	Acknowledged State = "acknowledged" // somebody has it
	Snoozed      State = "snoozed"      // somebody has it, and wants it to come back
	Unanswered   State = "unanswered"   // all levels were asked, and nobody has answered
	Resolved     State = "resolved"     // its tickets are closed
)

// States lists all of them.
func States() []State {
	return []State{Waiting, Asking, Acknowledged, Snoozed, Unanswered, Resolved}
}

// mostOwners bounds of how many teams one page knows.
const mostOwners = 20

// Page is one incident that people are told of: one ticket, or a storm of them.
type Page struct {
	ID       ID               `json:"id"`
	State    State            `json:"state"`
	Title    string           `json:"title"` // of its worst ticket
	Why      string           `json:"why"`   // that ticket needs a person
	Severity finding.Severity `json:"severity"`
	Account  string           `json:"account,omitempty"` // of the first ticket
	First    ticket.ID        `json:"ticket"`            // whose timeline tells of the page
	Tickets  int              `json:"tickets"`
	Open     int              `json:"open"` // of those: that are not closed
	Owners   []ticket.Owner   `json:"owners,omitempty"`
	Rota     string           `json:"rota,omitempty"`
	Line     Line             `json:"line"` // of the policy, as it was when the page was opened or grew worse
	Opened   time.Time        `json:"opened"`
	Joined   time.Time        `json:"joined"` // when the last ticket did
	FixBy    time.Time        `json:"fix_by,omitzero"`
	Answer   Clock            `json:"answer"`        // until somebody says that they have it
	Late     Clock            `json:"late,omitzero"` // until it is fixed
	By       string           `json:"by,omitempty"`  // who has acknowledged or snoozed it last
	Answered time.Time        `json:"answered,omitzero"`
	Renewed  time.Time        `json:"renewed,omitzero"` // when whoever has it was asked anew last, as more has come
	Ended    time.Time        `json:"ended,omitzero"`
	Loud     bool             `json:"loud,omitempty"` // a person has escalated it: it does not wait for mornings
	Version  int64            `json:"version"`        // raised by each change
}

// Clock is one chain of levels: which is next, and when. Due is zero when nothing is.
type Clock struct {
	Round int       `json:"round,omitempty"` // how often it began anew
	Next  int       `json:"next,omitempty"`  // level to be asked, 0 for the first
	Due   time.Time `json:"due,omitzero"`
	Armed time.Time `json:"armed,omitzero"` // when Due was counted from; zero where Due does not depend on it
	Asked []string  `json:"asked,omitempty"`
	Over  bool      `json:"over,omitempty"` // there is no further level
}

// Told is what a timeline says of a step.
type Told struct {
	Kind string
	Text string
}

// arm has the clock wait for a time from now.
func (c *Clock) arm(now time.Time, d time.Duration) { c.Armed, c.Due = now, now.Add(d) }

// await has the clock wait for an instant of a calendar.
func (c *Clock) await(at time.Time) { c.Armed, c.Due = time.Time{}, at }

// stop has it wait for nothing.
func (c *Clock) stop() { c.Armed, c.Due = time.Time{}, time.Time{} }

// again begins the chain anew, at once.
func (c *Clock) again(now time.Time) {
	*c = Clock{Round: c.Round + 1, Due: now}
}

// mend keeps what is left of a wait when the clock on the wall was put back behind its beginning.
func (c *Clock) mend(now time.Time) bool {
	if c.Armed.IsZero() || !now.Before(c.Armed) {
		return false
	}
	c.arm(now, c.Due.Sub(c.Armed))
	return true
}

// due reports whether something is to be done by now.
func (c Clock) due(now time.Time) bool { return !c.Due.IsZero() && !now.Before(c.Due) }

// Due is when the page has to be looked at next, zero for never.
func (p Page) Due() time.Time {
	due := p.Answer.Due
	if due.IsZero() || !p.Late.Due.IsZero() && p.Late.Due.Before(due) {
		due = p.Late.Due
	}
	return due
}

// Over reports whether the page has ended.
func (p Page) Over() bool { return p.State == Resolved }

// Mend puts right what waits for too long since the clock was put back, and reports whether something did.
func (p *Page) Mend(now time.Time) bool {
	answer, late := p.Answer.mend(now), p.Late.mend(now)
	return answer || late
}

// answer for tickets of one more owner, if there is room.
func (p *Page) owned(o ticket.Owner) {
	o.Via = ""
	if o != (ticket.Owner{}) && len(p.Owners) < mostOwners && !slices.Contains(p.Owners, o) {
		p.Owners = append(p.Owners, o)
	}
}
