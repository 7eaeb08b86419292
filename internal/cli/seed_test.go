package cli_test

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// The things that seed puts into a store.
const (
	closedTicket = "01JD7ZAAAAAAAAAAAAAAAAAAAA"
	openTicket   = "01JD7ZBBBBBBBBBBBBBBBBBBBB"
	goodLetter   = "01JD7ZLLLLLLLLLLLLLLLLLL01"
)

// seed fills the database at a path: seed data/jobzero.db.
func seed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: seed DATABASE")
	}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	ts.Check(st.Update(ctx, func(tx *store.Tx) error {
		for _, put := range []func(context.Context, *store.Tx) error{putClosed, putOpen, putLetters, putHeard, putTallies, putSession} {
			if err := put(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}))
}

// putHeard is an account that is heard live, and another one only by what is stored.
func putHeard(ctx context.Context, tx *store.Tx) error {
	for _, h := range []coverage.Heard{
		{Account: "111122223333", Way: coverage.Live, Class: coverage.Write},
		{Account: "444455556666", Way: coverage.Stored, Class: coverage.Data, Service: "s3.amazonaws.com"},
	} {
		h.Last = time.Now()
		if err := tx.SaveHeard(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// putTallies is what the two ways came to in two days.
func putTallies(ctx context.Context, tx *store.Tx) error {
	for _, t := range []reconcile.Tally{{Day: reconcile.Day(time.Now()), Matched: 40, Missed: 2, Lacking: 1}, {Day: reconcile.Day(time.Now().Add(-24 * time.Hour)), Matched: 2, Passed: 3}} {
		t.Account, t.Region = "111122223333", "eu-central-1"
		if err := tx.AddTally(ctx, 1, t); err != nil {
			return err
		}
	}
	return nil
}

// putSession is a session of a role that ana took on just now.
func putSession(ctx context.Context, tx *store.Tx) error {
	now := time.Now()
	state, err := json.Marshal(map[string]any{
		"v": 1, "key": "ASIAANA", "session": "arn:aws:sts::111122223333:assumed-role/web/release", "how": "AssumeRole", "event": "e-ana",
		"at": now.Unix(), "until": now.Add(time.Hour).Unix(),
		"caller": map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana@example.com", "account": "111122223333"},
	})
	if err != nil {
		return err
	}
	return tx.SaveSessions(ctx, []lineage.Row{{ID: "ASIAANA/e-ana", Until: now.Add(time.Hour), State: state}}, now)
}

func seedTime(second int) time.Time { return time.Date(2026, 3, 1, 12, 0, second, 0, time.UTC) }

func bucket() resource.Ref {
	return resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "shop-data"}
}

// putClosed is a bucket that was made public and repaired.
func putClosed(ctx context.Context, tx *store.Tx) error {
	ref := bucket()
	f := finding.Finding{
		Fingerprint: "aaaa1111bbbb2222", Kind: finding.Expectation, By: "s3-private", Title: "Bucket is public", Severity: finding.High,
		Why: "a statement grants everybody s3:GetObject", Account: ref.Account, Resource: &ref, Occurred: seedTime(0), Detected: seedTime(1),
		Sighting: "read-1", State: finding.Done, Ticket: closedTicket, Count: 2, LastSeen: seedTime(2), Settled: seedTime(9),
		Evidence: []finding.Evidence{{Kind: "verdict", At: seedTime(1), Text: "public by policy \x1b[31mred", Data: json.RawMessage(`{"a":1}`)}},
	}
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	k := ticket.Start(closedTicket, f, ticket.Owner{Team: "web", Person: "mia", Via: "service"}, seedTime(2))
	evidence, err := json.Marshal(f.Evidence)
	if err != nil {
		return err
	}
	plan := effect.Plan{
		Action: "s3.block-public-access", Target: effect.Target{Ref: ref}, Undo: effect.Exact,
		Calls: []effect.Call{{Permission: "s3:PutBucketPublicAccessBlock", Resource: "arn:aws:s3:::shop-data", Input: json.RawMessage(`{}`)}},
		Diff:  "- BlockPublicAcls: false\n+ BlockPublicAcls: true\n", Loses: []string{"everybody"},
	}
	planned, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	for _, e := range []ticket.Entry{
		{At: seedTime(2), Actor: "jobzero/triage", Kind: "opened", Text: "Bucket is public.", Data: evidence},
		{At: seedTime(3), Actor: "jobzero/playbook", Kind: "plan", Text: "Would block public access", Data: planned},
		{At: seedTime(9), Actor: "jobzero/playbook", Kind: "closed", Text: "Three fresh reads agree."},
	} {
		if e.Kind == "closed" {
			k.Clocks.Contained, k.Clocks.Verified = seedTime(4), seedTime(9)
			if err := k.Move(ticket.Closed, "three fresh reads agree", seedTime(9)); err != nil {
				return err
			}
		}
		if err := tx.AppendEntry(ctx, &k, e); err != nil {
			return err
		}
	}
	return tx.SaveEffect(ctx, effect.Effect{
		Key: "01JD7ZRRRR/block", Ticket: closedTicket, Run: "01JD7ZRRRR", Step: "block", Playbook: "close-public-bucket", Account: ref.Account,
		State: effect.Done, Attempts: 1, Calls: 1, Plan: plan, Began: seedTime(3), Ended: seedTime(4),
	})
}

// putOpen is about a principal, and a person has it.
func putOpen(ctx context.Context, tx *store.Tx) error {
	f := finding.Finding{
		Fingerprint: "cccc3333dddd4444", Kind: finding.Rule, By: "rule-1", Title: "Root was used", Severity: finding.Critical,
		Account: "444455556666", Principal: "arn:aws:iam::444455556666:root", Occurred: seedTime(20), Detected: seedTime(21),
		Sighting: "e-1", State: finding.Human, Ticket: openTicket, Count: 1, LastSeen: seedTime(20), Note: "no playbook",
	}
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	k := ticket.Start(openTicket, f, ticket.Owner{}, seedTime(22))
	if err := k.Move(ticket.Human, "no playbook settles it", seedTime(22)); err != nil {
		return err
	}
	return tx.AppendEntry(ctx, &k, ticket.Entry{At: seedTime(22), Actor: "jobzero/triage", Kind: "opened", Text: "Root was used."})
}

// putLetters are one that can be read now, one that was cut, and one whose place contradicts it.
func putLetters(ctx context.Context, tx *store.Tx) error {
	record := []byte(`{"eventVersion":"1.11","eventID":"11111111-2222-4333-8444-555555555555","eventTime":"2026-03-01T11:00:00Z",` +
		`"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7",` +
		`"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mia","accountId":"111122223333","userName":"mia"},` +
		`"eventType":"AwsApiCall","recipientAccountId":"111122223333"}`)
	flow := []byte("5 111122223333 203.0.113.9 10.0.0.5 3389 6 ACCEPT 1772442000")
	bare := []byte("ACCEPT 6 3389 10.0.0.5 203.0.113.9 1772442000")
	order := []byte(`{"event":{"action":"refund"},"user":"eve"}`)
	beside := event.Beside{Log: event.VPCFlow, Account: "111122223333", Region: "eu-central-1", Header: "version account-id srcaddr dstaddr dstport protocol action start"}
	shop := event.Beside{Log: "shop/orders", Account: "111122223333", Group: "/shop/orders", Time: seedTime(0)}
	for _, l := range []event.Letter{
		{ID: "01JD7ZLLLLLLLLLLLLLLLLLL04", Reason: "line 2: the reader was younger than the line", Bytes: flow, Size: int64(len(flow)), Beside: &beside},
		{ID: "01JD7ZLLLLLLLLLLLLLLLLLL05", Reason: "line 1: no format", Bytes: bare, Size: int64(len(bare)), Beside: &event.Beside{Log: event.VPCFlow}},
		{ID: "01JD7ZLLLLLLLLLLLLLLLLLL06", Reason: "name is missing", Bytes: order, Size: int64(len(order)), Beside: &shop},
		{ID: goodLetter, Reason: "the reader was younger than the record", Bytes: record, Size: int64(len(record))},
		{ID: "01JD7ZLLLLLLLLLLLLLLLLLL02", Reason: "broken JSON at byte 7", Bytes: []byte("{\"a\": \xff\xfe"), Size: 5000},
		{ID: "01JD7ZLLLLLLLLLLLLLLLLLL03", Reason: "provenance: the object lies under account 444455556666", Bytes: record, Size: int64(len(record))},
	} {
		l.Origin, l.At, l.State = event.Origin{Source: "s3", Place: "s3://trail/a.json.gz", Offset: 42}, seedTime(0), event.Dead
		if err := tx.AddLetter(ctx, l); err != nil {
			return err
		}
	}
	return nil
}
