package pager

import (
	"context"
	"errors"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
	"jobzero/internal/ticket"
)

// Leg is the name of the leg. Its refs are what PageRef and TicketRef write, and Overdue and Clock.
const Leg = "oncall"

// Workers is how many pages are passed on at once in a process. Each waits for the disk three times, and those that wait go there together.
const Workers = 16

// The refs that are looked at again and again.
const (
	Overdue = "overdue" // tickets that are open for too long, and that no page tells of
	Clock   = "clock"   // pages that wait for too long since the clock was put back
)

// PageRef names a page that may be due.
func PageRef(id escalate.ID) string { return "page/" + string(id) }

// TicketRef names a ticket that came to a person or was closed.
func TicketRef(id ticket.ID) string { return "ticket/" + string(id) }

const actor = "jobzero/oncall"

// Tx is one transaction.
type Tx interface {
	Paging
	Calling
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error)
	Findings(ctx context.Context, f finding.Filter) ([]finding.Finding, error)
	AppendEntry(ctx context.Context, t *ticket.Ticket, e ticket.Entry) error
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
}

// Paging is what is kept of pages.
type Paging interface {
	Page(ctx context.Context, id escalate.ID) (escalate.Page, error)
	SavePage(ctx context.Context, p escalate.Page) error
	PagesAfter(ctx context.Context, after escalate.ID, limit int) ([]escalate.Page, error)
	PageOf(ctx context.Context, id ticket.ID) (escalate.ID, error)
	PagesOfWord(ctx context.Context, word string, since time.Time, limit int) ([]escalate.Page, error)
	JoinPage(ctx context.Context, id escalate.ID, of ticket.ID, groupedBy []string, at time.Time) error
	LeavePage(ctx context.Context, id escalate.ID, of ticket.ID) (bool, error)
	Untold(ctx context.Context, id escalate.ID, answered time.Time, limit int) ([]ticket.ID, error)
	TellTicket(ctx context.Context, id escalate.ID, of ticket.ID, answered time.Time) error
	Unpaged(ctx context.Context, after ticket.ID, before time.Time, limit int) ([]ticket.ID, error)
}

// Calling is what is kept of calls.
type Calling interface {
	AddCall(ctx context.Context, c escalate.Call) (bool, error)
	Call(ctx context.Context, key string) (escalate.Call, error)
	MoveCall(ctx context.Context, c escalate.Call) error
	Calls(ctx context.Context, id escalate.ID) ([]escalate.Call, error)
}

// Store runs transactions.
type Store interface {
	Update(ctx context.Context, do func(Tx) error) error
	View(ctx context.Context, do func(Tx) error) error
}

// Roster says who is on duty.
type Roster interface {
	// OnDuty are the two people on duty of a rota; an empty name is the first rota. An error says why nobody is known to be.
	OnDuty(ctx context.Context, rota string, at time.Time) (primary, secondary string, err error)
	// Zone is where a person lives, nil when that is not known.
	Zone(person string) *time.Location
}

// Carrier brings calls to people. Both are called in the transaction that decides, so that nobody is asked who is not called.
type Carrier interface {
	Carry(ctx context.Context, tx Tx, p escalate.Page, c escalate.Call) error
	// Spare says that what was not delivered of a page need not be any more.
	Spare(ctx context.Context, tx Tx, p escalate.Page, why string) error
}

// Options are what New needs. Policy and Org are asked each time, so that a reload counts at once.
type Options struct {
	Store   Store
	Roster  Roster  // nil: nobody is ever on duty
	Carrier Carrier // nil: calls stay as they are
	Policy  func() escalate.Policy
	Org     func() *org.Org
	NewID   func(now time.Time) escalate.ID
	Now     func() time.Time
}

// Pager carries pages out. It keeps nothing in memory: a killed process loses nothing.
type Pager struct{ Options }

// New makes a pager.
func New(o Options) *Pager { return &Pager{o} }

// errMoved says that the page changed between looking and writing; the loop looks again.
var errMoved = errors.New("the page moved on")

// Advance is the durable leg: it does what is due for a ref, and says when to look again.
func (g *Pager) Advance(ctx context.Context, ref string) (time.Time, error) {
	kind, id, _ := strings.Cut(ref, "/")
	switch {
	case ref == Overdue:
		return g.overdue(ctx)
	case ref == Clock:
		return g.mend(ctx)
	case kind == "ticket" && id != "":
		return time.Time{}, g.hear(ctx, ticket.ID(id))
	case kind == "page" && id != "":
		return g.carry(ctx, escalate.ID(id))
	}
	return time.Time{}, fault.New(fault.Invalid, "%q is neither a page nor a ticket: want page/ID, ticket/ID, %s or %s", ref, Overdue, Clock)
}
