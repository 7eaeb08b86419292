package playbook_test

import (
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// asks has the bucket read again, as an event that touched it does.
func (s *stage) asks() {
	s.t.Helper()
	s.asksAt(s.now)
}

func (s *stage) asksAt(due time.Time) {
	s.t.Helper()
	err := s.store.Update(s.t.Context(), func(tx *store.Tx) error { return tx.Enqueue(s.t.Context(), reader, bucket.Key(), due) })
	if err != nil {
		s.t.Fatal(err)
	}
}

// advances takes the ticket on, and stops short of the time that a read is waited for.
func (s *stage) advances(enough func() bool) {
	s.t.Helper()
	for range 100 {
		again, err := s.director.Advance(s.t.Context(), string(s.ref))
		if err != nil {
			s.t.Fatal(err)
		}
		if acted, err := s.act(); err != nil {
			s.t.Fatal(err)
		} else if acted {
			continue
		}
		if enough() || again.IsZero() {
			return
		}
		s.now = again
	}
	s.t.Fatal("the ticket does not come to rest")
}

// settled reports whether a finding is.
func (s *stage) settled() bool {
	for _, f := range s.findings() {
		if f.State == finding.Done {
			return true
		}
	}
	return false
}

// An event asked for a read of the bucket, which is late. What it finds comes to the ticket before that is closed.
func TestATicketDoesNotCloseBeforeAReadThatWasAskedFor(t *testing.T) {
	s := newStage(t)
	s.asks()
	s.report()
	s.advances(s.settled)
	if tk := s.ticket(); tk.State == ticket.Closed {
		t.Fatal("it is closed although a read is under way that was asked for before")
	}
	more := finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, "not-public", "block"), Kind: finding.Expectation, By: "not-public", Title: "There is no block",
		Severity: finding.High, Account: bucket.Account, Resource: &bucket, Occurred: s.now, Detected: s.now, Sighting: "late",
	}
	if err := s.triager.Judged(t.Context(), triage.Judgement{Wrong: []finding.Finding{more}}, s.now); err != nil {
		t.Fatal(err)
	}
	s.readIsMade()
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	if tk := s.ticket(); tk.State != ticket.Closed || tk.Reopened != 0 || tk.Findings != 2 {
		t.Errorf("want it closed once with both, got %+v", tk)
	}
}

// readIsMade settles the work of the leg that reads.
func (s *stage) readIsMade() {
	s.t.Helper()
	c, ok, err := s.store.Claim(s.t.Context(), flow.Ask{Leg: reader, Ref: bucket.Key(), Holder: "h", Now: s.now, Wall: s.now, Until: s.now.Add(time.Minute)})
	if err != nil || !ok {
		s.t.Fatal(ok, err)
	}
	if _, err := s.store.Finish(s.t.Context(), c, flow.Outcome{End: flow.Settle}); err != nil {
		s.t.Fatal(err)
	}
}

// A read that is never made keeps nothing open for longer than a repair may take to be verified.
func TestAReadThatIsNeverMadeIsNotWaitedForForEver(t *testing.T) {
	s := newStage(t)
	s.asks()
	s.report()
	s.advances(s.settled)
	at := s.now
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	if tk := s.ticket(); tk.State != ticket.Closed {
		t.Fatalf("it is %s", tk.State)
	}
	if waited := s.now.Sub(at); waited < s.config.GiveUp-s.config.Settle || waited > s.config.GiveUp+time.Minute {
		t.Errorf("it was waited for %s, want %s", waited, s.config.GiveUp)
	}
}

// What is asked for, and due, after the last finding was settled is another story.
func TestAReadThatIsDueLaterIsNotWaitedFor(t *testing.T) {
	s := newStage(t)
	s.report()
	s.asksAt(s.now.Add(time.Hour))
	s.advances(s.settled)
	if tk := s.ticket(); tk.State != ticket.Closed {
		t.Errorf("it is %s and waits for what is due later", tk.State)
	}
}
