package app

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// What was shut is found at work by whatever call, also in a session that was made with the key, and brings its ticket back; what a person has
// taken back is not.
func TestWhatWasShutIsFoundAtWork(t *testing.T) {
	h := newHouse(t)
	in := intake(t, h)
	in.Reused = NewReused(time.Minute)
	at := time.Date(2026, 3, 2, 9, 15, 0, 0, time.UTC) // between the taking on of the role and the call
	ref := resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIA1"}
	tk := ticket.Start("T1", finding.Finding{Title: "leaked", Severity: finding.High, Account: ref.Account, Resource: &ref, Occurred: at, Detected: at}, ticket.Owner{}, at)
	e := effect.Effect{
		Key: "r/off", Ticket: "T1", Run: "r", Step: "off", Account: ref.Account, State: effect.Done, Began: at, Ended: at,
		Plan: effect.Plan{Action: "iam.deactivate-access-key", Shuts: effect.ShutsKey, Target: effect.Target{Ref: ref}},
	}
	save := func() {
		t.Helper()
		err := h.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveEffect(t.Context(), e) })
		if err != nil {
			t.Fatal(err)
		}
	}
	err := h.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AppendEntry(t.Context(), &tk, ticket.Entry{At: at, Actor: "test", Kind: "opened", Text: "leaked"})
	})
	if err != nil {
		t.Fatal(err)
	}
	now := at.Add(time.Hour)
	reused := func(events ...*event.Event) (n int) {
		t.Helper()
		for _, f := range take(t, in, now, events...) {
			if f.Kind != finding.Reused {
				continue
			}
			n++
			if f.Subject() != tk.Subject {
				t.Errorf("it is about %s, and not about %s", f.Subject(), tk.Subject)
			}
		}
		return n
	}
	if n := reused(assumed(t, "ASIA1"), deleted(t, "d-0", "ASIA1")); n != 0 {
		t.Errorf("%d findings before anything was shut", n)
	}
	save()
	in.Reused = NewReused(time.Minute) // as a process that begins now
	if n := reused(deleted(t, "d-1", "ASIA1")); n != 1 {
		t.Errorf("a session of the key is at work: %d findings", n)
	}
	if n := reused(signed(t, "k-1", "AKIA1", "09:20")); n != 1 {
		t.Errorf("the key is at work: %d findings", n)
	}
	if n := reused(signed(t, "k-2", "AKIA1", "09:10"), signed(t, "k-3", "AKIA2", "09:20")); n != 0 {
		t.Errorf("%d findings of late records and another key", n)
	}
	e.State = effect.Undone
	save()
	if n := reused(signed(t, "k-4", "AKIA1", "09:40")); n != 0 {
		t.Errorf("%d findings of what a person has taken back", n)
	}
}

func signed(t *testing.T, id, key, at string) *event.Event {
	t.Helper()
	return parsed(t, fmt.Sprintf(`{"eventID":%q,"eventTime":"2026-03-02T%s:00Z","eventName":"ListBuckets","eventSource":"s3.amazonaws.com","recipientAccountId":"111122223333",
"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia","accountId":"111122223333","accessKeyId":%q}}`, id, at, key))
}
