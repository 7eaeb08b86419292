package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

const (
	inlineID    = "iam.narrow-inline-policy"
	putRoleMay  = "iam:PutRolePolicy"
	putUserMay  = "iam:PutUserPolicy"
	dropUserMay = "iam:DeleteUserPolicy"
)

// NarrowInlinePolicy puts a smaller text in the place of a policy that is written into a role or a user.
type NarrowInlinePolicy struct{}

// Info describes the action.
func (NarrowInlinePolicy) Info() action.Info {
	return action.Info{
		ID: inlineID, Title: "Put a smaller policy in the place of one that is written into a role or user",
		Why: "What is never used helps only whoever steals the credential. Only a text that surely allows no more than the one that is " +
			"there is taken, so that this action can make nobody stronger.",
		Risk: "What is done once a year, or is not in the log, is refused from now on: hold the text against the last months before.",
		Undo: effect.Exact, Targets: []resource.Type{resource.Role, resource.User},
		Reads:  []string{"iam:GetRole", "iam:GetRolePolicy", "iam:GetUser", "iam:GetUserPolicy"},
		Writes: []string{putRoleMay, putUserMay},
		Params: []action.Param{
			{Name: "policy", Text: "name of the policy", Required: true},
			{Name: narrow.Document, Text: "the smaller policy, as JSON", Required: true},
		},
	}
}

// inlineInput is the API's shape of both calls.
type inlineInput struct {
	RoleName       string `json:",omitempty"`
	UserName       string `json:",omitempty"`
	PolicyName     string
	PolicyDocument string
}

// holder is a role or a user with a policy that is written into it.
type holder struct {
	ref    resource.Ref
	policy string
}

func holderOf(t effect.Target) holder { return holder{t.Ref, t.Params["policy"]} }

// arn asks for the ARN.
func (h holder) arn(ctx context.Context, cfg aws.Config) (string, error) {
	w, err := whoIs(ctx, cfg, h.ref)
	return w.ARN, err
}

// Kind is what the policy is.
func (holder) Kind() policy.Kind { return policy.Identity }

// Spread reports that whatever is put counts at once.
func (holder) Spread(context.Context, aws.Config) (bool, error) { return true, nil }

// Text is the policy as it is now; empty when there is none of the name.
func (h holder) Text(ctx context.Context, cfg aws.Config) (string, error) {
	client := iam.NewFromConfig(cfg)
	var document *string
	var err error
	if h.ref.Type == resource.User {
		var out *iam.GetUserPolicyOutput
		if out, err = client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &h.ref.ID, PolicyName: &h.policy}); err == nil {
			document = out.PolicyDocument
		}
	} else {
		var out *iam.GetRolePolicyOutput
		if out, err = client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &h.ref.ID, PolicyName: &h.policy}); err == nil {
			document = out.PolicyDocument
		}
	}
	if noEntity(err) {
		return "", nil
	}
	if err != nil {
		return "", awsorg.Fault(err, "read policy %s of %s", h.policy, h.ref)
	}
	return written(document)
}

// Calls is the one that puts a text.
func (h holder) Calls(arn, text string) ([]effect.Call, error) {
	in, may := inlineInput{RoleName: h.ref.ID, PolicyName: h.policy, PolicyDocument: text}, putRoleMay
	if h.ref.Type == resource.User {
		in.RoleName, in.UserName, may = "", h.ref.ID, putUserMay
	}
	call, err := action.NewCall(may, arn, in)
	return []effect.Call{call}, err
}

// Put puts a text.
func (h holder) Put(ctx context.Context, cfg aws.Config, text string) error {
	client := iam.NewFromConfig(cfg)
	var err error
	if h.ref.Type == resource.User {
		_, err = client.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &h.ref.ID, PolicyName: &h.policy, PolicyDocument: &text})
	} else {
		_, err = client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &h.ref.ID, PolicyName: &h.policy, PolicyDocument: &text})
	}
	return awsorg.Fault(err, "change policy %s of %s", h.policy, h.ref)
}

// Plan holds the smaller text against the one that is there.
func (NarrowInlinePolicy) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: inlineID, Target: t, Undo: effect.Exact}
	h := holderOf(t)
	if h.policy == "" {
		return p, fault.New(fault.Invalid, "%s wants the name of a policy", inlineID)
	}
	now, err := h.Text(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	if now == "" {
		p.Nothing = "there is no policy " + h.policy + " any more"
		return p, nil
	}
	arn, err := h.arn(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	if strings.Contains(arn, ":role/aws-service-role/") || strings.Contains(arn, ":role/aws-reserved/") {
		p.Refused = "the role belongs to a service of AWS, which alone may change it"
		return p, nil
	}
	if err := narrow.Complete(&p, policy.Identity, now, t.Params[narrow.Document]); err != nil || narrow.Ended(p) {
		return p, err
	}
	p.Loses = []string{t.Ref.String() + ": what its policy " + h.policy + " allows no more"}
	p.Calls, err = h.Calls(arn, t.Params[narrow.Document])
	return p, err
}

// Do puts the smaller text.
func (NarrowInlinePolicy) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	return narrow.Do(ctx, s, p, holderOf(p.Target))
}

// Inverse is the call that puts the old text back.
func (NarrowInlinePolicy) Inverse(p effect.Plan) ([]effect.Call, error) {
	return narrow.Inverse(p, holderOf(p.Target))
}

// Undo puts the old text back.
func (NarrowInlinePolicy) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	return narrow.Undo(ctx, s, p, holderOf(p.Target))
}

// Verify looks whether the policy allows no more than the smaller text.
func (NarrowInlinePolicy) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	return narrow.Verify(ctx, s, p, holderOf(p.Target))
}
