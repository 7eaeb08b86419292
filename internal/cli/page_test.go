package cli_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/app"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/org"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// duty has ana on duty, and bo behind her.
type duty struct{}

// OnDuty says who is.
func (duty) OnDuty(context.Context, string, time.Time) (string, string, error) {
	return "ana", "bo", nil
}

// Zone is not known of anybody.
func (duty) Zone(string) *time.Location { return nil }

// paged fills the database at a path with tickets that came to a person a minute ago, and has the pager do what is due: a storm of three of
// high severity in one account, and one that is critical in another, opened five hours ago.
func paged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: paged DATABASE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	policy, err := escalate.Default()
	ts.Check(err)
	now, named := time.Now().UTC().Add(-time.Minute), 0
	g := pager.New(pager.Options{
		Store: app.PageStore(st), Roster: duty{}, Policy: func() escalate.Policy { return policy }, Org: func() *org.Org { return nil },
		NewID: func(time.Time) escalate.ID { named++; return escalate.ID(fmt.Sprintf("01PAGE%020d", named)) }, Now: func() time.Time { return now },
	})
	for i := range 4 {
		tk := ticket.Ticket{
			ID: ticket.ID(fmt.Sprintf("01JD7ZC%018d%d", 0, i)), Subject: fmt.Sprint("s", i), Title: "A bucket is public", Severity: finding.High, State: ticket.Human,
			Reason: "no playbook settles it", Account: "111122223333", Clocks: ticket.Clocks{Occurred: now, Detected: now, Opened: now},
		}
		if i == 3 {
			tk.Title, tk.Severity, tk.Account = "A key is at work in two places", finding.Critical, "444455556666"
			tk.Clocks.Opened = now.Add(-5 * time.Hour)
		}
		ts.Check(st.Update(ctx, func(tx *store.Tx) error {
			return tx.AppendEntry(ctx, &tk, ticket.Entry{At: now, Actor: "jobzero/triage", Kind: "opened", Text: tk.Title})
		}))
		_, err := g.Advance(ctx, pager.TicketRef(tk.ID))
		ts.Check(err)
	}
	for i := range named {
		_, err := g.Advance(ctx, pager.PageRef(escalate.ID(fmt.Sprintf("01PAGE%020d", i+1))))
		ts.Check(err)
	}
}
