package glass

import (
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
	"jobzero/internal/principal"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// ID names a use: a ULID, so that IDs sort by the time of asking.
type ID string

// session begins the name of every session of a use.
const session = "break-glass-"

// Session is what the sessions of a use have to be called: their records say by it what they were for.
func (id ID) Session() string { return session + string(id) }

// Sid is the name of the statement that grants a use.
func (id ID) Sid() string { return "BreakGlass" + string(id) }

// Subject is what the ticket of a use is about.
func (id ID) Subject() string { return subject + string(id) }

const subject = "break-glass|"

// OfTicket gives the use that a ticket is about, by its subject; false of every other ticket.
func OfTicket(about string) (ID, bool) {
	id, ok := strings.CutPrefix(about, subject)
	return ID(id), ok
}

// State is where a use is on its way.
type State string

// The states, in the order of the road. The last four are ends.
const (
	Requested State = "requested"
	Approved  State = "approved"
	Granting  State = "granting" // calls are made
	Granted   State = "granted"
	Ending    State = "ending" // calls are made
	Ended     State = "ended"  // waits for its review
	Reviewed  State = "reviewed"
	Denied    State = "denied"
	Expired   State = "expired"   // nobody answered in time, or it could not be granted in time
	Withdrawn State = "withdrawn" // before it was granted
)

// States lists all of them.
func States() []State {
	return []State{Requested, Approved, Granting, Granted, Ending, Ended, Reviewed, Denied, Expired, Withdrawn}
}

// Over reports whether nothing follows on a state.
func (s State) Over() bool {
	return s == Reviewed || s == Denied || s == Expired || s == Withdrawn
}

// Request is what somebody asks for.
type Request struct {
	Person    string        `json:"person"`
	Principal string        `json:"principal"` // ARN of a user, or of one session of a role
	Account   string        `json:"account"`
	Role      string        `json:"role"`
	Reason    string        `json:"reason"`
	Ticket    string        `json:"reference,omitempty"` // of what made it necessary, in anybody's system
	For       time.Duration `json:"for_ns"`              // in nanoseconds
}

// Answer is what somebody said, and when.
type Answer struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Use is one use of break-glass as it is now; its history is the timeline of its ticket.
type Use struct {
	ID      ID    `json:"id"`
	State   State `json:"state"`
	Version int64 `json:"version"`
	Request
	Needs     int       `json:"needs"` // how many have to say yes, as it was when it was asked for
	Approvers []string  `json:"approvers"`
	Asked     time.Time `json:"asked"`
	By        time.Time `json:"by"` // the next that has to be done has to be done by then; zero: there is nothing

	Approvals []Answer `json:"approvals,omitempty"`
	Refused   *Answer  `json:"refused,omitempty"`

	Since  time.Time     `json:"since,omitzero"` // when it was granted
	Until  time.Time     `json:"until,omitzero"` // when it ends
	Revoke *Answer       `json:"revoke,omitempty"`
	Ended  time.Time     `json:"ended,omitzero"`
	Steps  []Step        `json:"steps,omitempty"`
	Held   string        `json:"held,omitempty"`  // why nothing happens now
	Alarm  bool          `json:"alarm,omitempty"` // its end does not come through, and the ticket says how bad that is
	Would  []effect.Plan `json:"would,omitempty"` // in plan mode: what would be done

	Review  *Review `json:"review,omitempty"`
	Overdue int     `json:"overdue,omitempty"` // how often it was said that the review is overdue
	Beyond  int     `json:"beyond,omitempty"`  // events that were too many to keep
}

// Review is what somebody else says of a use, by its record.
type Review struct {
	Answer
	Justified bool `json:"justified"`
	Record    Sum  `json:"record"` // what it was that was reviewed
}

// shortest is how long a reason has to be: "fix" is none.
const shortest = 15

// Ask makes a use of a request, or says why it may not even be asked for.
func Ask(id ID, r Request, p Policy, now time.Time) (Use, error) {
	rule, ok := p.rule(r.Role, r.Account)
	if !ok {
		return Use{}, fault.New(fault.Denied, "role %s in account %q is not prepared: break_glass.roles of the settings names those that are", r.Role, r.Account)
	}
	if err := timed.One(r.Principal); err != nil {
		return Use{}, err
	}
	if a, err := principal.ParseARN(r.Principal); err != nil || len(a.Account) != 12 {
		return Use{}, fault.New(fault.Invalid, "%s has no account", r.Principal)
	}
	switch {
	case person.Key(r.Person) == "":
		return Use{}, fault.New(fault.Invalid, "a request without a person")
	case len(rule.People) > 0 && !named(rule.People, r.Person):
		return Use{}, fault.New(fault.Denied, "%s may not ask for role %s: break_glass.roles of the settings says who may", r.Person, r.Role)
	case len([]rune(strings.TrimSpace(r.Reason))) < shortest:
		return Use{}, fault.New(fault.Invalid, "the reason %q says too little: want %d characters or more, others decide by it", r.Reason, shortest)
	case r.For < time.Minute || r.For > rule.Longest:
		return Use{}, fault.New(fault.Invalid, "for %s: role %s is given for 1m to %s", r.For, r.Role, rule.Longest)
	}
	return Use{
		ID: id, State: Requested, Request: r, Needs: rule.needs(), Approvers: rule.Approvers, Asked: now, By: now.Add(p.Answer),
	}, nil
}

// Ref is the role.
func (u Use) Ref() resource.Ref {
	return resource.Ref{Type: resource.Role, Account: u.Account, ID: u.Role}
}
