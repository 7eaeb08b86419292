package playbook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

func (s *stage) want(state ticket.State, did ...string) ticket.Ticket {
	s.t.Helper()
	tk := s.ticket()
	if tk.State != state {
		s.t.Errorf("ticket is %s (%s), want %s", tk.State, tk.Reason, state)
	}
	if d := cmp.Diff(did, s.did); d != "" {
		s.t.Errorf("what was done (-want +got):\n%s", d)
	}
	if err := ticket.Check(s.timeline()); err != nil {
		s.t.Error(err)
	}
	return tk
}

func (s *stage) run() {
	s.t.Helper()
	if err := s.settle(); err != nil {
		s.t.Fatal(err)
	}
}

func TestTheSmallestCutSettlesAndTheTicketClosesAfterTheWindow(t *testing.T) {
	s := newStage(t)
	s.report()
	began := s.now
	s.run()
	tk := s.want(ticket.Closed, "s3.remove-public-policy") // the second step was not needed any more
	if tk.Clocks.Verified.Sub(began) < s.config.Settle {
		t.Errorf("verified after %s, within the settle window of %s", tk.Clocks.Verified.Sub(began), s.config.Settle)
	}
	if e := s.effects(); len(e) != 1 || e[0].State != effect.Done || e[0].Attempts != 1 {
		t.Errorf("want one effect done at the first attempt, got %+v", e)
	}
}

func TestWhatIsSoNoMoreIsClosedWithoutARun(t *testing.T) {
	s := newStage(t)
	s.report()
	s.public = false
	s.run()
	s.want(ticket.Closed)
}

func TestPlanModeSaysWhatItWouldDoAndGivesItToAPerson(t *testing.T) {
	s := newStage(t)
	s.config.Mode = playbook.PlanOnly
	s.report()
	s.run()
	if tk := s.want(ticket.Human); !strings.Contains(tk.Reason, "would do s3.remove-public-policy") {
		t.Errorf("reason does not say what would be done: %s", tk.Reason)
	}
	if e := s.effects(); len(e) != 0 {
		t.Errorf("plan mode began effects: %+v", e)
	}
}

func TestEnforcementIsSwitchedOnPerPlaybookAndAccount(t *testing.T) {
	c := playbook.DefaultConfig()
	c.Enforce = []playbook.Switch{{Playbook: "close-bucket", Accounts: []string{"111122223333"}}}
	for _, tc := range []struct {
		playbook, account string
		want              playbook.Mode
	}{
		{"close-bucket", "111122223333", playbook.Enforce},
		{"close-bucket", "444455556666", playbook.PlanOnly},
		{"other", "111122223333", playbook.PlanOnly},
	} {
		if got := c.ModeFor(tc.playbook, tc.account); got != tc.want {
			t.Errorf("%s in %s: %s, want %s", tc.playbook, tc.account, got, tc.want)
		}
	}
}

func TestUnknownIsNeverClosed(t *testing.T) {
	s := newStage(t)
	s.report()
	s.hidden = true
	err := s.settle()
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "access denied") {
		t.Fatalf("want an error to try again later with the cause, got %v", err)
	}
	if err := s.director.HandOver(t.Context(), s.ref, err.Error()); err != nil {
		t.Fatal(err)
	}
	s.want(ticket.Human)
}

func TestAnEffectThatDoesNotHoldGoesToAPersonAtTheDeadline(t *testing.T) {
	s := newStage(t)
	s.idle = true
	s.report()
	s.run()
	tk := s.want(ticket.Human, "s3.remove-public-policy", "s3.block-public-access")
	if !strings.Contains(tk.Reason, "not verified within") {
		t.Errorf("reason: %s", tk.Reason)
	}
}

func TestARefusedPlanGoesToAPerson(t *testing.T) {
	s := newStage(t)
	s.refused = "it belongs to a load balancer"
	s.report()
	s.run()
	s.want(ticket.Human)
}

func TestAFailedCallGoesToAPersonAndAMovedWorldIsPlannedAgain(t *testing.T) {
	s := newStage(t)
	s.report()
	s.broken = fault.New(fault.Conflict, "the policy has changed since the plan")
	if _, err := s.director.Advance(t.Context(), string(s.ref)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	s.broken = nil
	s.run()
	s.want(ticket.Closed, "s3.remove-public-policy")

	f := newStage(t)
	f.report()
	f.broken = fault.New(fault.Denied, "denied by a service control policy")
	f.run()
	if tk := f.want(ticket.Human); !strings.Contains(tk.Reason, "service control policy") {
		t.Errorf("reason: %s", tk.Reason)
	}
}

// A process that dies after the call and before the record leaves the effect as doing: the next one looks first.
func TestARepeatedAttemptIsHarmlessAndShown(t *testing.T) {
	s := newStage(t)
	s.report()
	if _, err := s.director.Advance(t.Context(), string(s.ref)); err != nil {
		t.Fatal(err)
	}
	e := s.effects()[0]
	e.Attempts, e.Calling = 1, true // the attempt was noted,
	s.public = false                // the call was made, and then the process died
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveEffect(t.Context(), e) }); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Closed)
	if e := s.effects()[0]; e.Attempts != 2 || e.Calls != 0 || !e.Result.Already {
		t.Errorf("want a second attempt that called nothing, got %+v", e)
	}
	shown := false
	for _, line := range s.timeline() {
		shown = shown || line.Kind == "repeat"
	}
	if !shown {
		t.Error("the repeated attempt is not on the timeline")
	}
}

func TestTheKillSwitchHoldsAndLettingGoGoesOn(t *testing.T) {
	s := newStage(t)
	in := store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx })
	o := playbook.Order{Person: "alex", Reason: "looks wrong"}
	if err := playbook.StopEnforcing(t.Context(), in, o, s.now); err != nil {
		t.Fatal(err)
	}
	s.report()
	again, err := s.director.Advance(t.Context(), string(s.ref))
	if err != nil || again.IsZero() {
		t.Fatalf("want to look again later, got %v %v", again, err)
	}
	tk := s.want(ticket.Investigating)
	if !strings.Contains(tk.Reason, "stopped by alex: looks wrong") {
		t.Errorf("reason: %s", tk.Reason)
	}
	if err := playbook.ResumeEnforcing(t.Context(), in, o, s.now); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Closed, "s3.remove-public-policy")
}

// The brake also stops what has begun: between the row and the call.
func TestTheKillSwitchStopsAnEffectThatHasBegun(t *testing.T) {
	s := newStage(t)
	s.report()
	if _, err := s.director.Advance(t.Context(), string(s.ref)); err != nil {
		t.Fatal(err)
	}
	if err := playbook.StopEnforcing(t.Context(), store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx }), playbook.Order{Person: "alex"}, s.now); err != nil {
		t.Fatal(err)
	}
	acted, err := s.act()
	if err != nil || acted {
		t.Fatalf("want the effect to be held, got %v %v", acted, err)
	}
	s.want(ticket.Remediating)
}

func TestLimits(t *testing.T) {
	s := newStage(t)
	s.config.Limits.Minute = 1
	s.report()
	s.run()
	s.now = s.now.Add(time.Second)
	s.public = true
	s.report()
	began := s.now
	s.run()
	s.want(ticket.Closed, "s3.remove-public-policy", "s3.remove-public-policy")
	if waited := s.now.Sub(began); waited < 20*time.Second {
		t.Errorf("the second effect within a minute waited only %s", waited)
	}

	s.config.Limits.Day = 2
	s.now = s.now.Add(time.Hour)
	s.public = true
	s.report()
	s.run()
	if tk := s.want(ticket.Human, "s3.remove-public-policy", "s3.remove-public-policy"); !strings.Contains(tk.Reason, "within a day") {
		t.Errorf("reason: %s", tk.Reason)
	}
}

func TestATugOfWarGoesOnRepairingAndTellsAPerson(t *testing.T) {
	s := newStage(t)
	s.config.Loop = playbook.Loop{Times: 2, Within: time.Hour}
	want := []string{}
	for round := range 4 {
		s.public = true
		s.now = s.now.Add(time.Minute)
		s.report()
		s.run()
		want = append(want, "s3.remove-public-policy")
		state := ticket.Closed
		if round >= 2 {
			state = ticket.Human
		}
		s.want(state, want...)
		if s.public {
			t.Fatalf("round %d: it was left open", round)
		}
	}
}

func TestUndoLeavesTheTicketWithAPersonAndIsNotRepairedAgain(t *testing.T) {
	s := newStage(t)
	s.report()
	s.run()
	o := playbook.Order{Person: "alex", Reason: "the shop needs it"}
	if _, err := playbook.RequestUndo(t.Context(), store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx }), s.effects()[0].Key, o, s.now); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Human, "s3.remove-public-policy", "undo s3.remove-public-policy")
	s.now = s.now.Add(time.Hour)
	s.report()
	s.run()
	s.want(ticket.Human, "s3.remove-public-policy", "undo s3.remove-public-policy")
	_, err := playbook.RequestUndo(t.Context(), store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx }), s.effects()[0].Key, o, s.now)
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("undoing twice: want a conflict, got %v", err)
	}
}

// What was done last is undone first: AWS refuses a public policy while the block that was put on after it is there.
func TestUndoGoesBackwards(t *testing.T) {
	s := newStage(t)
	undo := func(e effect.Effect) error {
		o := playbook.Order{Person: "alex", Reason: "the shop needs it"}
		_, err := playbook.RequestUndo(t.Context(), store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx }), e.Key, o, s.now)
		return err
	}
	for range 2 {
		s.public = true
		s.now = s.now.Add(time.Minute)
		s.report()
		s.run()
	}
	done := s.effects() // the newest first
	if len(done) != 2 {
		t.Fatalf("want two repairs, got %+v", done)
	}
	if err := undo(done[1]); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), done[0].Key) {
		t.Fatalf("the first was undone before the second: %v", err)
	}
	for _, e := range done {
		if err := undo(e); err != nil {
			t.Fatal(err)
		}
		s.run()
	}
}

// A person mended it by hand in plan mode: the next read that passes closes the ticket without anybody's help.
func TestWhatAPersonMendedIsClosedByTheNextPassingRead(t *testing.T) {
	s := newStage(t)
	s.config.Mode = playbook.PlanOnly
	s.report()
	s.run()
	s.public = false
	fp := s.findings()[0].Fingerprint
	if err := s.triager.Judged(t.Context(), triage.Judgement{Passed: []fingerprint{fp}}, s.now); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Closed)
}

// A smallest cut that is denied must not leave open what the next step closes.
func TestAFailedStepDoesNotKeepTheNextFromBeingTried(t *testing.T) {
	s := newStage(t)
	s.broken, s.brokenFor = fault.New(fault.Denied, "denied by a service control policy"), "s3.remove-public-policy"
	s.report()
	s.run()
	s.want(ticket.Closed, "s3.block-public-access")
}

// The clock of containment is that of the worst finding: tidying up for a milder one comes later and does not move it.
func TestContainmentIsThatOfTheWorstFinding(t *testing.T) {
	s := newStage(t)
	s.report()
	s.run()
	first := s.ticket().Clocks.Contained
	mild := s.findings()[0]
	mild.Fingerprint, mild.By, mild.Severity, mild.Ticket, mild.State = "mild", "not-public", finding.Low, "", finding.Open
	s.now, s.public = s.now.Add(time.Hour), true
	mild.Occurred, mild.Detected, mild.Sighting = s.now, s.now, "mild"
	if err := s.triager.Report(t.Context(), []finding.Finding{mild}, s.now); err != nil {
		t.Fatal(err)
	}
	tk := s.ticket()
	tk.State, tk.Clocks.Closed = ticket.Investigating, time.Time{} // as if the milder one had joined before it was closed
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.triager.Triage(t.Context(), "mild"); err != nil {
		t.Fatal(err)
	}
	s.run()
	after := s.want(ticket.Closed, "s3.remove-public-policy", "s3.remove-public-policy").Clocks
	if !after.Contained.Equal(first) || !after.Verified.After(first) {
		t.Errorf("contained %s, verified %s; want contained to stay %s", after.Contained, after.Verified, first)
	}
}
