package app_test

import (
	"context"
	"net/url"
	"path/filepath"
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
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/policy/timed"
	"jobzero/internal/store"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
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
	if v.hands, err = action.New(way, builtin.All(builtin.Options{})...); err != nil {
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
