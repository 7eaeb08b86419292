package builtin_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
)

// identityCases are those of IAM that contain somebody.
func identityCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"iam.quarantine-role":      {Make: ofRole, State: rolePolicies, Disturb: ownQuarantine},
		"iam.quarantine-user":      {Make: withPassword, State: userAttached, Disturb: anotherUser},
		"iam.revoke-user-sessions": {Make: endedUser, State: shutState, Disturb: ownEnd},
		"iam.detach-policy":        {Make: attachedRole, State: roleAttached, Disturb: anotherRole},
		"iam.set-boundary":         {Make: unboundRole, State: boundaryState, Disturb: otherBoundary},

		"iam.deactivate-service-credential": {Make: withService, State: serviceState, Disturb: deleteService, Beside: against(serviceCredentials)},

		"iam.delete-access-key": {Make: inactiveKey, State: keyState, Disturb: activeKey},
	}
}

func ofRole(t *testing.T, owner aws.Config, account string) effect.Target {
	to := wideRole(t, owner, account)
	to.Params = nil
	return to
}

func rolePolicies(t *testing.T, owner aws.Config, to effect.Target) string {
	text := ""
	for _, name := range must[*iam.ListRolePoliciesOutput](t)(iam.NewFromConfig(owner).ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &to.Ref.ID})).PolicyNames {
		out := must[*iam.GetRolePolicyOutput](t)(iam.NewFromConfig(owner).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: &name}))
		text += name + plain(t, out.PolicyDocument)
	}
	return text
}

// ownQuarantine is a policy of our name that somebody else has written.
func ownQuarantine(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.PutRolePolicyOutput](t)(iam.NewFromConfig(owner).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("jobzero-quarantine"), PolicyDocument: aws.String(other)}))
}

func userAttached(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*iam.ListAttachedUserPoliciesOutput](t)(iam.NewFromConfig(owner).ListAttachedUserPolicies(t.Context(), &iam.ListAttachedUserPoliciesInput{UserName: &to.Ref.ID}))
	return attachedNames(out.AttachedPolicies)
}

func attachedNames(list []iamtypes.AttachedPolicy) (text string) {
	for _, p := range list {
		text += *p.PolicyArn + "\n"
	}
	return text
}

const endedAt = `{"Version":"2012-10-17","Statement":[{"Sid":"EndedSessions","Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"%s"}}}]}`

// endedUser has had sessions ended before, until an earlier time.
func endedUser(t *testing.T, owner aws.Config, account string) effect.Target {
	to := withPassword(t, owner, account)
	to.Params = map[string]string{"issued-before": "2026-11-02T08:00:00Z"}
	putEnd(t, owner, to, fmt.Sprintf(endedAt, "2026-11-01T08:00:00Z"))
	return to
}

func putEnd(t *testing.T, owner aws.Config, to effect.Target, text string) {
	must[*iam.PutUserPolicyOutput](t)(iam.NewFromConfig(owner).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: &to.Ref.ID, PolicyName: aws.String("jobzero-ended-sessions"), PolicyDocument: &text}))
}

func ownEnd(t *testing.T, owner aws.Config, to effect.Target) {
	putEnd(t, owner, to, fmt.Sprintf(endedAt, "2026-11-01T09:00:00Z"))
}

func attachedRole(t *testing.T, owner aws.Config, account string) effect.Target {
	to, policy := ofRole(t, owner, account), allowing(t, owner)
	must[*iam.AttachRolePolicyOutput](t)(iam.NewFromConfig(owner).AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: &to.Ref.ID, PolicyArn: &policy}))
	to.Params = map[string]string{"policy": policy}
	return to
}

// allowing makes a managed policy that denies nothing.
func allowing(t *testing.T, owner aws.Config) string {
	out := must[*iam.CreatePolicyOutput](t)(iam.NewFromConfig(owner).CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("queues"), PolicyDocument: aws.String(other)}))
	return *out.Policy.Arn
}

func roleAttached(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*iam.ListAttachedRolePoliciesOutput](t)(iam.NewFromConfig(owner).ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &to.Ref.ID}))
	return attachedNames(out.AttachedPolicies)
}

// anotherRole of the same name has the same policy.
func anotherRole(t *testing.T, owner aws.Config, to effect.Target) {
	c, policy := iam.NewFromConfig(owner), to.Params["policy"]
	must[*iam.DetachRolePolicyOutput](t)(c.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: &to.Ref.ID, PolicyArn: &policy}))
	must[*iam.DeleteRolePolicyOutput](t)(c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: &to.Ref.ID, PolicyName: aws.String("work")}))
	must[*iam.DeleteRoleOutput](t)(c.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: &to.Ref.ID}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &to.Ref.ID, AssumeRolePolicyDocument: aws.String(trust)}))
	must[*iam.AttachRolePolicyOutput](t)(c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: &to.Ref.ID, PolicyArn: &policy}))
}

func unboundRole(t *testing.T, owner aws.Config, account string) effect.Target {
	to := ofRole(t, owner, account)
	to.Params = map[string]string{"policy": allowing(t, owner)}
	return to
}

func boundaryState(t *testing.T, owner aws.Config, to effect.Target) string {
	b := must[*iam.GetRoleOutput](t)(iam.NewFromConfig(owner).GetRole(t.Context(), &iam.GetRoleInput{RoleName: &to.Ref.ID})).Role.PermissionsBoundary
	if b == nil {
		return "none"
	}
	return *b.PermissionsBoundaryArn
}

func otherBoundary(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.PutRolePermissionsBoundaryOutput](t)(iam.NewFromConfig(owner).PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
		RoleName: &to.Ref.ID, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
	}))
}

func inactiveKey(t *testing.T, owner aws.Config, account string) effect.Target {
	to := leakedKey(t, owner, account)
	setKey(t, owner, to, iamtypes.StatusTypeInactive)
	return to
}

func activeKey(t *testing.T, owner aws.Config, to effect.Target) {
	setKey(t, owner, to, iamtypes.StatusTypeActive)
}

func setKey(t *testing.T, owner aws.Config, to effect.Target, status iamtypes.StatusType) {
	must[*iam.UpdateAccessKeyOutput](t)(iam.NewFromConfig(owner).UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{UserName: aws.String("anna"), AccessKeyId: &to.Ref.ID, Status: status}))
}
