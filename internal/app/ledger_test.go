package app

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/ledger"
	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

// folder is a house over a folder, and its clock.
func folder(t *testing.T, dir string) (*House, *dials) {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Listen, c.Ledger.Leaves = dir, "127.0.0.1:0", 5
	clock := &dials{monday.Add(72 * time.Hour)}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	return h, clock
}

func ends(t *testing.T, h *House) {
	t.Helper()
	if err := h.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func folds(t *testing.T, h *House) {
	t.Helper()
	for {
		next, err := h.foldLedger(t.Context(), organisation)
		if err != nil {
			t.Fatal(err)
		}
		if next.After(h.clock.Now()) {
			return
		}
	}
}

func facts(t *testing.T, h *House) []ledger.Fact {
	t.Helper()
	l, _, err := Ledger(t.Context(), h.store, "", ledger.Options{Leaves: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return l.Facts()
}

// TestLedgerOnce: whatever batches events come in and come again, before they are folded, after it, and in a process that knows nothing of
// those before it, each counts once; the ledger is that of the events in memory.
func TestLedgerOnce(t *testing.T) {
	dir := t.TempDir()
	h, _ := folder(t, dir)
	all := twoDays(t, rand.New(rand.NewPCG(1, 2)))
	want := ledger.New(ledger.Options{Leaves: 5})
	for _, e := range all {
		want.Add(e.Record())
	}
	give := func(h *House, n int, events []*event.Event) {
		t.Helper()
		for len(events) > 0 {
			n := min(n, len(events))
			if err := h.detect(t.Context(), "q", events[:n]); err != nil {
				t.Fatal(err)
			}
			events = events[n:]
		}
	}
	half := len(all) / 2
	give(h, 7, all[:half])
	folds(t, h)
	give(h, 7, all[half:]) // it ends before these are folded: whoever comes after it knows what is in the store, as after kill -9
	ends(t, h)
	after, _ := folder(t, dir)
	give(after, 11, all[half-20:]) // nobody acknowledged these
	folds(t, after)
	after.folding = folding{version: 1, memory: ledger.NewMemory(1)} // another process has folded since
	give(after, 5, all[:10])
	folds(t, after)
	ends(t, after)
	last, clock := folder(t, dir)
	give(last, 3, all[:50])
	folds(t, last)
	got := facts(t, last)
	if d := cmp.Diff(want.Facts(), got); d != "" {
		t.Errorf("(-in memory +in the store):\n%s", d)
	}
	l, told, err := Ledger(t.Context(), last.store, "arn:aws:iam::111122223333:user/anna", ledger.Options{})
	c := l.Counts()
	if err != nil || told.Waiting > 0 || c.Kept != int64(len(all)) || c.Left[ledger.Duplicate] == 0 || c.Events != c.Kept+c.Left[ledger.Duplicate] {
		t.Errorf("%+v, %+v of %d events, %v", told, c, len(all), err)
	}
	clock.now = clock.now.AddDate(0, 0, 398)
	if _, err := last.upkeep(t.Context(), sightings); err != nil {
		t.Fatal(err)
	}
	_, told, err = Ledger(t.Context(), last.store, "", ledger.Options{})
	if left := facts(t, last); err != nil || len(left) == 0 || len(left) >= len(got) || told.Forgotten == 0 {
		t.Errorf("after 398 days %d of %d are left, %+v, %v", len(left), len(got), told, err)
	}
}

// TestLedgerSaves: when the store refuses, nothing is lost and nothing counts twice; what cannot be read is counted and does not stop
// what follows.
func TestLedgerSaves(t *testing.T) {
	h, _ := folder(t, t.TempDir())
	at := monday.Add(time.Hour)
	events := []*event.Event{call(t, "anna", "ListBuckets", "198.51.100.7", "x", at), call(t, "anna", "ListBuckets", "198.51.100.7", "x", at.Add(time.Hour))}
	if err := h.detect(t.Context(), "q", events); err != nil {
		t.Fatal(err)
	}
	err := h.store.Update(t.Context(), func(tx *store.Tx) error { return tx.AddSheaf(t.Context(), []byte("no sheaf"), at) })
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	if _, err := h.loadLedger(t.Context()); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := h.foldLedger(ended, organisation); err == nil {
		t.Fatal("it folds though it was called off")
	}
	folds(t, h)
	_, told, err := Ledger(t.Context(), h.store, "", ledger.Options{})
	if got := facts(t, h); err != nil || len(got) != 1 || got[0].Times != 2 || told.Unread != 1 {
		t.Errorf("%+v, %+v, %v", got, told, err)
	}
	h.config.Ledger.Days = 0
	if next, err := h.foldLedger(t.Context(), organisation); err != nil || !next.IsZero() {
		t.Errorf("switched off, it goes on at %v, %v", next, err)
	}
}
