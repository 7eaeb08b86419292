package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect/ours"
	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

const repaired = ticket.ID("01JD7ZC6P4ZQX5V8KJ0N3M2R1T")

// byUs is a record of now of a call of our responder for a ticket.
func (w *two) byUs(id, request string) []byte {
	return fmt.Appendf(nil, `{"eventVersion":"1.08","eventID":%q,"requestID":%q,"eventName":"PutBucketPolicy","eventSource":"s3.amazonaws.com","eventTime":%q,"awsRegion":"eu-central-1",
"readOnly":false,"managementEvent":true,"eventCategory":"Management","eventType":"AwsApiCall","recipientAccountId":"111122223333","sourceIPAddress":"198.51.100.7",
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/jobzero-responder/jobzero-%s"}}`,
		id, request, w.clock.now.Format(time.RFC3339), repaired)
}

// logs puts a call into our own log.
func (w *two) logs(request string) {
	w.Helper()
	w.ok(w.house.store.Update(w.ctx, func(tx storeTx) error {
		tk, err := tx.Ticket(w.ctx, repaired)
		if err != nil {
			tk = ticket.Ticket{ID: repaired, Subject: "s3|111122223333|orders", Account: shop}
		}
		made := effect.Made{API: "s3:PutBucketPolicy", Account: shop, Region: "eu-central-1", At: w.clock.now, Request: request}
		return tx.AppendEntry(w.ctx, &tk, ticket.Entry{At: w.clock.now, Actor: "jobzero/playbook", Kind: "effect", Made: []effect.Made{made}})
	}))
}

// asked runs the leg that judges our calls.
func (w *two) asked(ref string) time.Time {
	w.Helper()
	again, err := w.house.reconcile(w.ctx, ref)
	w.ok(err)
	return again
}

func (w *two) told(by string) (all []finding.Finding) {
	w.Helper()
	w.ok(w.house.store.View(w.ctx, func(tx storeTx) (err error) {
		all, err = tx.Findings(w.ctx, finding.Filter{By: by})
		return err
	}))
	return all
}

func ourHouse(t *testing.T) *two {
	t.Helper()
	return bothWaysHouse(t, func(c *config.Config) { c.Accounts = []config.Account{{ID: shop, Regions: []string{"eu-central-1"}}} })
}

// TestACallThatIsNotInOurLogIsTold: what is in the log is not told; what is not is told once the log has had its time, by both ways once.
func TestACallThatIsNotInOurLogIsTold(t *testing.T) {
	w := ourHouse(t)
	w.live(w.byUs("e1", "R1"), w.byUs("e2", "R2"))
	if again := w.asked(ownCalls); !again.Equal(w.clock.now.Add(15 * time.Minute)) {
		t.Errorf("looks again at %s", again)
	}
	if got := w.told(ours.ByCall); len(got) > 0 {
		t.Fatalf("told before the log has had its time: %+v", got)
	}
	w.logs("R1")
	w.clock.now = w.clock.now.Add(15 * time.Minute)
	w.stored(w.byUs("e2", "R2"))
	if again := w.asked(ownCalls); !again.IsZero() {
		t.Errorf("looks again at %s, and nothing waits", again)
	}
	got := w.told(ours.ByCall)
	if len(got) != 1 || got[0].Count != 1 || got[0].Severity != finding.High || !strings.Contains(got[0].Why, "R2") || !strings.Contains(got[0].Why, string(repaired)) {
		t.Fatalf("told: %+v", got)
	}
	if _, err := w.house.triager.Triage(w.ctx, string(got[0].Fingerprint)); err != nil {
		t.Fatal(err)
	}
	if tk := w.told(ours.ByCall)[0].Ticket; tk == "" {
		t.Error("no ticket was opened")
	}
}

// TestACallWaitsForAnAttemptUnderWay: the record may still come; for ever it does not wait.
func TestACallWaitsForAnAttemptUnderWay(t *testing.T) {
	w := ourHouse(t)
	w.logs("R0")
	e := effect.Effect{Key: "run/step", Ticket: string(repaired), Run: "run", Account: shop, State: effect.Doing, Calling: true, Began: w.clock.now}
	w.ok(w.house.store.Update(w.ctx, func(tx storeTx) error { return tx.SaveEffect(w.ctx, e) }))
	w.live(w.byUs("e1", "R1"))
	w.clock.now = w.clock.now.Add(time.Hour)
	if again := w.asked(ownCalls); again.IsZero() || len(w.told(ours.ByCall)) > 0 {
		t.Errorf("looks again at %s, told %v", again, w.told(ours.ByCall))
	}
	w.logs("R1") // the attempt ends and leaves its record
	if again := w.asked(ownCalls); !again.IsZero() || len(w.told(ours.ByCall)) > 0 {
		t.Errorf("looks again at %s, told %v", again, w.told(ours.ByCall))
	}
	w.live(w.byUs("e2", "R2"))
	w.clock.now = w.clock.now.Add(25 * time.Hour)
	if w.asked(ownCalls); len(w.told(ours.ByCall)) != 1 {
		t.Error("it waits for ever")
	}
}

// TestACallThatTheTrailLacksIsTold: of calls in our log, the one that S3 never brought though it brought those before and after.
func TestACallThatTheTrailLacksIsTold(t *testing.T) {
	w := ourHouse(t)
	w.asked(ownTrail) // from here on
	w.begin(shop)
	w.logs("R1")
	w.logs("R2")
	w.stored(w.byUs("e1", "R1"))
	w.clock.now = w.clock.now.Add(20 * time.Hour)
	w.stored(w.write(shop, "later"))
	if w.asked(ownTrail); len(w.told(ours.ByTrail)) > 0 {
		t.Error("told before it is late")
	}
	w.clock.now = w.clock.now.Add(5 * time.Hour)
	for range 2 {
		w.asked(ownTrail)
	}
	got := w.told(ours.ByTrail)
	if len(got) != 1 || got[0].Count != 1 || got[0].Severity != finding.Low || !strings.Contains(got[0].Why, "R2") {
		t.Fatalf("told: %+v", got)
	}
}
