package cli_test

import (
	"context"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

// handoffs puts the handoff of the shift that is under way into a database, as serve writes it, with pia as the one who is asked: handoffs data/jobzero.db.
func handoffs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: handoffs DATABASE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	set, err := oncall.Sample()
	ts.Check(err)
	p, err := set.Plan("", oncall.Facts{})
	ts.Check(err)
	now := p.At(time.Now())
	h := handoff.Write(handoff.Planned{
		Shift: oncall.Shift{Rota: now.Rota, Site: "Dublin", Start: now.Primary.Since, End: now.Primary.Until},
		From:  oncall.Holder{Person: "omar", Since: now.Primary.Since.Add(-6 * time.Hour)}, To: "pia", Other: "tess",
	}, handoff.Document{
		Written: now.Primary.Since.Add(-handoff.Before), Unread: []string{"pages: nothing tells of them here yet"},
		Parts: []handoff.Part{handoff.NewPart(handoff.Tickets, []handoff.Item{{ID: "01A", Title: "A bucket is public", Level: "high", State: "open"}}, false)},
	})
	ts.Check(st.Update(ctx, func(tx *store.Tx) error { return tx.SaveHandoff(ctx, h) }))
}
