package console

import (
	"context"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/expect/standing"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/internal/ticket/rates"
)

// Tickets is what pages read of tickets.
type Tickets interface {
	Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error)
	TicketOf(ctx context.Context, subject string) (ticket.Ticket, bool, error)
	TicketPage(ctx context.Context, q ticket.Query) (ticket.Page, error)
	WorstTickets(ctx context.Context, state ticket.State, limit int) ([]ticket.Ticket, error)
	CountTickets(ctx context.Context, bound int) (map[ticket.State]int, error)
	Timeline(ctx context.Context, id ticket.ID) ([]ticket.Entry, error)
	InquiriesOf(ctx context.Context, id ticket.ID) ([]playbook.Inquiry, error)
	Reviews(ctx context.Context, id ticket.ID) ([]ticket.Review, error)
	SavedViews(ctx context.Context, who string) ([]ticket.View, error)
}

// Findings is what pages read of findings and of what could not be read.
type Findings interface {
	Finding(ctx context.Context, fp finding.Fingerprint) (finding.Finding, bool, error)
	Findings(ctx context.Context, f finding.Filter) ([]finding.Finding, error)
	FindingPage(ctx context.Context, q finding.Query) (finding.Page, error)
	CountFindings(ctx context.Context, state finding.State, bound int) (int, error)
	Letter(ctx context.Context, id string) (event.Letter, error)
	LetterPage(ctx context.Context, q event.LetterQuery) (event.LetterPage, error)
	CountLetters(ctx context.Context, state event.LetterState, bound int) (int, error)
}

// Deeds is what pages read of what was done.
type Deeds interface {
	Effects(ctx context.Context, f effect.Filter) ([]effect.Effect, error)
	Run(ctx context.Context, id string) (playbook.Run, error)
	RunsOf(ctx context.Context, id ticket.ID) ([]playbook.Run, error)
	RunPage(ctx context.Context, q playbook.RunQuery) (playbook.RunPage, error)
	CountRuns(ctx context.Context) (map[string]map[playbook.RunState]int, error)
	Brake(ctx context.Context, name string) (effect.Brake, error)
}

// Standings is what pages read of resources.
type Standings interface {
	StandingAccount(ctx context.Context, after string) (string, bool, error)
	StandingPage(ctx context.Context, of resource.Ref, failing bool, after string, limit int) ([]standing.Row, string, error)
	Standing(ctx context.Context, key string) (standing.Row, bool, error)
	Scored(ctx context.Context, after string) (string, bool, error)
	Scores(ctx context.Context, of standing.Group, since time.Time) ([]standing.Score, error)
}

// Duties is what pages read of who is on duty and who is asked.
type Duties interface {
	Handoff(ctx context.Context, id handoff.ID) (handoff.Handoff, error)
	Handoffs(ctx context.Context, rota string, states []handoff.State, until time.Time, limit int) ([]handoff.Handoff, error)
	Changes(ctx context.Context, rota string, after time.Time) ([]oncall.Change, error)
	Page(ctx context.Context, id escalate.ID) (escalate.Page, error)
	Pages(ctx context.Context, f escalate.Filter) ([]escalate.Page, error)
	Calls(ctx context.Context, id escalate.ID) ([]escalate.Call, error)
	TicketsOfPage(ctx context.Context, id escalate.ID, limit int) ([]ticket.ID, error)
}

// Tx is one unchanging state of the store.
type Tx interface {
	Tickets
	Findings
	Deeds
	Standings
	Duties
}

// Reader gives it.
type Reader interface {
	View(ctx context.Context, f func(Tx) error) error
}

// Keeper keeps what is only of the console.
type Keeper interface {
	Update(ctx context.Context, f func(Shelf) error) error
}

// Shelf is what somebody has put in order for themselves.
type Shelf interface {
	SavedViews(ctx context.Context, who string) ([]ticket.View, error)
	SaveView(ctx context.Context, who string, v ticket.View) error
	DropView(ctx context.Context, who, name string) error
}

// Knowledge is what people have written, as the house has it now.
type Knowledge struct {
	Rules []detect.Rule
	// Expectation gives one by its ID. There are hundreds, and each is read when it is first asked for: no page asks for all.
	Expectation func(id string) (*expect.Expectation, bool)
	Playbooks   []book.Definition
	Waivers     []org.Waiver
	Accounts    map[string]string // names by ID, where they are known
}

// Leg is one stretch of the road as it is now.
type Leg struct {
	flow.Leg
	Waiting  int           // things that wait to be looked at
	Poisoned int           // of them, those that were given up
	Lag      time.Duration // for how long the oldest has been due
	Minute   int           // looked at in the last whole minute, by this process
	Hour     []int         // by minute, the oldest first
	Failed   int           // in the last hour
	Mean     time.Duration // how long one took in the last hour; 0: there was none
}

// Rates is how much is settled without a person, as far as it was counted.
type Rates struct {
	rates.Rate
	Since   time.Time // only openings since then
	At      time.Time // when it was counted; zero: it is being counted for the first time
	Partial bool      // only the newest of them were looked at
}

// Duty is who is on duty in one rota.
type Duty struct {
	Rota      string
	Person    string
	Site      string
	Secondary string
	Since     time.Time
	Until     time.Time
	Next      string
}

// Shift is one stretch of a rota.
type Shift struct {
	Rota, Site, Person, Secondary string
	From, To                      time.Time
}

// Part is the share that was settled without a person, for templates; there is one only where there is anything to be a part of.
func (r Rates) Part() float64 {
	share, _ := r.Share()
	return share
}

// Wrongly is the share of those reviewed that was closed wrongly.
func (r Rates) Wrongly() float64 {
	share, _ := r.FalseClose()
	return share
}
