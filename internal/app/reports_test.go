package app

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/eventbridge"
	"jobzero/internal/source/queue"
	"jobzero/internal/ticket"
)

// post is a queue that brings messages of tools as EventBridge sends them.
type post struct {
	t      *testing.T
	handle queue.Handler
	n      int
}

func newPost(t *testing.T, h *House) *post {
	t.Helper()
	return &post{t: t, handle: eventbridge.Handler(source.Out{Reports: h.hear, Dead: h.bury, Skipped: h.metrics.Skipped, Now: h.clock.Now})}
}

func (p *post) brings(kind, from, account, detail string) {
	p.t.Helper()
	p.n++
	body := fmt.Sprintf(`{"version":"0","id":"m-%d","detail-type":%q,"source":%q,"account":%q,"time":"2026-02-01T12:00:01Z","region":"eu-central-1","detail":%s}`, p.n, kind, from, account, detail)
	if err := p.handle(p.t.Context(), queue.Message{ID: fmt.Sprint(p.n), Body: []byte(body), Queue: queues[0]}); err != nil {
		p.t.Fatal(err)
	}
}

// duty is a finding of GuardDuty about the bucket orders as of a minute after noon.
func (p *post) duty(minute int, archived bool) {
	p.t.Helper()
	p.brings("GuardDuty Finding", "aws.guardduty", "111122223333", fmt.Sprintf(`{"schemaVersion":"2.0","accountId":"111122223333","region":"eu-central-1","id":"g-1",
"type":"Policy:S3/BucketAnonymousAccessGranted","title":"Anonymous access to orders","severity":8,"updatedAt":"2026-02-01T12:%02d:00Z","service":{"archived":%t},
"resource":{"resourceType":"S3Bucket","s3BucketDetails":[{"name":"orders","arn":"arn:aws:s3:::orders"}]}}`, minute, archived))
}

// hub is the same finding as Security Hub passes it on, with the workflow's state.
func (p *post) hub(minute int, workflow string) {
	p.t.Helper()
	p.brings("Security Hub Findings - Imported", "aws.securityhub", "111122223333", fmt.Sprintf(`{"findings":[{"ProductArn":"arn:aws:securityhub:eu-central-1::product/aws/guardduty",
"Id":"arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/g-1","GeneratorId":"d","AwsAccountId":"111122223333","UpdatedAt":"2026-02-01T12:%02d:00Z","Severity":{"Label":"HIGH"},
"Title":"Anonymous access to orders","Workflow":{"Status":%q},"Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::orders"}]}]}`, minute, workflow))
}

func timelineOf(t *testing.T, h *House, id ticket.ID) (lines []string) {
	t.Helper()
	err := h.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Timeline(t.Context(), id)
		for _, e := range all {
			lines = append(lines, e.Kind+": "+e.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// What GuardDuty says becomes one ticket, whichever way it comes and however often. That it was put away there is noted, that it
// is over closes the ticket, an old word after that changes nothing, and a new one opens the ticket again.
func TestWhatAnotherToolSaysIsATicketUntilItSaysThatItIsOver(t *testing.T) {
	h := newHouse(t)
	p := newPost(t, h)
	one := func(want ticket.State, entries int) ticket.Ticket {
		t.Helper()
		all := worked(t, h)
		if len(all) != 1 || all[0].State != want || all[0].Severity != finding.High || all[0].Subject != "AWS::S3::Bucket|111122223333||orders" {
			t.Fatalf("want one ticket that is %s, got %+v", want, all)
		}
		if lines := timelineOf(t, h, all[0].ID); len(lines) != entries {
			t.Fatalf("want %d lines, got %q", entries, lines)
		}
		return all[0]
	}
	p.hub(0, "RESOLVED")
	if all := worked(t, h); len(all) != 0 {
		t.Fatalf("what was over before we knew of it is %+v", all)
	}
	p.duty(1, false)
	one(ticket.Open, 1)
	p.duty(1, false)
	p.hub(1, "NEW")
	one(ticket.Open, 1)
	p.duty(2, true)
	p.duty(2, true)
	p.hub(3, "SUPPRESSED")
	tk := one(ticket.Open, 3)
	if lines := timelineOf(t, h, tk.ID); !strings.Contains(lines[1], "guardduty says that it is archived as of 2026-02-01T12:02:00Z, which does not settle it") {
		t.Errorf("the timeline says %q", lines)
	}
	p.hub(0, "RESOLVED") // older than what we know
	one(ticket.Open, 3)
	if _, err := h.director.Advance(t.Context(), string(tk.ID)); err != nil { // no playbook, and nothing to be read: a person has it
		t.Fatal(err)
	}
	tk = one(ticket.Human, 7)
	if !strings.Contains(tk.Reason, "closes by itself once the tool says that it is over") {
		t.Errorf("a person reads %q", tk.Reason)
	}
	p.hub(4, "RESOLVED")
	p.hub(4, "RESOLVED")
	one(ticket.Closed, 8)
	p.duty(2, false) // comes late
	p.duty(5, true)
	one(ticket.Closed, 9)
	p.duty(6, false)
	if tk = one(ticket.Open, 10); tk.Reopened != 1 {
		t.Errorf("it came back: %+v", tk)
	}
	w := httptest.NewRecorder()
	h.metrics.Handler(h.measure).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, _ := io.ReadAll(w.Body)
	for _, want := range []string{`jobzero_claims_total{tool="guardduty",word="resolved"} 4`, `jobzero_claims_total{tool="guardduty",word="archived"} 3`, `jobzero_findings_total{kind="imported",severity="high"} 5`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the measures", want)
		}
	}
}

// A claim and an expectation about one bucket are one ticket, which the tool's word alone does not close.
func TestAClaimJoinsTheTicketOfItsResource(t *testing.T) {
	h := newHouse(t)
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders"}
	ours := finding.Finding{
		Fingerprint: expect.Fingerprint("s3-private", ref), Kind: finding.Expectation, By: "s3-private", Title: "orders is public", Severity: finding.Critical,
		Account: ref.Account, Resource: &ref, Occurred: time.Now(), Detected: time.Now(), Sighting: "r-1",
	}
	if err := h.triager.Report(t.Context(), []finding.Finding{ours}, time.Now()); err != nil {
		t.Fatal(err)
	}
	p := newPost(t, h)
	p.duty(1, false)
	if all := worked(t, h); len(all) != 1 || all[0].Findings != 2 || all[0].Severity != finding.Critical {
		t.Fatalf("got %+v", all)
	}
	p.hub(2, "RESOLVED")
	if all := worked(t, h); all[0].State == ticket.Closed {
		t.Errorf("it is still public, and the ticket is %+v", all[0])
	}
}

// What changed is read again, if it is ours and there is a reader for it.
func TestWhatAToolSawChangeIsReadAgain(t *testing.T) {
	h := newHouse(t)
	p := newPost(t, h)
	for _, c := range []struct{ account, kind, id string }{
		{"111122223333", "AWS::S3::Bucket", "orders"},
		{"111122223333", "AWS::Moon::Base", "resize"},
		{"444455556666", "AWS::S3::Bucket", "theirs"},
	} {
		p.brings("Config Configuration Item Change", "aws.config", c.account, fmt.Sprintf(`{"messageType":"ConfigurationItemChangeNotification",
"configurationItem":{"awsAccountId":%q,"awsRegion":"eu-central-1","resourceType":%q,"resourceId":%q}}`, c.account, c.kind, c.id))
	}
	now := h.clock.Now().Add(time.Second)
	due, err := h.store.Unsent(t.Context(), legInventory, now, now, 100)
	if err != nil || len(due) != 1 || due[0].Ref != "AWS::S3::Bucket|111122223333||orders" {
		t.Errorf("to be read: %+v, %v", due, err)
	}
}

// A report that nobody can read, or that comes from another account than it tells of, is kept with the reason and its bytes,
// and leads to nothing; the next report is heard.
func TestAReportThatCannotBeReadIsADeadLetter(t *testing.T) {
	h := newHouse(t)
	p := newPost(t, h)
	p.brings("GuardDuty Finding", "aws.guardduty", "111122223333", `{"schemaVersion":"2.0","id":7}`)
	p.brings("Config Configuration Item Change", "aws.config", "444455556666", `{"messageType":"ConfigurationItemChangeNotification",
"configurationItem":{"awsAccountId":"111122223333","awsRegion":"eu-central-1","resourceType":"AWS::S3::Bucket","resourceId":"orders"}}`)
	if all := worked(t, h); len(all) != 0 {
		t.Errorf("what cannot be believed is a ticket: %+v", all)
	}
	var letters []event.Letter
	err := h.store.View(t.Context(), func(tx storeTx) (err error) {
		letters, err = tx.Letters(t.Context(), event.LetterFilter{Limit: 10})
		for i := range letters { // a list has no bytes
			if err == nil {
				letters[i], err = tx.Letter(t.Context(), letters[i].ID)
			}
		}
		return err
	})
	if err != nil || len(letters) != 2 {
		t.Fatalf("%d letters, want 2; %v", len(letters), err)
	}
	forged := 0
	for _, l := range letters {
		if l.State != event.Dead || l.Reason == "" || !strings.Contains(string(l.Bytes), `"detail-type"`) || l.Size != int64(len(l.Bytes)) ||
			l.Origin.Source != "eventbridge" || !strings.HasPrefix(l.Origin.Place, queues[0]+"#") {
			t.Errorf("letter %+v", l)
		}
		if strings.HasPrefix(l.Reason, "provenance") {
			forged++
		}
	}
	if forged != 1 {
		t.Errorf("%d letters say that they are forged: %q, %q", forged, letters[0].Reason, letters[1].Reason)
	}
	p.duty(1, false)
	if all := worked(t, h); len(all) != 1 {
		t.Errorf("after that nothing is heard any more: %+v", all)
	}
}
