package cli_test

import (
	"context"
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/access/ledger"
	"jobzero/internal/store"
)

// deeds puts a ledger's file into a database, as a serve would have made it of the same events: deeds FILE DATABASE.
func deeds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: deeds FILE DATABASE")
	}
	ctx := context.Background()
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	l, err := ledger.Read(args[0], f, ledger.Options{})
	ts.Check(err)
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[1]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	c := l.Counts()
	h := store.Harvest{Facts: l.Facts(), Leaves: 100, Counts: map[string]int64{"events": c.Events, "kept": c.Kept, store.Forgotten: 3}}
	for why, n := range c.Left {
		h.Counts["left "+string(why)] = n
	}
	ts.Check(st.Update(ctx, func(tx *store.Tx) error { return tx.SaveLedger(ctx, h) }))
}
