package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"jobzero/internal/fault"
)

// ID names a delivery. It follows from the occasion and from who is told, so that the same is never queued twice.
type ID string

// To is who is told: a person of the organisation file, or a channel that several read; with both, the person by that channel only.
type To struct {
	Person  string `json:"person,omitempty"`
	Channel string `json:"channel,omitempty"`
}

// String names it for people.
func (t To) String() string {
	switch {
	case t.Channel == "":
		return t.Person
	case t.Person == "":
		return "#" + t.Channel
	}
	return t.Person + " by " + t.Channel
}

// State is how far a delivery is.
type State string

// The states. Sent means that a channel took it: nobody knows yet whether it was read.
const (
	Queued       State = "queued"
	Sent         State = "sent"
	Received     State = "received" // the channel says that it came
	Acknowledged State = "acknowledged"
	Failed       State = "failed" // no channel took it
	Lapsed       State = "lapsed" // it was too late, or nobody need know any more
)

// States lists all of them.
func States() []State { return []State{Queued, Sent, Received, Acknowledged, Failed, Lapsed} }

// Delivery is one message to one receiver, and all that was tried.
type Delivery struct {
	ID       ID        `json:"id"`
	To       To        `json:"to"`
	Message  Message   `json:"message"`
	State    State     `json:"state"`
	Version  int64     `json:"version"`
	Made     time.Time `json:"made"`
	Sent     time.Time `json:"sent,omitzero"`  // when the first channel took it
	Ended    time.Time `json:"ended,omitzero"` // when it was acknowledged, failed or lapsed
	By       string    `json:"by,omitempty"`   // who acknowledged
	Via      string    `json:"via,omitempty"`  // by which channel, or console, or command line
	Deed     Deed      `json:"deed,omitempty"` // what was pressed
	Why      string    `json:"why,omitempty"`  // why it failed, lapsed or waits
	Round    int       `json:"round"`          // how often all channels were gone through
	Attempts []Attempt `json:"attempts,omitempty"`
	Followed State     `json:"followed,omitempty"` // the state that channels were told of afterwards
}

// Queue makes the delivery of a message. It is sent when it is kept and its work is enqueued.
func Queue(m Message, to To, now time.Time) (Delivery, error) {
	m, err := m.settled()
	if err != nil {
		return Delivery{}, err
	}
	if to == (To{}) {
		return Delivery{}, fault.New(fault.Invalid, "message %s: nobody is named whom it is for", m.Occasion)
	}
	return Delivery{ID: Name(m.Occasion, to), To: to, Message: m, State: Queued, Made: now}, nil
}

// Name is the ID of what is said to somebody on an occasion.
func Name(occasion string, to To) ID {
	sum := sha256.Sum256([]byte(occasion + "\x00" + to.Person + "\x00" + to.Channel))
	return ID(hex.EncodeToString(sum[:16]))
}

// Open reports whether somebody may still answer it.
func (d Delivery) Open() bool { return d.State == Queued || d.State == Sent || d.State == Received }

// Receipt notes that a channel says it came.
func (d *Delivery) Receipt() {
	if d.State == Sent {
		d.State = Received
	}
}

// Answer notes what somebody pressed or said; false when it is answered already. What was given up counts as answered too: whoever got it
// after all may act.
func (d *Delivery) Answer(p Press) bool {
	if d.State == Acknowledged {
		return false
	}
	d.State, d.By, d.Via, d.Deed, d.Ended, d.Why = Acknowledged, p.Person, p.Via, p.Do, p.At, ""
	return true
}

// Lapse ends what nobody need be told any more; false when it has ended.
func (d *Delivery) Lapse(why string, now time.Time) bool {
	if !d.Open() {
		return false
	}
	d.State, d.Why, d.Ended = Lapsed, why, now
	return true
}

// Wait notes why it is not sent yet.
func (d *Delivery) Wait(why string) {
	d.Why = why
}

// Fail ends what no channel takes.
func (d *Delivery) Fail(why string, now time.Time) {
	d.State, d.Why, d.Ended = Failed, why, now
}

// Press is what somebody did with a button.
type Press struct {
	Delivery ID        `json:"delivery"`
	Do       Deed      `json:"do"`
	Person   string    `json:"person"` // of the organisation file
	Via      string    `json:"via"`    // slack, console …
	At       time.Time `json:"at"`
}

// Filter says which deliveries are listed.
type Filter struct {
	States []State
	Person string
	Thread string
	Limit  int
}
