package cli_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// closings fills the database at a path with tickets of yesterday: two that a verdict closed, one that a person closed, and one that is open.
func closings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: closings DATABASE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	ts.Check(st.Update(ctx, func(tx *store.Tx) error {
		for i, by := range []string{"jobzero/playbook", "jobzero/playbook", "person/kim", ""} {
			if err := putClosing(ctx, tx, i, by); err != nil {
				return err
			}
		}
		return nil
	}))
}

func putClosing(ctx context.Context, tx *store.Tx, i int, by string) error {
	at := time.Now().UTC().Add(-24 * time.Hour)
	f := finding.Finding{
		Fingerprint: finding.Fingerprint(fmt.Sprintf("%032d", i)), Kind: finding.Rule, By: "code-changed", Title: "Code was changed", Severity: finding.High,
		Account: "111122223333", Principal: fmt.Sprintf("arn:aws:iam::111122223333:role/deploy-%d", i), Occurred: at, Detected: at, LastSeen: at, Count: 1, State: finding.Open,
	}
	id := ticket.ID(fmt.Sprintf("01JD7ZC%018d%d", 0, i))
	k := ticket.Start(id, f, ticket.Owner{}, at)
	if err := tx.AppendEntry(ctx, &k, ticket.Entry{At: at, Actor: "jobzero/triage", Kind: "opened", Text: "Code was changed"}); err != nil {
		return err
	}
	q := playbook.Inquiry{
		Ticket: id, Finding: f.Fingerprint, By: f.By, Account: f.Account, Principal: f.Principal, Occurred: at, At: at, Recalled: fmt.Sprintf("key-%d", i),
		Opinion: verdict.Opinion{ID: "known-tool", Word: verdict.KnownTool, Confidence: verdict.Likely, Close: true}, Closed: by == "jobzero/playbook",
	}
	if err := tx.SaveInquiry(ctx, q); err != nil {
		return err
	}
	if by != "" {
		f.State = finding.Done
		if err := k.Move(ticket.Closed, "a tool of ours", at.Add(time.Minute)); err != nil {
			return err
		}
		if err := tx.AppendEntry(ctx, &k, ticket.Entry{At: at.Add(time.Minute), Actor: by, Kind: "state", Text: "Closed: a tool of ours"}); err != nil {
			return err
		}
	}
	f.Ticket = string(id)
	return tx.SaveFinding(ctx, f)
}
