// Package triage is finding to ticket.
//
// It is: the intake that writes a belief down once, and the joining of beliefs about one subject into one ticket with an owner.
// It takes: findings as often as they are seen, in any order.
// It gives: tickets, each with its first work for a playbook in the same transaction.
// Next door: detect and expect report here; playbook takes the tickets.
package triage

import (
	"context"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// The legs that triage writes work for.
const (
	Leg      = "triage"   // ref: a finding's fingerprint
	NextDoor = "playbook" // ref: a ticket's ID
)

const actor = "jobzero/triage"

// Findings is what triage needs of the findings' table.
type Findings interface {
	Finding(ctx context.Context, fp finding.Fingerprint) (finding.Finding, bool, error)
	SaveFinding(ctx context.Context, f finding.Finding) error
	AddSighting(ctx context.Context, fp finding.Fingerprint, sighting string, at time.Time) (bool, error)
	Findings(ctx context.Context, filter finding.Filter) ([]finding.Finding, error)
	AddUnread(ctx context.Context, fp finding.Fingerprint, what string, at time.Time) error
	UnreadOf(ctx context.Context, what string) ([]finding.Fingerprint, error)
	DropUnread(ctx context.Context, fp finding.Fingerprint, what string) (left int, err error)
}

// Tickets is what triage needs of the tickets' table.
type Tickets interface {
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error)
	TicketOf(ctx context.Context, subject string) (ticket.Ticket, bool, error)
	AppendEntry(ctx context.Context, t *ticket.Ticket, e ticket.Entry) error
	Timeline(ctx context.Context, id ticket.ID) ([]ticket.Entry, error)
	SaveReview(ctx context.Context, r ticket.Review) error
	// Refuse forgets by what findings of a ticket were closed, and has the like of them closed by nothing for a time.
	Refuse(ctx context.Context, id ticket.ID, now time.Time) error
}

// Work is how the next leg learns that there is something to do.
type Work interface {
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
}

// Tx is one transaction.
type Tx interface {
	Findings
	Tickets
	Work
}

// Store runs transactions.
type Store interface {
	Update(ctx context.Context, do func(Tx) error) error
}

// Owners says who answers for a resource; see org.Org.
type Owners interface {
	OwnerOf(ref resource.Ref, tags map[string]string, arn string) ticket.Owner
}
