package subscription

import (
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/ticket"
)

// Version is that of the form of events. A field may come to be there without a new one; none goes, and none gets another meaning.
const Version = 1

// Change is one link of the chain.
type Change struct {
	Seq   int64
	Kind  string
	ID    string
	Entry *ticket.Entry // of a ticket; nil: it was of another kind
	Was   ticket.State  // of the ticket before; empty: it was not there
}

// What is what has happened to the thing: opened, reopened, closed or changed.
func (c Change) What() string {
	if c.Entry == nil || c.Entry.State == "" {
		return "changed"
	}
	is := c.Entry.State == ticket.Closed
	switch {
	case c.Entry.Seq == 1:
		return "opened"
	case c.Was == ticket.Closed && !is:
		return "reopened"
	case c.Was != ticket.Closed && is:
		return "closed"
	}
	return "changed"
}

// Event is what is posted. It says what has changed and little of how: what there is more to know takes the right to read it.
type Event struct {
	Version  int              `json:"version" doc:"Of this form: 1. Fields may be added to it"`
	ID       string           `json:"id" doc:"The same each time that it is sent, and the webhook-id"`
	Type     string           `json:"type" doc:"The kind with what happened: ticket.opened, ticket.reopened, ticket.closed, ticket.changed, run.asking, run.changed, page.changed …; ping is a trial"`
	Seq      int64            `json:"seq,omitempty" doc:"The place in the chain: events come in this order"`
	Kind     string           `json:"kind,omitempty" doc:"As /api/v1/events has it"`
	Of       string           `json:"of,omitempty" doc:"The ID of what has changed"`
	At       time.Time        `json:"at" doc:"When it changed, of a ticket; else when it was first about to be sent"`
	State    string           `json:"state,omitempty" doc:"Of the thing: of a ticket after this change, of others as it was sent"`
	Severity finding.Severity `json:"severity,omitempty"`
	Account  string           `json:"account,omitempty"`
	Team     string           `json:"team,omitempty" doc:"Who answers for it"`
	Ticket   string           `json:"ticket,omitempty"`
	Link     string           `json:"link,omitempty" doc:"Where people see it"`
}

// name is the ID of what a subscription is told of a change.
func name(subscription string, seq int64) string { return fmt.Sprintf("evt_%s_%d", subscription, seq) }

// post is an event as it goes out.
func (e Event) post(now time.Time) (notice.Post, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return notice.Post{}, fault.Wrap(fault.Internal, err, "write event %s", e.ID)
	}
	return notice.Post{ID: e.ID, Body: body, At: now}, nil
}
