package cli_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/access"
	"jobzero/internal/policy"
	"jobzero/internal/testmoto"
)

const theHub = "999900001111"

// stacked makes a template's stack on the emulator.
func stacked(t *testing.T, cfg aws.Config, name string, values ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployed, "cloudformation", name))
	if err != nil {
		t.Fatal(err)
	}
	// The emulator cannot make a key with tags from a template: KeyError in its kms/models.py. cfn-lint and our expectations read them.
	const tags = "      Tags: [{Key: owner, Value: !Ref Owner}, {Key: jobzero, Value: protected}]\n"
	if name == "hub.yaml" && strings.Count(string(text), tags) != 1 {
		t.Fatal("the hub's key has not the tags that it is protected by")
	}
	text = []byte(strings.ReplaceAll(string(text), tags, ""))
	in := cloudformation.CreateStackInput{
		StackName: aws.String("jobzero"), TemplateBody: aws.String(string(text)), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	}
	for _, v := range values {
		key, value, _ := strings.Cut(v, "=")
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: &key, ParameterValue: &value})
	}
	c := cloudformation.NewFromConfig(cfg)
	if _, err := c.CreateStack(t.Context(), &in); err != nil {
		t.Fatal(err)
	}
	if err := cloudformation.NewStackCreateCompleteWaiter(c, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, 50*time.Millisecond
	}).Wait(t.Context(), &cloudformation.DescribeStacksInput{StackName: in.StackName}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

// rolesOf are the roles of an account, with their trust policies.
func rolesOf(t *testing.T, cfg aws.Config) map[string]string {
	t.Helper()
	out, err := iam.NewFromConfig(cfg).ListRoles(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	trust := map[string]string{}
	for _, r := range out.Roles {
		text, err := url.QueryUnescape(aws.ToString(r.AssumeRolePolicyDocument))
		if err != nil {
			t.Fatal(err)
		}
		trust[aws.ToString(r.RoleName)] = text
	}
	return trust
}

// enters decides whether somebody may take a role on, as IAM does: by his own policies, which allow everything, and by the role's trust policy.
func enters(t *testing.T, trust, who, account, role, external string) access.Outcome {
	t.Helper()
	doc := func(kind policy.Kind, text string) []*policy.Document {
		p, _, err := policy.Parse(string(kind), kind, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return []*policy.Document{p}
	}
	caller, err := access.NewCaller(access.IAM, who, "")
	if err != nil {
		t.Fatal(err)
	}
	given := policy.Keys{}
	if external != "" {
		given["sts:externalid"] = policy.Is(external)
	}
	c := &access.Call{Caller: caller, Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + account + ":role/" + role, Account: account}
	c.Context = access.Whole(c, given)
	all := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	return (&access.Policies{Identity: doc(policy.Identity, all), Resource: doc(policy.Resource, trust)}).Decide(c).Outcome
}

// TestAccountStack: the emulator makes the stack, the roles are the ones that jobzero takes on, and nobody else can.
func TestAccountStack(t *testing.T) {
	server := testmoto.Shared(t)
	values := []string{"HubAccount=" + theHub, "HubRegion=eu-central-1", "ExternalId=made-up-external-id"}
	account := testmoto.Account()
	home := server.Config(account)
	stacked(t, home, "account.yaml", values...)
	roles := rolesOf(t, home)
	if len(roles) != 2 || roles["jobzero-reader"] == "" || roles["jobzero-forward"] == "" {
		t.Errorf("without asking for more there is %v", roles)
	}
	const hub = "arn:aws:sts::" + theHub + ":assumed-role/jobzero-hub/i-0abc"
	for name, c := range map[string]struct {
		who, external string
		want          access.Outcome
	}{
		"the hub":          {hub, "made-up-external-id", access.Allowed},
		"without the ID":   {hub, "", access.ImplicitlyDenied},
		"another ID":       {hub, "guessed", access.ImplicitlyDenied},
		"another role":     {"arn:aws:sts::" + theHub + ":assumed-role/admin/kim", "made-up-external-id", access.ImplicitlyDenied},
		"an administrator": {"arn:aws:iam::" + account + ":role/admin", "made-up-external-id", access.ImplicitlyDenied},
	} {
		if got := enters(t, roles["jobzero-reader"], c.who, account, "jobzero-reader", c.external); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	attached, err := iam.NewFromConfig(home).ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("jobzero-reader")})
	if err != nil || len(attached.AttachedPolicies) != 3 {
		t.Errorf("the reader has %v, %v", attached, err)
	}
	rule, err := eventbridge.NewFromConfig(home).DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: aws.String("jobzero-forward")})
	if err != nil || rule.State != "ENABLED" {
		t.Errorf("%+v, %v", rule, err)
	}

	away := server.Config(account)
	away.Region = "eu-west-1"
	stacked(t, away, "account.yaml", append(values, "Responder=yes", "Recon=yes")...) // roles are made at home only
	rule, err = eventbridge.NewFromConfig(away).DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: aws.String("jobzero-forward")})
	if err != nil || rule.State != "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" || len(rolesOf(t, home)) != 2 {
		t.Errorf("%+v, %v", rule, err)
	}

	full := server.Config(testmoto.Account())
	stacked(t, full, "account.yaml", append(values, "Responder=yes", "Organization=yes")...)
	if roles := rolesOf(t, full); len(roles) != 4 || roles["jobzero-responder"] == "" || roles["jobzero-organization"] == "" {
		t.Errorf("with everything there is %v", roles)
	}
}

// TestHubStack: the emulator makes the hub's stack too.
func TestHubStack(t *testing.T) {
	hub := testmoto.Shared(t).Config(testmoto.Account())
	stacked(t, hub, "hub.yaml", "OrganizationId=o-a1b2c3d4e5", "TrailBucket=example-trail", "TrailAccount=444455556666")
	if roles := rolesOf(t, hub); !strings.Contains(roles["jobzero-hub"], "ec2.amazonaws.com") || len(roles) != 1 {
		t.Errorf("%v", roles)
	}
	attached, err := iam.NewFromConfig(hub).ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("jobzero-hub")})
	if err != nil || len(attached.AttachedPolicies) != 1 {
		t.Errorf("the hub has %v, %v", attached, err)
	}
	out, err := cloudformation.NewFromConfig(hub).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("jobzero")})
	if err != nil || len(out.Stacks) != 1 || len(out.Stacks[0].Outputs) != 4 {
		t.Errorf("%+v, %v", out, err)
	}
}
