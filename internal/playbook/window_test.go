package playbook_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const (
	cutPolicy = "s3.remove-public-policy"
	block     = "s3.block-public-access"
)

var alex = playbook.Order{Person: "alex", Reason: "I say so"}

func (s *stage) brakes() playbook.Store {
	return store.In(s.store, func(tx *store.Tx) playbook.Tx { return tx })
}

// begun takes the ticket to where its first effect is on record and not yet made.
func (s *stage) begun() effect.Effect {
	s.t.Helper()
	s.report()
	if _, err := s.director.Advance(s.t.Context(), string(s.ref)); err != nil {
		s.t.Fatal(err)
	}
	e := s.effects()[0]
	if e.State != effect.Doing {
		s.t.Fatalf("want an effect that has begun, got %+v", e)
	}
	return e
}

func (s *stage) person(verb func(context.Context, triage.Store, triage.Order, time.Time) error) {
	s.t.Helper()
	in := store.In(s.store, func(tx *store.Tx) triage.Tx { return tx })
	if err := verb(s.t.Context(), in, triage.Order{Ticket: s.ref, Person: "alex", Reason: "I say so"}, s.now); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) undo(e effect.Effect) {
	s.t.Helper()
	if _, err := playbook.RequestUndo(s.t.Context(), s.brakes(), e.Key, alex, s.now); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) kinds() (all []string) {
	for _, l := range s.timeline() {
		all = append(all, l.Kind)
	}
	return all
}

func (s *stage) runs() (all []playbook.Run) {
	s.see(func(tx *store.Tx) (err error) { all, err = tx.RunsOf(s.t.Context(), s.ref); return err })
	return all
}

// The process is told to stop while the call is on its way, and the call works: it is on record.
func TestWhatWasDoneWhileStoppingIsOnRecord(t *testing.T) {
	s := newStage(t)
	e := s.begun()
	ctx, stop := context.WithCancel(t.Context())
	s.during = stop
	if _, err := s.director.Act(ctx, e.Key); err != nil {
		t.Fatal(err)
	}
	if e = s.effects()[0]; e.State != effect.Done || e.Calls != 1 {
		t.Errorf("the effect is %s with %d calls", e.State, e.Calls)
	}
	s.during = nil
	s.run()
	s.want(ticket.Closed, cutPolicy)
}

func TestACallThatEndsAfterTheTicketWasHandedOverIsOnRecord(t *testing.T) {
	s := newStage(t)
	e := s.begun()
	s.during = func() {
		if err := s.director.HandOver(t.Context(), s.ref, "it took too long"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.director.Act(t.Context(), e.Key); err != nil {
		t.Fatal(err)
	}
	s.want(ticket.Human, cutPolicy)
	if e = s.effects()[0]; e.State != effect.Done || e.Calls != 1 {
		t.Errorf("the call is lost: the effect is %s with %d calls", e.State, e.Calls)
	}
	s.during = nil
	s.undo(e) // what was done can be taken back
}

func TestWhatHadBegunIsNotDoneAfterAPersonHasClosedTheTicket(t *testing.T) {
	s := newStage(t)
	e := s.begun()
	s.person(triage.Close)
	if _, err := s.director.Act(t.Context(), e.Key); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Closed)
	if r := s.runs(); len(r) != 1 || r[0].State != playbook.GaveUp {
		t.Errorf("the run goes on: %+v", r)
	}
	s.now = s.now.Add(time.Minute)
	s.person(triage.Reopen)
	s.run()
	s.want(ticket.Closed, cutPolicy)
	if r := s.runs(); len(r) != 2 || r[1].State != playbook.Settled {
		t.Errorf("want a run of its own after reopening, got %+v", r)
	}
}

// A run that was verifying when a person closed the ticket must not be carried on, with its old deadline, when the ticket is
// opened again.
func TestAReopenedTicketBeginsARunOfItsOwn(t *testing.T) {
	s := newStage(t)
	s.begun()
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.director.Advance(t.Context(), string(s.ref)); err != nil {
		t.Fatal(err)
	}
	s.want(ticket.Verifying, cutPolicy)
	s.person(triage.Close)
	s.now, s.public = s.now.Add(time.Hour), true
	s.report()
	s.run()
	s.want(ticket.Closed, cutPolicy, cutPolicy)
}

func TestAnUndoThatNeverComesAboutIsTold(t *testing.T) {
	s := newStage(t)
	s.report()
	s.run()
	e := s.effects()[0]
	s.undo(e)
	s.broken = fault.New(fault.Unavailable, "throttled")
	if _, err := s.director.Act(t.Context(), e.Key); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("want it to be tried again, got %v", err)
	}
	if err := s.director.HandOverEffect(t.Context(), e.Key, s.broken); err != nil {
		t.Fatal(err)
	}
	tk := s.want(ticket.Human, cutPolicy)
	if e = s.effects()[0]; e.State != effect.Done || !strings.Contains(tk.Reason, "throttled") {
		t.Errorf("the effect is %s, the ticket says %q", e.State, tk.Reason)
	}
}

// A person asks for an undo; before it is made the ticket comes back and a new repair begins. The undo is the later word.
func TestAnUndoEndsTheRepairThatBeganMeanwhile(t *testing.T) {
	s := newStage(t)
	s.report()
	s.run()
	first := s.effects()[0]
	s.undo(first)
	s.public, s.now = true, s.now.Add(time.Minute)
	s.begunAgain()
	if _, err := s.director.Act(t.Context(), first.Key); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.want(ticket.Human, cutPolicy, "undo "+cutPolicy)
	for _, r := range s.runs() {
		if r.State == playbook.Running || r.State == playbook.Verifying {
			t.Errorf("run %s is %s", r.ID, r.State)
		}
	}
}

func (s *stage) begunAgain() {
	s.t.Helper()
	s.report()
	if _, err := s.director.Advance(s.t.Context(), string(s.ref)); err != nil {
		s.t.Fatal(err)
	}
	if !slices.ContainsFunc(s.effects(), func(e effect.Effect) bool { return e.State == effect.Doing }) {
		s.t.Fatal("no effect has begun")
	}
}

// Contended means that software goes on repairing: until a person takes a repair back.
func TestWhatAPersonTookBackIsNotRepairedThoughContended(t *testing.T) {
	s := newStage(t)
	s.config.Loop = playbook.Loop{Times: 2, Within: time.Hour}
	for range 3 {
		s.public, s.now = true, s.now.Add(time.Minute)
		s.report()
		s.run()
	}
	s.undo(s.effects()[0])
	s.run()
	done := slices.Clone(s.did)
	s.now = s.now.Add(time.Minute)
	s.report()
	s.run()
	s.want(ticket.Human, done...)

	s.now = s.now.Add(2 * time.Hour)
	s.person(triage.Reopen) // the person's word again
	s.run()
	s.want(ticket.Closed, append(done, cutPolicy)...)
}

// A rule that fires on the same bucket is a new finding on the ticket: it must not bring the repair back either.
func TestAnotherFindingDoesNotBringBackWhatAPersonTookBack(t *testing.T) {
	s := newStage(t)
	s.report()
	s.run()
	s.undo(s.effects()[0])
	s.run()
	s.now = s.now.Add(time.Minute)
	ref := bucket
	f := finding.Finding{
		Fingerprint: "another", Kind: finding.Expectation, By: "not-public", Title: "Bucket is public too", Severity: finding.High,
		Account: ref.Account, Resource: &ref, Occurred: s.now, Detected: s.now, Sighting: "another",
	}
	if err := s.triager.Report(t.Context(), []finding.Finding{f}, s.now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.triager.Triage(t.Context(), string(f.Fingerprint)); err != nil {
		t.Fatal(err)
	}
	s.run()
	if tk := s.want(ticket.Human, cutPolicy, "undo "+cutPolicy); !strings.Contains(tk.Reason, "taken back") {
		t.Errorf("reason: %s", tk.Reason)
	}
}

// It comes back, and is seen, after the last read of the settle window began and before that read is written down.
func TestWhatIsSeenAfterTheLastReadIsNotSettledByIt(t *testing.T) {
	s := newStage(t)
	s.report()
	s.now = s.now.Add(time.Second)
	s.report() // the third sighting will leave no line, so that the timeline does not show that anything moved
	s.public = false
	looks := 0
	s.looked = func() {
		if looks++; looks > 1 {
			return
		}
		s.now, s.public = s.now.Add(time.Second), true
		s.report()
	}
	s.run()
	s.want(ticket.Closed, cutPolicy)
}

func TestPlanningAgainIsBounded(t *testing.T) {
	s := newStage(t)
	s.report()
	s.broken = fault.New(fault.Conflict, "the policy has changed since the plan")
	s.run()
	if tk := s.want(ticket.Human); !strings.Contains(tk.Reason, "the policy has changed") {
		t.Errorf("reason: %s", tk.Reason)
	}
}

func TestPlanningAgainTakesNoSecondPlaceInALimit(t *testing.T) {
	s := newStage(t)
	s.config.Limits = playbook.Limits{Run: 1, Minute: 1, Day: 1}
	s.begun()
	s.broken = fault.New(fault.Conflict, "the policy has changed since the plan")
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	s.broken = nil
	s.run()
	s.want(ticket.Closed, cutPolicy)
}

// Settings now say plan: what began when they said enforce is not done.
func TestAPlaybookTurnedToPlanDoesNothingMore(t *testing.T) {
	s := newStage(t)
	s.begun()
	s.config.Mode = playbook.PlanOnly
	s.run()
	if tk := s.want(ticket.Human); !strings.Contains(tk.Reason, "may only plan") {
		t.Errorf("reason: %s", tk.Reason)
	}

	s = newStage(t)
	s.idle = true // the first step is not enough
	s.begun()
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	s.config.Mode = playbook.PlanOnly
	s.run()
	if tk := s.want(ticket.Human, cutPolicy); !strings.Contains(tk.Reason, "would do "+block) {
		t.Errorf("reason: %s", tk.Reason)
	}
}

// The next step cuts deeper. It is not begun while nobody can tell whether the first one was enough.
func TestTheDeeperCutWaitsUntilItIsKnownToBeNeeded(t *testing.T) {
	s := newStage(t)
	s.begun()
	if _, err := s.act(); err != nil {
		t.Fatal(err)
	}
	s.hidden = true
	if err := s.settle(); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("want it to be tried again, got %v", err)
	}
	s.hidden = false
	s.run()
	s.want(ticket.Closed, cutPolicy)
}

// The bucket is deleted before the step is planned: no action can plan for it, and none is needed.
func TestWhatIsGoneInTheMiddleIsSettled(t *testing.T) {
	s := newStage(t)
	s.report()
	looks := 0
	s.looked = func() {
		if looks++; looks == 1 {
			s.public, s.gone = false, true
		}
	}
	s.run()
	s.want(ticket.Closed)
}

// A ticket that a person has may have something open on it still, when the leg could not even begin.
func TestHandingOverWhatAPersonHasGivesTheRestToo(t *testing.T) {
	s := newStage(t)
	s.report()
	if err := s.director.HandOver(t.Context(), s.ref, "first"); err != nil {
		t.Fatal(err)
	}
	f := s.findings()[0]
	f.State = finding.Open
	if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), f) }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.director.HandOver(t.Context(), s.ref, "second"); err != nil {
			t.Fatal(err)
		}
	}
	if f = s.findings()[0]; f.State != finding.Human || f.Note != "second" {
		t.Errorf("the finding is %s: %s", f.State, f.Note)
	}
}

func TestOnlyACrashLeavesNoRecord(t *testing.T) {
	s := newStage(t)
	e := s.begun()
	s.broken = fault.New(fault.Unavailable, "throttled")
	if _, err := s.director.Act(t.Context(), e.Key); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	s.broken = nil
	s.run()
	s.undo(s.effects()[0])
	s.run()
	kinds := s.kinds()
	if slices.Contains(kinds, "repeat") || !slices.Contains(kinds, "retry") {
		t.Errorf("nothing crashed, one attempt was throttled, and the timeline says %v", kinds)
	}
}
