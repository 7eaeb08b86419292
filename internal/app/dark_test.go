package app

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

func newHouse(t *testing.T) *House {
	t.Helper()
	c := config.Default()
	c.DataDir, c.Listen, c.Sweep.Every = t.TempDir(), "127.0.0.1:0", time.Hour
	c.Accounts = []config.Account{{ID: "111122223333", Regions: []string{"eu-central-1"}}}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	return h
}

// worked does the triage that is due, and gives the tickets.
func worked(t testing.TB, h *House) (all []ticket.Ticket) {
	t.Helper()
	now := h.clock.Now().Add(time.Second)
	due, err := h.store.Unsent(t.Context(), triage.Leg, now, now, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, hint := range due {
		if _, err := h.triager.Triage(t.Context(), hint.Ref); err != nil {
			t.Fatal(err)
		}
	}
	err = h.store.View(t.Context(), func(tx storeTx) error {
		all, err = tx.Tickets(t.Context(), ticket.Filter{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// halfRead is a bucket whose own block is read and wrong, and of which the rest could not be read.
func halfRead(n int, code fault.Code) resource.Resource {
	return resource.Resource{
		Ref:        resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("bucket-%d", n)},
		Properties: map[string]any{"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": false}},
		Related:    map[string]any{},
		Unknown:    []resource.Unknown{{Path: "related", Cause: "no permission", Code: code}, {Path: "tags", Cause: "no permission", Code: code}},
	}
}

// What can be told of a bucket is told for each; what cannot be read is told once for all of them.
func TestWhatIsDeniedIsOneTicketAndWhatIsWrongIsOneEach(t *testing.T) {
	h := newHouse(t)
	for n := range 3 {
		if o, err := h.judge(t.Context(), halfRead(n, fault.Denied), h.clock.Now()); err != nil || o.unread != fault.Denied {
			t.Fatalf("unread %q: %v", o.unread, err)
		}
	}
	dark := 0
	for _, tk := range worked(t, h) {
		if tk.Resource.ID == "*" {
			dark++
		}
	}
	var unknown, failed int
	err := h.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Findings(t.Context(), finding.Filter{})
		for _, f := range all {
			switch {
			case f.Kind == finding.Unread:
				unknown++
			case f.Unknown:
				t.Errorf("unknown for itself: %s: %s", f.By, f.Why)
			default:
				failed++
			}
		}
		return err
	})
	if err != nil || dark != 1 || unknown != 1 || failed < 3 {
		t.Errorf("%d tickets and %d findings of what cannot be read, %d of what is wrong: %v", dark, unknown, failed, err)
	}
}

// What does not answer is read again, with growing pauses, before anybody is told.
func TestWhatDoesNotAnswerIsTriedAgainFirst(t *testing.T) {
	h := newHouse(t)
	o, err := h.judge(t.Context(), halfRead(1, fault.Unavailable), h.clock.Now())
	if err != nil || o.unread != fault.Unavailable {
		t.Fatalf("unread %q: %v", o.unread, err)
	}
	for _, tk := range worked(t, h) {
		if tk.Resource.ID == "*" {
			t.Errorf("somebody was told at once: %+v", tk)
		}
	}
	key := halfRead(1, "").Key()
	if err := h.poisoned(t.Context(), legInventory, key, fault.New(fault.Unavailable, "no answer in time")); err != nil {
		t.Fatal(err)
	}
	dark := 0
	for _, tk := range worked(t, h) {
		if tk.Resource.ID == "*" {
			dark++
		}
	}
	if dark != 1 {
		t.Errorf("want one ticket when it was given up, got %d", dark)
	}
}
