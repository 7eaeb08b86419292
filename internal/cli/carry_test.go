package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// carry does what a running serve would with the tickets of a database, as far as it goes now, with actions that always work:
// carry data/jobzero.db playbooks plan|enforce.
func carry(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: carry DATABASE PLAYBOOKS plan|enforce")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	all, bad := book.Load(os.DirFS(ts.MkAbs(args[1])), ".")
	if len(bad) > 0 {
		ts.Fatalf("%v", bad)
	}
	c := playbook.DefaultConfig()
	c.Mode, c.Settle, c.Reads = playbook.Mode(args[2]), 0, 1
	director := playbook.New(playbook.Options{
		Store: store.In(st, func(tx *store.Tx) playbook.Tx { return tx }), Judge: stagehand{}, Hands: stagehand{}, Now: func() time.Time { return time.Now().UTC() },
		Config: func() playbook.Config { return c }, Playbooks: func() []book.Definition { return all },
		NewID: func(now time.Time) string { return "01JRUN" + now.Format("150405.000000000") },
		Gather: func(context.Context, string, finding.Finding) (playbook.Gathered, error) {
			return playbook.Gathered{Text: "a person", Data: json.RawMessage(`{"kind":"person"}`)}, nil
		},
	})
	for {
		begun, err := once(ctx, st, director)
		ts.Check(err)
		if begun == 0 {
			return
		}
	}
}

// once looks at each ticket that is not closed, and makes the calls that have begun.
func once(ctx context.Context, st *store.Store, d *playbook.Director) (begun int, err error) {
	var tickets []ticket.Ticket
	if err := st.View(ctx, func(tx *store.Tx) error {
		tickets, err = tx.Tickets(ctx, ticket.Filter{})
		return err
	}); err != nil {
		return 0, err
	}
	for _, tk := range tickets {
		if _, err := d.Advance(ctx, string(tk.ID)); err != nil {
			return 0, fmt.Errorf("ticket %s: %w", tk.ID, err)
		}
	}
	var effects []effect.Effect
	if err := st.View(ctx, func(tx *store.Tx) error {
		effects, err = tx.Effects(ctx, effect.Filter{States: []effect.State{effect.Doing, effect.Undoing}})
		return err
	}); err != nil {
		return 0, err
	}
	for _, e := range effects {
		if _, err := d.Act(ctx, e.Key); err != nil {
			return 0, err
		}
	}
	return len(effects), nil
}

// stagehand sees that all is still so, and does what it is told.
type stagehand struct{}

func (stagehand) Look(context.Context, finding.Finding, playbook.Proof) (playbook.Sight, error) {
	return playbook.Sight{Result: playbook.StillSo, Text: "still so", At: time.Now().UTC()}, nil
}

func (stagehand) Plan(_ context.Context, id string, t effect.Target) (effect.Plan, error) {
	calls := []effect.Call{{Permission: "iam:PutUserPolicy", Resource: "arn:aws:iam::111122223333:user/mia", Input: json.RawMessage(`{}`)}}
	return effect.Plan{Action: id, Target: t, Undo: effect.Exact, Calls: calls}, nil
}

func (stagehand) Do(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{Calls: 1}, nil
}

func (stagehand) Verify(context.Context, effect.Plan) (effect.Check, error) {
	return effect.Check{Holds: true, Text: "it holds"}, nil
}

func (stagehand) Undo(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{Calls: 1}, nil
}
