package builtin_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	iamactions "jobzero/internal/action/iam"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

const (
	wide    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`
	smaller = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/*"},{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`
	other   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`
	trust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

func wideRole(t *testing.T, owner aws.Config, account string) effect.Target {
	c := iam.NewFromConfig(owner)
	must[*iam.CreateRoleOutput](t)(c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("deploy"), Path: aws.String("/ci/"), AssumeRolePolicyDocument: aws.String(trust)}))
	must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("deploy"), PolicyName: aws.String("work"), PolicyDocument: aws.String(wide)}))
	return effect.Target{Ref: resource.Ref{Type: resource.Role, Account: account, ID: "deploy"}, Params: map[string]string{"policy": "work", "document": smaller}}
}

func plain(t *testing.T, text *string) string {
	t.Helper()
	return must[string](t)(url.PathUnescape(aws.ToString(text)))
}

func roleState(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*iam.GetRolePolicyOutput](t)(iam.NewFromConfig(owner).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("work")}))
	return plain(t, out.PolicyDocument)
}

func otherRolePolicy(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.PutRolePolicyOutput](t)(iam.NewFromConfig(owner).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("work"), PolicyDocument: aws.String(other)}))
}

func widePolicy(t *testing.T, owner aws.Config, account string) effect.Target {
	out := must[*iam.CreatePolicyOutput](t)(iam.NewFromConfig(owner).CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("work"), PolicyDocument: aws.String(wide)}))
	return effect.Target{Ref: resource.Ref{Type: resource.ManagedPolicy, Account: account, ID: *out.Policy.Arn}, Params: map[string]string{"document": smaller}}
}

func managedState(t *testing.T, owner aws.Config, to effect.Target) string {
	c := iam.NewFromConfig(owner)
	p := must[*iam.GetPolicyOutput](t)(c.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: &to.Ref.ID})).Policy
	v := must[*iam.GetPolicyVersionOutput](t)(c.GetPolicyVersion(t.Context(), &iam.GetPolicyVersionInput{PolicyArn: &to.Ref.ID, VersionId: p.DefaultVersionId}))
	return *p.DefaultVersionId + " " + plain(t, v.PolicyVersion.Document)
}

func otherVersion(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.CreatePolicyVersionOutput](t)(iam.NewFromConfig(owner).CreatePolicyVersion(t.Context(), &iam.CreatePolicyVersionInput{
		PolicyArn: &to.Ref.ID, PolicyDocument: aws.String(other), SetAsDefault: true,
	}))
}

// TestNarrowRefuses: nobody is made stronger, and nothing is lost that could not be brought back.
func TestNarrowRefuses(t *testing.T) {
	server, account := testmoto.Shared(t), testmoto.Account()
	owner := server.Config(account)
	s := action.Session{Reader: owner, Responder: owner}
	role, managed := wideRole(t, owner, account), widePolicy(t, owner, account)
	user := "ana"
	c := iam.NewFromConfig(owner)
	must[*iam.CreateUserOutput](t)(c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &user}))
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: &user, PolicyName: aws.String("work"), PolicyDocument: aws.String(wide)}))
	with := func(to effect.Target, document string) effect.Target {
		params := map[string]string{"document": document}
		if name, ok := to.Params["policy"]; ok {
			params["policy"] = name
		}
		return effect.Target{Ref: to.Ref, Params: params}
	}
	full := fullPolicy(t, c, account)
	for name, x := range map[string]struct {
		action action.Action
		to     effect.Target
		words  string
	}{
		"a text that allows something else":     {iamactions.NarrowInlinePolicy{}, with(role, other), "not sure"},
		"a text that drops a Deny":              {iamactions.NarrowInlinePolicy{}, with(role, strings.Replace(smaller, "DeleteBucket", "GetBucketAcl", 1)), "not sure"},
		"a wider text for all who have it":      {iamactions.NarrowManagedPolicy{}, with(managed, other), "not sure"},
		"a policy of AWS":                       {iamactions.NarrowManagedPolicy{}, effect.Target{Ref: resource.Ref{Type: resource.ManagedPolicy, Account: account, ID: "arn:aws:iam::aws:policy/ReadOnlyAccess"}, Params: managed.Params}, "AWS's own"},
		"a policy without room for one version": {iamactions.NarrowManagedPolicy{}, with(full, smaller), "5 versions"},
	} {
		p, err := x.action.Plan(t.Context(), s, x.to)
		if err != nil || !strings.Contains(p.Refused, x.words) || len(p.Calls) > 0 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if _, err := (iamactions.NarrowInlinePolicy{}).Plan(t.Context(), s, with(role, "{")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a text that is none: %v", err)
	}
	on := effect.Target{Ref: resource.Ref{Type: resource.User, Account: account, ID: user}, Params: map[string]string{"policy": "work", "document": smaller}}
	p, err := (iamactions.NarrowInlinePolicy{}).Plan(t.Context(), s, on)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := (iamactions.NarrowInlinePolicy{}).Do(t.Context(), s, p); err != nil || r.Calls != 1 {
		t.Errorf("of a user: %+v, %v", r, err)
	}
	p.Target.Params["document"] = other // a journal that was changed makes nobody stronger
	if _, err := (iamactions.NarrowInlinePolicy{}).Do(t.Context(), s, p); !fault.Is(err, fault.Invalid) {
		t.Errorf("a plan whose text was exchanged: %v", err)
	}
}

// fullPolicy is one with as many versions as there can be.
func fullPolicy(t *testing.T, c *iam.Client, account string) effect.Target {
	t.Helper()
	out := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("full"), PolicyDocument: aws.String(wide)}))
	for range 4 {
		must[*iam.CreatePolicyVersionOutput](t)(c.CreatePolicyVersion(t.Context(), &iam.CreatePolicyVersionInput{PolicyArn: out.Policy.Arn, PolicyDocument: aws.String(wide)}))
	}
	return effect.Target{Ref: resource.Ref{Type: resource.ManagedPolicy, Account: account, ID: *out.Policy.Arn}}
}
