// Package playbook is ticket to steps: it settles tickets.
//
// It is: the definitions people write, and the director that carries them out one journalled transition at a time.
// It takes: a ticket to look at, as often as anybody asks; the rows decide what is next.
// It gives: effects to make, and tickets that are closed on fresh reads or handed to a person with everything known.
// Next door: triage brings the tickets; action makes the effects.
package playbook

import (
	"context"
	"encoding/json"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// The legs of this room and the next.
const (
	Leg      = "playbook" // ref: a ticket's ID
	NextDoor = "action"   // ref: an effect's key
	// Contested looks for what keeps putting back what was repaired, and tells its owner. Ref: a ticket's ID.
	Contested = "contested"
)

// Result is the answer of a fresh look.
type Result string

// The answers. Unknown is never taken for NoMore.
const (
	LookUnknown Result = "unknown"
	StillSo     Result = "still-so"
	NoMore      Result = "no-more"
)

// Sight is one fresh look at whether a finding is still true.
type Sight struct {
	Result   Result
	Text     string            // what was seen, in words
	Resource json.RawMessage   // as read
	At       time.Time         // when the read began: what is said later may be newer
	Params   map[string]string // what the actions that ask for it should know of the target: declared=public, say
	Again    time.Time         // of what is unknown: when a look may tell more, and it is no use before; zero: it will not by itself
}

// Proof says what shows that a finding is true no more: an expectation that passes on fresh reads, or a CEL condition over the
// fresh resource that holds.
type Proof struct {
	Expectation string
	Condition   string
}

// Judge reads the world again.
type Judge interface {
	// Look reads the finding's resource afresh and asks for the proof.
	Look(ctx context.Context, f finding.Finding, p Proof) (Sight, error)
}

// Hands make effects; see action.Catalogue.
type Hands interface {
	Plan(ctx context.Context, actionID string, t effect.Target) (effect.Plan, error)
	Do(ctx context.Context, p effect.Plan) (effect.Result, error)
	Verify(ctx context.Context, p effect.Plan) (effect.Check, error)
	Undo(ctx context.Context, p effect.Plan) (effect.Result, error)
}

// Tickets is what playbook needs of tickets and findings.
type Tickets interface {
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error)
	Tickets(ctx context.Context, filter ticket.Filter) ([]ticket.Ticket, error)
	AppendEntry(ctx context.Context, t *ticket.Ticket, e ticket.Entry) error
	Finding(ctx context.Context, fp finding.Fingerprint) (finding.Finding, bool, error)
	Findings(ctx context.Context, filter finding.Filter) ([]finding.Finding, error)
	SaveFinding(ctx context.Context, f finding.Finding) error
}

// Journal is what playbook writes before and after everything it does.
type Journal interface {
	UnfinishedRuns(ctx context.Context, id ticket.ID) ([]Run, error)
	Run(ctx context.Context, id string) (Run, error)
	SaveRun(ctx context.Context, r Run) error
	Effect(ctx context.Context, key string) (effect.Effect, bool, error)
	Effects(ctx context.Context, filter effect.Filter) ([]effect.Effect, error)
	SaveEffect(ctx context.Context, e effect.Effect) error
	CountEffects(ctx context.Context, playbook, account string, since time.Time) (int, error)
	// Fleet counts the resources of a type in an account, as they were read; 0 when nobody has.
	Fleet(ctx context.Context, of resource.Ref) (int, error)
	Canary(ctx context.Context, playbook, account, hash string) (Canary, bool, error)
	SaveCanary(ctx context.Context, c Canary) error
}

// Inquiries are what software read about findings before anything was done, and what it remembers of that.
type Inquiries interface {
	// Inquiry gives that of a finding in an opening of its ticket; false when there is none.
	Inquiry(ctx context.Context, id ticket.ID, opening int, fp finding.Fingerprint) (Inquiry, bool, error)
	SaveInquiry(ctx context.Context, q Inquiry) error
	Memory(ctx context.Context, key string) (verdict.Memory, bool, error)
	SaveMemory(ctx context.Context, m verdict.Memory) error
}

// Brakes is what can hold everything.
type Brakes interface {
	Brake(ctx context.Context, name string) (effect.Brake, error)
	SetBrake(ctx context.Context, b effect.Brake) error
}

// Work is how a leg learns that there is something to do.
type Work interface {
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
	Waits(ctx context.Context, leg, ref string, by time.Time) (bool, error)
}

// Tx is one transaction.
type Tx interface {
	Tickets
	Journal
	Inquiries
	Brakes
	Work
}

// Store runs transactions.
type Store interface {
	Update(ctx context.Context, do func(Tx) error) error
	View(ctx context.Context, do func(Tx) error) error
}
