// Package ticket is what somebody or something must settle.
//
// It is: findings about one subject, joined, with an owner, clocks, a state machine and a timeline that cannot be edited unseen.
// It takes: what triage and playbook decide, as verbs with the time as an argument.
// It gives: the noun that playbooks settle and people read.
// Next door: triage opens tickets, playbook settles them, store keeps them.
package ticket

import (
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// ID names a ticket: a ULID, so that IDs sort by the time of opening.
type ID string

// State is where a ticket is on its way.
type State string

// The states, in the order of the road. Human means that software has given it to a person.
const (
	Open          State = "open"
	Investigating State = "investigating"
	Remediating   State = "remediating"
	Verifying     State = "verifying"
	Closed        State = "closed"
	Human         State = "human"
)

// States lists all of them, in the order of the road.
func States() []State { return []State{Open, Investigating, Remediating, Verifying, Closed, Human} }

// moves says which state may follow which. A ticket joined by a second finding investigates again after verifying the first.
func moves(from State) []State {
	switch from {
	case Open:
		return []State{Investigating, Human, Closed}
	case Investigating:
		return []State{Remediating, Verifying, Closed, Human}
	case Remediating:
		return []State{Verifying, Investigating, Human, Closed}
	case Verifying:
		return []State{Closed, Investigating, Human}
	case Closed:
		return []State{Open}
	case Human:
		return []State{Closed, Investigating, Open}
	default:
		return nil
	}
}

// Ticket is the current state of one; its history is its timeline.
type Ticket struct {
	ID       ID               `json:"id"`
	Subject  string           `json:"subject"` // what its findings are joined on: finding.Finding.Subject
	Title    string           `json:"title"`
	Severity finding.Severity `json:"severity"`
	State    State            `json:"state"`
	Reason   string           `json:"reason,omitempty"` // why it is in this state, in words
	Owner    Owner            `json:"owner,omitzero"`
	Account  string           `json:"account"`
	Region   string           `json:"region,omitempty"`
	Resource *resource.Ref    `json:"resource,omitempty"`
	Clocks   Clocks           `json:"clocks"`
	Findings int              `json:"findings"` // how many are joined
	Reopened int              `json:"reopened"` // how often it was opened again
	// Contended is set when something keeps putting the violation back. Software goes on repairing it, and a person has to
	// mend the source: such a ticket is never closed by software.
	Contended bool `json:"contended,omitempty"`
	// Sourced is when it was written down where what puts it back comes from, and Warned when its owner was told, or that nobody could
	// be. Both are of the present contention.
	Sourced time.Time `json:"sourced,omitzero"`
	Warned  time.Time `json:"warned,omitzero"`
	// TakenBack is set when a person undid a repair, until the ticket is given back to the software or the world is fine:
	// what a person took back is not repaired again behind that person's back.
	TakenBack bool `json:"taken_back,omitempty"`
	// Routine is set when it can wait and is for its owner: software repairs nothing of it, and it holds up no other ticket about
	// the same subject.
	Routine bool `json:"routine,omitempty"`
	// Doubted is set when a person opened it again, until it is closed: no verdict closes what a person wants looked at.
	Doubted bool `json:"doubted,omitempty"`
	// AcknowledgedBy is the person of Clocks.Acknowledged.
	AcknowledgedBy string `json:"acknowledged_by,omitempty"`

	Entries int    `json:"entries"` // length of the timeline
	Head    string `json:"head"`    // hash of the last entry of the timeline
}

// Owner is who answers for the subject.
type Owner struct {
	Team   string `json:"team,omitempty"`
	Person string `json:"person,omitempty"`
	Via    string `json:"via,omitempty"` // how it was found: service, account, unit, intent or default
}

// Clocks are recorded instants; zero means that it has not happened. Acknowledged: a person said first that they have it. Contained: the
// effect is done. Verified: fresh reads over the settle window agreed. FixBy is no instant that has passed: it is when the ticket has to be
// closed, as the policy said when people were told of it, or as people agreed: then Due says the same.
type Clocks struct {
	Occurred     time.Time `json:"occurred,omitzero"`
	Detected     time.Time `json:"detected,omitzero"`
	Opened       time.Time `json:"opened,omitzero"`
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	Contained    time.Time `json:"contained,omitzero"`
	Verified     time.Time `json:"verified,omitzero"`
	Closed       time.Time `json:"closed,omitzero"`
	FixBy        time.Time `json:"fix_by,omitzero"`
	Due          time.Time `json:"due,omitzero"`
}

// Late is by how much the ticket is open for longer than it may be, 0 when it is not, or was closed in time.
func (t Ticket) Late(now time.Time) time.Duration {
	if t.Clocks.FixBy.IsZero() {
		return 0
	}
	if t.State == Closed {
		now = t.Clocks.Closed
	}
	return max(now.Sub(t.Clocks.FixBy), 0)
}

// Acknowledge notes who has said first that they have it; false when somebody had.
func (t *Ticket) Acknowledge(by string, at time.Time) bool {
	if t.State == Closed || !t.Clocks.Acknowledged.IsZero() {
		return false
	}
	t.Clocks.Acknowledged, t.AcknowledgedBy = at, by
	return true
}

// Start opens a ticket for a finding.
func Start(id ID, f finding.Finding, owner Owner, now time.Time) Ticket {
	t := Ticket{
		ID: id, Subject: f.Subject(), Title: f.Title, Severity: f.Severity, State: Open,
		Owner: owner, Account: f.Account, Region: f.Region, Resource: f.Resource, Findings: 1,
		Clocks: Clocks{Occurred: f.Occurred, Detected: f.Detected, Opened: now},
	}
	if f.About != nil {
		t.Resource, t.Account, t.Region = f.About, f.About.Account, f.About.Region
	}
	return t
}

// Overtook reports whether a finding tells only of somebody who looked around with an access key before that was contained, on the ticket about
// the key. There is nothing to do about that any more; had something been changed, it would have to be looked at whenever it is told.
func (t *Ticket) Overtook(f finding.Finding) bool {
	return f.ReadOnly && f.Credential != nil && t.Subject == f.Credential.Key() && !f.FromRead() &&
		!t.Clocks.Contained.IsZero() && f.LastSeen.Before(t.Clocks.Contained)
}

// Routine is the subject of the ticket that holds what can wait about a subject.
func Routine(subject string) string { return subject + "|routine" }

// Move puts the ticket into another state, or says why that may not be. Moving to the present state changes only the reason.
func (t *Ticket) Move(to State, reason string, now time.Time) error {
	if to == t.State {
		t.Reason = reason
		return nil
	}
	for _, s := range moves(t.State) {
		if s != to {
			continue
		}
		t.State, t.Reason = to, reason
		if to == Closed {
			t.Clocks.Closed, t.Doubted = now, false
		}
		return nil
	}
	return fault.New(fault.Conflict, "ticket %s is %s and cannot become %s", t.ID, t.State, to)
}

// Reopen opens a closed ticket again, because it came back or because a person says so. The later clocks start anew;
// when it first occurred is kept.
func (t *Ticket) Reopen(reason string, now time.Time) error {
	if t.State != Closed {
		return fault.New(fault.Conflict, "ticket %s is %s: only a closed ticket can be reopened", t.ID, t.State)
	}
	if err := t.Move(Open, reason, now); err != nil {
		return err
	}
	t.Reopened++
	t.Clocks.Opened = now
	t.Clocks.Contained, t.Clocks.Verified, t.Clocks.Closed = time.Time{}, time.Time{}, time.Time{}
	t.Clocks.Acknowledged, t.Clocks.FixBy, t.AcknowledgedBy = time.Time{}, t.Clocks.Due, ""
	return nil
}

// Join adds a finding about the same subject; the worst severity counts.
func (t *Ticket) Join(f finding.Finding) {
	t.Findings++
	if f.Severity.Rank() > t.Severity.Rank() {
		t.Severity, t.Title = f.Severity, f.Title
	}
	if f.Occurred.Before(t.Clocks.Occurred) {
		t.Clocks.Occurred = f.Occurred
	}
}
