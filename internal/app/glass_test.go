package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/store"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// TestOneUseFromItsRequestToItsReview goes by the clock alone: nobody revokes anything.
func TestOneUseFromItsRequestToItsReview(t *testing.T) {
	v := aVault(t, testmoto.Shared(t), "emergency")
	u := v.ask()
	v.advance(u.ID)
	for who, code := range map[string]fault.Code{"ana": fault.Denied, "ANA ": fault.Denied, "bo": fault.Denied} {
		if _, err := grant.Approve(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says(who, "x")}, v.policy); !fault.Is(err, code) {
			t.Errorf("approved by %q: %v", who, err)
		}
	}
	if v.is(u.ID, glass.Requested); v.trust() != trustsNobody {
		t.Errorf("before anybody approved: %s", v.trust())
	}
	v.approve(u.ID)
	at := v.advance(u.ID)
	got := v.is(u.ID, glass.Granted)
	if !at.Equal(v.now.Add(time.Hour)) || !got.Until.Equal(at) || !strings.Contains(v.trust(), `"aws:CurrentTime":"2030-04-05T13:00:00Z"`) || !strings.Contains(v.ends(), "2030-04-05T13:00:00Z") {
		t.Errorf("granted until %s, next at %s: %s and %s", got.Until, at, v.trust(), v.ends())
	}
	if _, err := grant.Review(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says("kim", "all is well, I think")}, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("reviewed while it is used: %v", err)
	}
	if err := triage.Close(t.Context(), store.In(v.store, func(tx *store.Tx) triage.Tx { return tx }), triage.Order{Ticket: ticket.ID(u.ID), Person: "ana", Reason: "x"}, v.now); !fault.Is(err, fault.Denied) {
		t.Errorf("its ticket closed by hand: %v", err)
	}

	v.now = at
	at = v.advance(u.ID)
	v.is(u.ID, glass.Ended)
	if v.trust() != trustsNobody || !strings.Contains(v.ends(), "aws:TokenIssueTime") {
		t.Errorf("after the end: %s and %s", v.trust(), v.ends())
	}
	v.now = at.Add(50 * time.Hour) // two reminders were missed: one is enough
	v.advance(u.ID)
	v.advance(u.ID)
	_, tk, line := v.use(u.ID)
	if last := line[len(line)-1]; last.Kind != "overdue" || line[len(line)-2].Kind == "overdue" || tk.Severity != finding.High || tk.State != ticket.Human {
		t.Errorf("overdue: %+v, %s %s", last, tk.Severity, tk.State)
	}
	for who, why := range map[string]string{"ana": "it was all necessary", "kim": "fine"} {
		if _, err := grant.Review(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says(who, why)}, true); err == nil {
			t.Errorf("reviewed by %s with %q", who, why)
		}
	}
	if _, err := grant.Review(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says("kim", "drained the queue, as the incident says")}, true); err != nil {
		t.Fatal(err)
	}
	v.is(u.ID, glass.Reviewed)
	if _, tk, _ := v.use(u.ID); tk.State != ticket.Closed {
		t.Errorf("the ticket is %s", tk.State)
	}
}

// TestTheSwitchBetweenTheTwoCalls: pulled after the fence and before the grant, nothing is granted until it is let go of.
func TestTheSwitchBetweenTheTwoCalls(t *testing.T) {
	v := aVault(t, testmoto.Shared(t), "emergency")
	order := playbook.Order{Person: "mia", Reason: "drill"}
	rooms := store.In(v.store, func(tx *store.Tx) playbook.Tx { return tx })
	real := v.hands
	v.hands = after{real, func() {
		if err := playbook.StopEnforcing(t.Context(), rooms, order, v.now); err != nil {
			t.Fatal(err)
		}
	}}
	u := v.ask()
	v.approve(u.ID)
	v.advance(u.ID)
	if v.is(u.ID, glass.Granting); v.trust() != trustsNobody || v.ends() == "" {
		t.Errorf("between the calls: %s and %s", v.trust(), v.ends())
	}
	v.hands = real
	if err := playbook.ResumeEnforcing(t.Context(), rooms, order, v.now); err != nil {
		t.Fatal(err)
	}
	v.now = v.now.Add(time.Minute)
	v.advance(u.ID)
	v.is(u.ID, glass.Granted)
}

// after does something after each effect.
type after struct {
	playbook.Hands
	then func()
}

func (a after) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	if p.Target.Ticket == "" {
		return effect.Result{}, fault.New(fault.Internal, "%s was called for no ticket", p.Action)
	}
	r, err := a.Hands.Do(ctx, p)
	a.then()
	return r, err
}

// TestAGrantThatComesTooLate: somebody revokes and another process ends the use while the call that grants is on its way. It is taken back.
func TestAGrantThatComesTooLate(t *testing.T) {
	v := aVault(t, testmoto.Shared(t), "emergency")
	u := v.ask()
	v.approve(u.ID)
	real := v.hands
	v.hands = slow{real, func() {
		v.hands = real
		if _, err := grant.Revoke(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says("bo", "enough")}); err != nil {
			t.Fatal(err)
		}
		v.advance(u.ID) // the other process
		v.is(u.ID, glass.Ended)
	}}
	v.advance(u.ID)
	if v.is(u.ID, glass.Ended); v.trust() != trustsNobody {
		t.Errorf("after the late grant: %s", v.trust())
	}
}

// slow does something before a grant is made.
type slow struct {
	playbook.Hands
	first func()
}

func (s slow) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	if p.Action == "iam.grant-break-glass" {
		s.first()
	}
	return s.Hands.Do(ctx, p)
}

// TestAnEndThatDoesNotComeThrough is tried again for ever, and is critical when it takes minutes.
func TestAnEndThatDoesNotComeThrough(t *testing.T) {
	v := aVault(t, testmoto.Shared(t), "emergency")
	u := v.ask()
	v.approve(u.ID)
	v.now = v.advance(u.ID)
	real := v.hands
	v.hands = broken{real}
	for range 8 {
		v.now = v.advance(u.ID)
	}
	v.is(u.ID, glass.Ending)
	_, tk, line := v.use(u.ID)
	if tk.Severity != finding.Critical || tk.State != ticket.Human || !strings.Contains(tk.Reason, "no answer") {
		t.Errorf("%s %s: %s", tk.Severity, tk.State, tk.Reason)
	}
	said := 0
	for _, e := range line {
		if e.Kind == "retry" {
			said++
		}
	}
	if said != 2 { // the first, and how bad it is
		t.Errorf("said %d times, want 2", said)
	}
	v.hands = real
	v.advance(u.ID)
	v.is(u.ID, glass.Ended)
}

// broken changes nothing.
type broken struct{ playbook.Hands }

func (broken) Do(context.Context, effect.Plan) (effect.Result, error) {
	return effect.Result{}, fault.New(fault.Unavailable, "no answer")
}

// TestNobodyAnswers: silence is no.
func TestNobodyAnswers(t *testing.T) {
	v := aVault(t, testmoto.Shared(t), "emergency")
	u := v.ask()
	v.now = v.advance(u.ID)
	v.advance(u.ID)
	v.is(u.ID, glass.Expired)
	if _, err := grant.Approve(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says("kim", "late")}, v.policy); !fault.Is(err, fault.Conflict) || v.trust() != trustsNobody {
		t.Errorf("approved too late: %v, %s", err, v.trust())
	}
}

// TestTheSwitchStopsWhatGivesAndNotWhatTakes: with stop-enforcing nothing is granted, and what was granted is taken back; so in plan mode.
func TestTheSwitchStopsWhatGivesAndNotWhatTakes(t *testing.T) {
	for name, stop := range map[string]func(*vault, bool){
		"stop-enforcing": func(v *vault, on bool) {
			verb := playbook.ResumeEnforcing
			if on {
				verb = playbook.StopEnforcing
			}
			if err := verb(t.Context(), store.In(v.store, func(tx *store.Tx) playbook.Tx { return tx }), playbook.Order{Person: "mia", Reason: "drill"}, v.now); err != nil {
				t.Fatal(err)
			}
		},
		"plan mode": func(v *vault, on bool) {
			if v.policy.Enforce = []string{v.account}; on {
				v.policy.Enforce = nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := aVault(t, testmoto.Shared(t), "emergency")
			stop(v, true)
			u := v.ask()
			v.approve(u.ID)
			v.advance(u.ID)
			v.advance(u.ID)
			held := v.is(u.ID, glass.Approved)
			if held.Held == "" || v.trust() != trustsNobody || v.ends() != "" {
				t.Errorf("held by %q: %s and %s", held.Held, v.trust(), v.ends())
			}
			if plans := len(held.Would); (name == "plan mode") != (plans == 2) {
				t.Errorf("%d plans are shown", plans)
			}
			stop(v, false)
			v.now = v.now.Add(time.Minute)
			v.advance(u.ID)
			v.is(u.ID, glass.Granted)
			stop(v, true)
			if _, err := grant.Revoke(t.Context(), v.rows(), grant.Order{ID: u.ID, Who: v.says("bo", "enough")}); err != nil {
				t.Fatal(err)
			}
			v.advance(u.ID)
			v.is(u.ID, glass.Ended)
			if v.trust() != trustsNobody || !strings.Contains(v.ends(), "aws:TokenIssueTime") {
				t.Errorf("revoked: %s and %s", v.trust(), v.ends())
			}
		})
	}
}

// TestKilledAtEveryMoment kills the keeper at each moment of a use, one after the other: the grant is made once, and nothing is left of it.
func TestKilledAtEveryMoment(t *testing.T) {
	t.Setenv(testmoto.EnvEndpoint, "") // the recorder is not to be shared
	server := testmoto.Shared(t)
	if err := server.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	var runs int
	for n := 1; ; n++ {
		v := aVault(t, server, fmt.Sprintf("emergency%d", n))
		v.ticks = n
		u := v.ask()
		v.approve(u.ID)
		v.advance(u.ID)
		v.is(u.ID, glass.Granted)
		v.now = v.now.Add(2 * time.Hour)
		v.advance(u.ID)
		v.is(u.ID, glass.Ended)
		if v.trust() != trustsNobody || strings.Count(v.ends(), "Sid") != 2 {
			t.Errorf("killed at moment %d: %s and %s", n, v.trust(), v.ends())
		}
		runs = n
		if v.ticks > 0 {
			break // it lived to the end
		}
	}
	calls, err := server.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]int{}
	for _, c := range calls {
		if c.Action == "UpdateAssumeRolePolicy" || c.Action == "PutRolePolicy" {
			made[c.Action]++
		}
	}
	if runs < 20 || made["UpdateAssumeRolePolicy"] != 2*runs || made["PutRolePolicy"] != 2*runs {
		t.Errorf("%d runs made %v, want twice as many of each", runs, made)
	}
	t.Logf("killed at %d moments", runs-1)
}
