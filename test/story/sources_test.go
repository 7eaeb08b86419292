package story

import (
	"context"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// Events get lost. What exists is read from time to time, and an offence of which no event ever came is mended all the same.
func TestASweepFindsWhatNoEventToldOf(t *testing.T) {
	const account = "777788889999" // nothing of the other stories is in it
	h := begin(t, world.Options{Enforce: true, Accounts: []string{account}, Sweep: time.Hour, Settle: 300 * time.Millisecond})
	o, err := shared.OpenSSH(t.Context(), account, name("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	start(t, h)
	mended(t, h, o)
	m, err := h.Measures(t.Context())
	if err != nil || m.Events("eventbridge") != 0 {
		t.Errorf("an event told of it after all: %v", err)
	}
}

// An envelope is written by EventBridge, the record in it by whoever sent it. Where they contradict each other nobody is
// believed.
func TestAForgedEnvelopeIsADeadLetter(t *testing.T) {
	h := begin(t, world.Options{Enforce: true})
	record(t)
	start(t, h)
	o, err := shared.PublicBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Send(t.Context(), world.Sandbox, o.Record); err != nil {
		t.Fatal(err)
	}
	var letters []event.Letter
	until(t, "there is a dead letter", func(context.Context) (bool, error) {
		letters = list[event.Letter](t, h, "deadletter", "list")
		return len(letters) > 0, nil
	})
	l := letters[0]
	for _, word := range []string{"provenance", world.Prod, world.Sandbox} {
		if !strings.Contains(l.Reason, word) {
			t.Errorf("the reason does not say %s: %s", word, l.Reason)
		}
	}
	if _, err := h.Run(t.Context(), "deadletter", "replay", l.ID, "--config", "jobzero.yaml"); err == nil {
		t.Error("replaying let it in")
	}
	wait(t, time.Second)
	if all := list[ticket.Ticket](t, h, "ticket", "list"); len(all) > 0 {
		t.Errorf("there are tickets: %+v", all)
	}
	wroteNothing(t)
	untouched(t, o)
}

// CloudTrail's files come minutes later and are complete; EventBridge is quick and is not. Who listens to both hears most
// things twice, and counts them once, also when the house was started anew in between.
func TestTheSlowWayAndTheFastWayCountOnce(t *testing.T) {
	trail, err := shared.Trail(t.Context(), name("trail"))
	if err != nil {
		t.Fatal(err)
	}
	h := begin(t, world.Options{Trail: trail.Queue, Visibility: 2 * time.Second})
	start(t, h)
	o, err := shared.OpenSSH(t.Context(), world.Sandbox, name("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trail.Deliver(t.Context(), world.Sandbox, o.Record); err != nil {
		t.Fatal(err)
	}
	withPerson(t, h, o.Subject)
	once(t, h, o.Subject)
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	start(t, h)
	told(t, o, nil)
	digested(t, h, 1, 1)
	once(t, h, o.Subject)
	if dead := list[event.Letter](t, h, "deadletter", "list"); len(dead) > 0 {
		t.Errorf("there are dead letters: %+v", dead)
	}
}

// once checks that the rule's finding about the subject counts one sighting.
func once(t *testing.T, h *world.House, subject resource.Ref) {
	t.Helper()
	n := 0
	for _, f := range list[finding.Finding](t, h, "finding", "list") {
		if f.Kind != finding.Rule || f.Subject() != subject.Key() {
			continue
		}
		n++
		if f.Count != 1 {
			t.Errorf("%s: counted %d times", f.Title, f.Count)
		}
	}
	if n != 1 {
		t.Errorf("%d findings of rules about %s, want 1", n, subject)
	}
}
