package app_test

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/app"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/policy/timed"
	"jobzero/internal/store"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const trustsNobody = `{"Version":"2012-10-17","Statement":[` + timed.Nobody + `]}`

// vault is one prepared role, a store, a clock, and a keeper that can be killed.
type vault struct {
	t       *testing.T
	server  *testmoto.Server
	account string
	role    string
	iam     *iam.Client
	hands   playbook.Hands
	store   *store.Store
	policy  glass.Policy
	now     time.Time
	ticks   int // until it dies; 0: it lives
}

func aVault(t *testing.T, server *testmoto.Server, role string) *vault {
	t.Helper()
	v := &vault{t: t, server: server, account: testmoto.Account(), role: role, now: time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)}
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = server.Endpoint, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	way, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(way.Close)
	if v.hands, err = action.New(way, builtin.All()...); err != nil {
		t.Fatal(err)
	}
	v.iam = iam.NewFromConfig(server.Config(v.account))
	_, err = v.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &role, Path: aws.String("/break-glass/"), AssumeRolePolicyDocument: aws.String(trustsNobody)})
	if err != nil {
		t.Fatal(err)
	}
	if v.store, err = store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "v.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.store.Close() })
	v.policy = glass.DefaultPolicy()
	v.policy.Enforce = []string{v.account}
	v.policy.Roles = []glass.Rule{{Role: role, Accounts: []string{"*"}, Longest: 4 * time.Hour, Approvers: []string{"kim", "ana"}}}
	return v
}

type died struct{}

// tick is a moment at which the process may die.
func (v *vault) tick() {
	if v.ticks > 0 {
		if v.ticks--; v.ticks == 0 {
			panic(died{})
		}
	}
}

func (v *vault) rows() grant.Store {
	return store.In(v.store, func(tx *store.Tx) grant.Tx { return tx })
}

// mortalStore and mortalHands die before or after what they do.
type mortalStore struct {
	grant.Store
	v *vault
}

func (m mortalStore) Update(ctx context.Context, do func(grant.Tx) error) error {
	m.v.tick()
	defer m.v.tick()
	return m.Store.Update(ctx, do)
}

type mortalHands struct {
	playbook.Hands
	v *vault
}

func (m mortalHands) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	m.v.tick()
	r, err := m.Hands.Do(ctx, p)
	m.v.tick()
	return r, err
}

func (m mortalHands) Undo(ctx context.Context, p effect.Plan) (effect.Result, error) {
	m.v.tick()
	r, err := m.Hands.Undo(ctx, p)
	m.v.tick()
	return r, err
}

// advance runs a keeper that may die; another one takes over.
func (v *vault) advance(id glass.ID) time.Time {
	v.t.Helper()
	for {
		if at, lived := v.once(id); lived {
			return at
		}
	}
}

func (v *vault) once(id glass.ID) (at time.Time, lived bool) {
	v.t.Helper()
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(died); !ok {
				panic(r)
			}
		}
	}()
	k := grant.New(grant.Options{
		Store: mortalStore{v.rows(), v}, Hands: mortalHands{v.hands, v}, Policy: func() glass.Policy { return v.policy }, Now: func() time.Time { return v.now },
	})
	at, err := k.Advance(v.t.Context(), string(id))
	if err != nil {
		v.t.Fatal(err)
	}
	return at, true
}

func (v *vault) ask() glass.Use {
	v.t.Helper()
	u, err := grant.Ask(v.t.Context(), v.rows(), grant.Asked{ID: app.NewGlassID(v.now), Policy: v.policy, Request: glass.Request{
		Person: "ana", Principal: "arn:aws:iam::444455556666:user/ana", Account: v.account, Role: v.role, Reason: "checkout is down", For: time.Hour,
	}}, v.now)
	if err != nil {
		v.t.Fatal(err)
	}
	return u
}

func (v *vault) says(who, why string) glass.Answer {
	return glass.Answer{By: who, At: v.now, Reason: why}
}

func (v *vault) approve(id glass.ID) {
	v.t.Helper()
	if _, err := grant.Approve(v.t.Context(), v.rows(), grant.Order{ID: id, Who: v.says("kim", "seen")}, v.policy); err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) use(id glass.ID) (u glass.Use, tk ticket.Ticket, line []ticket.Entry) {
	v.t.Helper()
	err := v.store.View(v.t.Context(), func(tx *store.Tx) (err error) {
		if u, err = tx.Glass(v.t.Context(), id); err != nil {
			return err
		}
		if tk, err = tx.Ticket(v.t.Context(), ticket.ID(id)); err != nil {
			return err
		}
		if line, err = tx.Timeline(v.t.Context(), tk.ID); err != nil {
			return err
		}
		return tx.CheckAudit(v.t.Context())
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return u, tk, line
}

// trust and ends are the two policies as they are.
func (v *vault) trust() string {
	v.t.Helper()
	out, err := v.iam.GetRole(v.t.Context(), &iam.GetRoleInput{RoleName: &v.role})
	if err != nil {
		v.t.Fatal(err)
	}
	text, _ := url.PathUnescape(*out.Role.AssumeRolePolicyDocument)
	return text
}

func (v *vault) ends() string {
	out, err := v.iam.GetRolePolicy(v.t.Context(), &iam.GetRolePolicyInput{RoleName: &v.role, PolicyName: aws.String("jobzero-ended-sessions")})
	if err != nil {
		return ""
	}
	text, _ := url.PathUnescape(*out.PolicyDocument)
	return text
}

func (v *vault) is(id glass.ID, want glass.State) glass.Use {
	v.t.Helper()
	u, _, line := v.use(id)
	if u.State != want {
		for _, e := range line {
			v.t.Logf("%s %s: %s", e.At, e.Kind, e.Text)
		}
		v.t.Fatalf("%s: %q, want %q", id, u.State, want)
	}
	return u
}

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
	r, err := a.Hands.Do(ctx, p)
	a.then()
	return r, err
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
