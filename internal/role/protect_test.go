package role_test

import (
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/policy"
	"jobzero/internal/role"
)

const (
	member = "111122223333"
	hub    = "999900001111"
)

// protection is what our policy and AWS's own, which allows everything, leave to somebody who may do everything in his account.
func protection(t *testing.T) access.Policies {
	t.Helper()
	d, err := role.Protect(options())
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.Text()
	if err != nil {
		t.Fatal(err)
	}
	ours, problems, err := policy.Parse("protect", policy.SCP, text)
	if err != nil || len(problems) > 0 || ours.Size > policy.MaxOrganisation {
		t.Fatal(err, problems, ours.Size)
	}
	t.Logf("%d characters of %d", ours.Size, policy.MaxOrganisation)
	all, _, err := policy.Parse("all", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	return access.Policies{Identity: []*policy.Document{all}, SCPs: [][]*policy.Document{{all, ours}}}
}

// attack is one call that would take something of ours away.
type attack struct {
	action, resource string
	tag              string // of the resource: jobzero=
}

func attacks() []attack {
	return []attack{
		{"iam:PutRolePolicy", "arn:aws:iam::" + member + ":role/jobzero-reader", ""},
		{"iam:UpdateAssumeRolePolicy", "arn:aws:iam::" + member + ":role/jobzero-responder", ""},
		{"iam:AttachRolePolicy", "arn:aws:iam::" + member + ":role/jobzero-reader", ""},
		{"iam:DeleteRole", "arn:aws:iam::" + member + ":role/jobzero-forward", ""},
		{"iam:CreateRole", "arn:aws:iam::" + member + ":role/jobzero-mine", ""}, // which would be exempt
		{"iam:CreateRole", "arn:aws:iam::" + member + ":role/break-glass/mine", ""},
		{"iam:CreateRole", "arn:aws:iam::" + member + ":role/stacksets-exec-mine", ""},
		{"iam:UpdateAssumeRolePolicy", "arn:aws:iam::" + member + ":role/break-glass/emergency", ""},
		{"iam:PassRole", "arn:aws:iam::" + hub + ":role/jobzero-hub", ""}, // to a machine of one's own
		{"iam:AddRoleToInstanceProfile", "arn:aws:iam::" + hub + ":instance-profile/jobzero-hub", ""},
		{"iam:CreatePolicyVersion", "arn:aws:iam::" + member + ":policy/jobzero-reader-1", ""},
		{"events:DisableRule", "arn:aws:events:eu-west-1:" + member + ":rule/jobzero-forward", ""},
		{"events:RemoveTargets", "arn:aws:events:eu-west-1:" + hub + ":rule/jobzero/jobzero-collect", ""},
		{"events:PutEvents", "arn:aws:events:eu-west-1:" + hub + ":event-bus/jobzero", ""},
		{"events:DeleteEventBus", "arn:aws:events:eu-west-1:" + hub + ":event-bus/jobzero", ""},
		{"sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:" + hub + ":jobzero-events", ""},
		{"sqs:PurgeQueue", "arn:aws:sqs:eu-west-1:" + hub + ":jobzero-trail", ""},
		{"sqs:SetQueueAttributes", "arn:aws:sqs:eu-west-1:" + hub + ":jobzero-trail-dead", ""},
		{"kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:" + hub + ":key/0a1b", "protected"},
		{"kms:UntagResource", "arn:aws:kms:eu-west-1:" + hub + ":key/0a1b", "protected"},
		{"cloudformation:DeleteStack", "arn:aws:cloudformation:eu-west-1:" + member + ":stack/StackSet-jobzero-account-0a1b/2c3d", ""},
		{"cloudformation:UpdateStack", "arn:aws:cloudformation:eu-west-1:" + hub + ":stack/jobzero-hub/2c3d", ""},
	}
}

func decided(t *testing.T, p access.Policies, who string, a attack) access.Outcome {
	t.Helper()
	account := strings.SplitN(a.resource, ":", 6)[4]
	if account == "" {
		account = member
	}
	caller, err := access.NewCaller(access.IAM, strings.ReplaceAll(who, "ACCOUNT", account), "")
	if err != nil {
		t.Fatal(err)
	}
	given := policy.Keys{}
	if a.tag != "" {
		given["aws:resourcetag/jobzero"] = policy.Is(a.tag)
	}
	c := &access.Call{Caller: caller, Action: a.action, Resource: a.resource, Account: account}
	c.Context = access.Whole(c, given)
	if strings.HasPrefix(a.action, "kms:") { // whose policy leaves it to the account's, as that of our template does
		key, _, err := policy.Parse("key", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+account+`:root"},"Action":"kms:*","Resource":"*"}}`))
		if err != nil {
			t.Fatal(err)
		}
		p.Resource = []*policy.Document{key}
	}
	return p.Decide(c).Outcome
}

// TestProtect: who administers an account cannot change what is ours in it; those by whom it is installed, break-glass and the hub can.
func TestProtect(t *testing.T) {
	p := protection(t)
	for who, want := range map[string]access.Outcome{
		"arn:aws:iam::ACCOUNT:user/kim":   access.ExplicitlyDenied,
		"arn:aws:iam::ACCOUNT:root":       access.ExplicitlyDenied,
		"arn:aws:iam::ACCOUNT:role/admin": access.ExplicitlyDenied,
		"arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b": access.ExplicitlyDenied,
		"arn:aws:iam::ACCOUNT:role/my/jobzero-hub":                                           access.ExplicitlyDenied, // a path of its own
		"arn:aws:iam::ACCOUNT:role/break-glass/emergency":                                    access.Allowed,
		"arn:aws:iam::ACCOUNT:role/jobzero-hub":                                              access.Allowed,
		"arn:aws:iam::ACCOUNT:role/stacksets-exec-0a1b2c":                                    access.Allowed,
		"arn:aws:iam::ACCOUNT:role/AWSCloudFormationStackSetExecutionRole":                   access.Allowed,
		"arn:aws:iam::ACCOUNT:role/aws-service-role/stacksets.amazonaws.com/AWSServiceRoleX": access.Allowed,
	} {
		for _, a := range attacks() {
			if got := decided(t, p, who, a); got != want {
				t.Errorf("%s by %s: %s, want %s", a.action, who, got, want)
			}
		}
	}
}

// TestProtectLeavesTheRestAlone: nothing of anybody else is denied, and what is ours can be looked at.
func TestProtectLeavesTheRestAlone(t *testing.T) {
	p := protection(t)
	for _, a := range []attack{
		{"iam:DeleteRole", "arn:aws:iam::" + member + ":role/shop", ""},
		{"iam:CreateRole", "arn:aws:iam::" + member + ":role/team/jobzero", ""},
		{"iam:GetRole", "arn:aws:iam::" + member + ":role/jobzero-reader", ""},
		{"events:DisableRule", "arn:aws:events:eu-west-1:" + member + ":rule/nightly", ""},
		{"events:PutEvents", "arn:aws:events:eu-west-1:" + member + ":event-bus/default", ""},
		{"sqs:GetQueueAttributes", "arn:aws:sqs:eu-west-1:" + hub + ":jobzero-events", ""},
		{"sqs:DeleteQueue", "arn:aws:sqs:eu-west-1:" + member + ":orders", ""},
		{"kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:" + member + ":key/0a1b", ""},
		{"cloudformation:DeleteStack", "arn:aws:cloudformation:eu-west-1:" + member + ":stack/shop/2c3d", ""},
		{"cloudformation:DescribeStacks", "arn:aws:cloudformation:eu-west-1:" + hub + ":stack/jobzero-hub/2c3d", ""},
	} {
		if got := decided(t, p, "arn:aws:iam::ACCOUNT:role/admin", a); got != access.Allowed {
			t.Errorf("%s on %s: %s", a.action, a.resource, got)
		}
	}
}

// TestProtectInOtherPartitions: the policy is for the partition that it is made for, and too long names are refused.
func TestProtectInOtherPartitions(t *testing.T) {
	o := options()
	o.Partition = "aws-cn"
	d, err := role.Protect(o)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := d.Text(); err != nil || strings.Contains(string(text), "arn:aws:") || !strings.Contains(string(text), "arn:aws-cn:sqs:") {
		t.Errorf("%s %v", text, err)
	}
	o.Roles = map[role.Name]string{role.Reader: strings.Repeat("r", 512), role.Responder: strings.Repeat("s", 512)}
	if _, err := role.Protect(o); err == nil || !strings.Contains(err.Error(), "shorter names") {
		t.Errorf("names that are too long: %v", err)
	}
}
