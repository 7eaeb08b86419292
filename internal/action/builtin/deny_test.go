package builtin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/access"
	"jobzero/internal/action"
	ssoactions "jobzero/internal/action/sso"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/testmoto"
)

const (
	anasNumber = "90676bd1ae-7a8b9c0d-1111-2222-3333-444455556666"
	bosNumber  = "90676bd1ae-0d9c8b7a-1111-2222-3333-444455556666"
)

func deniedSet(t *testing.T, owner aws.Config, account string) effect.Target {
	to := wideSet(t, owner, account)
	to.Params = map[string]string{"user": anasNumber}
	return to
}

// TestDenyUser: one user loses everything, each by a statement of his own; everything else stays to the letter, and each comes back alone.
func TestDenyUser(t *testing.T) {
	server, account := testmoto.NewBeside(t, testmoto.Shared(t)), testmoto.Account()
	owner := server.Config(account)
	s, deny := action.Session{Reader: owner, Responder: owner}, ssoactions.DenyUser{}
	to := deniedSet(t, owner, account)
	before := setState(t, owner, to)
	plans := map[string]effect.Plan{}
	for name, params := range map[string]map[string]string{
		"ana": {"user": anasNumber}, "bo": {"user": bosNumber}, "cy": {"session": "cy@example.com", "issued-before": glassEnd},
	} {
		p, err := deny.Plan(t.Context(), s, effect.Target{Ref: to.Ref, Params: params})
		if err != nil || p.Refused != "" || p.Nothing != "" {
			t.Fatalf("%s: %+v, %v", name, p, err)
		}
		if _, err := deny.Do(t.Context(), s, p); err != nil {
			t.Fatal(err)
		}
		plans[name] = p
	}
	text := setState(t, owner, to)
	for _, part := range strings.SplitAfter(strings.TrimSuffix(strings.TrimPrefix(before, `{"Version":"2012-10-17","Statement":[`), `]}`), "},") {
		if !strings.Contains(text, strings.TrimSuffix(part, ",")) {
			t.Errorf("%s is not there any more: %s", part, text)
		}
	}
	for name, c := range map[string]struct {
		keys policy.Keys
		want access.Outcome
	}{
		"ana":           {policy.Keys{"identitystore:userid": policy.Is(anasNumber)}, access.ExplicitlyDenied},
		"bo":            {policy.Keys{"identitystore:userid": policy.Is(bosNumber)}, access.ExplicitlyDenied},
		"another":       {policy.Keys{"identitystore:userid": policy.Is("9067-1"), "aws:userid": policy.Is("AROAX:zoe")}, access.Allowed},
		"cy, before":    {policy.Keys{"aws:userid": policy.Is("AROAX:cy@example.com"), "aws:tokenissuetime": policy.Is("2030-01-01T00:00:00Z")}, access.ExplicitlyDenied},
		"cy, from then": {policy.Keys{"aws:userid": policy.Is("AROAX:cy@example.com"), "aws:tokenissuetime": policy.Is(glassEnd)}, access.Allowed},
	} {
		caller, err := access.NewCaller(access.IAM, "arn:aws:sts::"+account+":assumed-role/AWSReservedSSO_Ops_0123456789abcdef/x", "")
		if err != nil {
			t.Fatal(err)
		}
		call := &access.Call{Caller: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/a", Account: account}
		call.Context = access.Whole(call, c.keys)
		if got := (&access.Policies{Identity: document(t, policy.Identity, text)}).Decide(call); got.Outcome != c.want {
			t.Errorf("%s: %s, want %s by %s", name, got.Outcome, c.want, text)
		}
	}
	for _, name := range []string{"bo", "ana", "cy"} {
		if _, err := deny.Undo(t.Context(), s, plans[name]); err != nil {
			t.Fatalf("%s comes back: %v", name, err)
		}
	}
	if after := setState(t, owner, to); !action.SameText(before, after) {
		t.Errorf("before %s, after %s", before, after)
	}
}

// TestDenyUserWhereNothingIsWritten: a permission set without a policy of its own has none again afterwards.
func TestDenyUserWhereNothingIsWritten(t *testing.T) {
	server, account := testmoto.NewBeside(t, testmoto.Shared(t)), testmoto.Account()
	owner := server.Config(account)
	s, deny := action.Session{Reader: owner, Responder: owner}, ssoactions.DenyUser{}
	to := deniedSet(t, owner, account)
	instance, set, _ := strings.Cut(to.Ref.ID, "|")
	c := ssoadmin.NewFromConfig(owner)
	must[*ssoadmin.DeleteInlinePolicyFromPermissionSetOutput](t)(c.DeleteInlinePolicyFromPermissionSet(t.Context(), &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: &instance, PermissionSetArn: &set}))
	p := must[effect.Plan](t)(deny.Plan(t.Context(), s, to))
	if r, err := deny.Do(t.Context(), s, p); err != nil || r.Calls != 2 || !strings.Contains(setState(t, owner, to), anasNumber) {
		t.Fatalf("%+v, %v: %s", r, err, setState(t, owner, to))
	}
	if inverse, err := deny.Inverse(p); err != nil || inverse[0].Permission != "sso:DeleteInlinePolicyFromPermissionSet" {
		t.Errorf("%+v, %v", inverse, err)
	}
	if r, err := deny.Undo(t.Context(), s, p); err != nil || r.Calls != 2 || setState(t, owner, to) != "" {
		t.Errorf("%+v, %v: %s", r, err, setState(t, owner, to))
	}
	must[*ssoadmin.DeletePermissionSetOutput](t)(c.DeletePermissionSet(t.Context(), &ssoadmin.DeletePermissionSetInput{InstanceArn: &instance, PermissionSetArn: &set}))
	if p, err := deny.Plan(t.Context(), s, to); err != nil || p.Nothing == "" {
		t.Errorf("of a set that is gone: %+v, %v", p, err)
	}
	if check, err := deny.Verify(t.Context(), s, p); err != nil || !check.Holds {
		t.Errorf("of a set that is gone: %+v, %v", check, err)
	}
	for name, params := range map[string]map[string]string{
		"nobody": {}, "everybody": {"user": "*"}, "two": {"user": anasNumber, "session": "ana"}, "no time": {"session": "ana"},
		"a wild name": {"session": "*", "issued-before": glassEnd}, "no such time": {"session": "ana", "issued-before": "now"},
	} {
		if p, err := deny.Plan(t.Context(), s, effect.Target{Ref: to.Ref, Params: params}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}
