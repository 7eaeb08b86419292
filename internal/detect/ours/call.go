package ours

import (
	"strings"
	"time"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
)

// Call is a call that may have changed something, in a session of one of the roles that we change things with, as CloudTrail tells of it.
type Call struct {
	Event    event.ID  `json:"event"`
	Account  string    `json:"account"` // that received the event
	Of       string    `json:"of"`      // account of the role
	Region   string    `json:"region,omitempty"`
	Role     string    `json:"role"`             // its ARN where the event says it, else its name
	Session  string    `json:"session"`          // its name
	Ticket   string    `json:"ticket,omitempty"` // that the session names; empty: none
	API      string    `json:"api"`              // service:Operation, as the event has it
	Resource string    `json:"resource,omitempty"`
	Request  string    `json:"request,omitempty"` // AWS's ID of the call
	Error    string    `json:"error,omitempty"`
	IP       string    `json:"ip,omitempty"`
	Via      string    `json:"via,omitempty"` // the service that made the call for the session
	At       time.Time `json:"at"`
	Heard    time.Time `json:"heard"`
	Verdict  Verdict   `json:"verdict,omitempty"` // empty: it waits
	Why      string    `json:"why,omitempty"`
	Entry    string    `json:"entry,omitempty"` // entry and place of the unanswered attempt that it was
}

// Names are what our roles and their sessions are called.
type Names struct {
	Roles   []string // with their paths
	Session string   // what the name of a session begins with; a ticket's ID comes behind it
}

// Of reads a call of ours from an event; false of all other events. The session names the ticket, as whoever began it says.
func (n Names) Of(e *event.Event, now time.Time) (Call, bool) {
	class, _ := coverage.ClassOf(e)
	if class != coverage.Write && class != coverage.Data || e.ReadOnly {
		return Call{}, false
	}
	part := strings.SplitN(e.Actor.ARN, ":", 6)
	if len(part) != 6 || part[2] != "sts" {
		return Call{}, false
	}
	words := strings.Split(part[5], "/")
	if len(words) != 3 || words[0] != "assumed-role" || !n.has(words[1]) {
		return Call{}, false
	}
	c := Call{
		Event: e.ID, Account: e.Account, Of: part[4], Region: e.Region, Role: words[1], Session: words[2],
		API: strings.TrimSuffix(e.Source, ".amazonaws.com") + ":" + e.Name, Error: e.ErrorCode, IP: e.SourceIP, Via: e.Actor.InvokedBy, At: e.Time, Heard: now,
	}
	if e.Actor.IssuerARN != "" {
		c.Role = e.Actor.IssuerARN
	}
	c.Request, _ = e.Record().Part(event.RequestID).Text()
	if id, ok := strings.CutPrefix(c.Session, n.Session+"-"); ok {
		c.Ticket = id
	}
	if len(e.Resources) > 0 {
		c.Resource = e.Resources[0].ARN
	}
	return c, true
}

// has reports whether a role of ours is called so. A session's ARN leaves the path out.
func (n Names) has(name string) bool {
	for _, r := range n.Roles {
		if r[strings.LastIndexByte(r, '/')+1:] == name {
			return true
		}
	}
	return false
}
