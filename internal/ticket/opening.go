package ticket

import (
	"strings"
	"time"
)

// Opening is one time that a ticket was open, as its timeline tells it.
type Opening struct {
	Ticket ID        `json:"ticket"`
	Number int       `json:"opening"` // 0 for the first
	Opened time.Time `json:"opened"`
	Closed time.Time `json:"closed,omitzero"` // zero: it is open
	By     string    `json:"by,omitempty"`    // who closed it, as entries name actors
	Reason string    `json:"reason,omitempty"`
	People bool      `json:"people"`                // a person did something on it while it was open
	Again  string    `json:"reopened_by,omitempty"` // who opened it again
}

// person begins the actors of people.
const person = "person/"

// Alone reports whether it was closed by software and no person did anything for it.
func (o Opening) Alone() bool {
	return !o.Closed.IsZero() && !o.People && !strings.HasPrefix(o.By, person)
}

// AgainByPerson reports whether a person opened it again.
func (o Opening) AgainByPerson() bool { return strings.HasPrefix(o.Again, person) }

// Openings takes a timeline apart, the oldest first. told is false when some of its entries are from before entries said the state of their
// ticket: then it cannot be told who closed what.
func Openings(entries []Entry) (all []Opening, told bool) {
	told = true
	closed := true
	for _, e := range entries {
		if e.State == "" {
			told = false
			continue
		}
		is := e.State == Closed
		switch {
		case closed && !is:
			if n := len(all); n > 0 {
				all[n-1].Again = e.Actor
			}
			all = append(all, Opening{Ticket: e.Ticket, Number: len(all), Opened: e.At})
		case closed: // said of it when it was closed already
			continue
		}
		now := &all[len(all)-1]
		if is {
			now.Closed, now.By, now.Reason = e.At, e.Actor, e.Text
		}
		// Who opens it again has done something for the one before.
		now.People = now.People || strings.HasPrefix(e.Actor, person) && (!closed || is)
		closed = is
	}
	return all, told
}

// Review is what a person says of a closing that no person had a part in.
type Review struct {
	Ticket  ID        `json:"ticket"`
	Opening int       `json:"opening"`
	Right   bool      `json:"right"`
	Person  string    `json:"person"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}
