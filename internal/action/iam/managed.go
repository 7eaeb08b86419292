package iam

import (
	"context"
	"errors"
	"fmt"
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
	managedID  = "iam.narrow-managed-policy"
	versionMay = "iam:CreatePolicyVersion"
	defaultMay = "iam:SetDefaultPolicyVersion"
	// maxVersions is how many a managed policy has at most (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
	maxVersions = 5
)

// NarrowManagedPolicy makes a smaller text the version that counts of a managed policy of the account.
type NarrowManagedPolicy struct{}

// Info describes the action.
func (NarrowManagedPolicy) Info() action.Info {
	return action.Info{
		ID: managedID, Title: "Make a smaller text the version of a managed policy that counts",
		Why: "What is never used helps only whoever steals a credential. The old version stays beside the new one, so that going back takes " +
			"one call. Only a text that surely allows no more than the one that counts is taken.",
		Risk: "It holds for everybody who has the policy: hold the text against what all of them did.",
		Undo: effect.Exact, Targets: []resource.Type{resource.ManagedPolicy},
		Reads:  []string{"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"},
		Writes: []string{versionMay, defaultMay},
		Params: []action.Param{{Name: narrow.Document, Text: "the smaller policy, as JSON", Required: true}},
	}
}

// versionInput and defaultInput are the API's shapes of the calls.
type (
	versionInput struct {
		PolicyArn      string
		PolicyDocument string
		SetAsDefault   bool
	}
	defaultInput struct {
		PolicyArn string
		VersionId string
	}
)

// version is the one of a managed policy that counts, as a plan records it.
type version struct {
	Document string
	Version  string

	holders, versions int
}

// errNoPolicy says that the policy does not exist.
var errNoPolicy = fault.New(fault.NotFound, "the policy does not exist any more")

func lookAt(ctx context.Context, cfg aws.Config, arn string) (version, error) {
	client := iam.NewFromConfig(cfg)
	out, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	switch {
	case noEntity(err):
		return version{}, errNoPolicy
	case err != nil:
		return version{}, awsorg.Fault(err, "read policy %s", arn)
	case out.Policy == nil || out.Policy.DefaultVersionId == nil:
		return version{}, fault.New(fault.Unavailable, "read policy %s: the API answered without one", arn)
	}
	v := version{Version: *out.Policy.DefaultVersionId, holders: int(aws.ToInt32(out.Policy.AttachmentCount))}
	one, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: &v.Version})
	if err != nil {
		return version{}, awsorg.Fault(err, "read policy %s", arn)
	}
	if one.PolicyVersion == nil {
		return version{}, fault.New(fault.Unavailable, "read policy %s: the API answered without its text", arn)
	}
	if v.Document, err = written(one.PolicyVersion.Document); err != nil {
		return version{}, err
	}
	pages := iam.NewListPolicyVersionsPaginator(client, &iam.ListPolicyVersionsInput{PolicyArn: &arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return version{}, awsorg.Fault(err, "list the versions of policy %s", arn)
		}
		v.versions += len(page.Versions)
	}
	return v, nil
}

// Plan holds the smaller text against the version that counts.
func (NarrowManagedPolicy) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: managedID, Target: t, Undo: effect.Exact}
	if strings.Contains(t.Ref.ID, ":iam::aws:policy/") {
		p.Refused = "the policy is AWS's own: put a smaller one in its place where it is attached"
		return p, nil
	}
	now, err := lookAt(ctx, s.Reader, t.Ref.ID)
	switch {
	case errors.Is(err, errNoPolicy):
		p.Nothing = errNoPolicy.Error()
		return p, nil
	case err != nil:
		return p, err
	}
	smaller := t.Params[narrow.Document]
	if err := narrow.Complete(&p, policy.Identity, now.Document, smaller); err != nil || narrow.Ended(p) {
		return p, err
	}
	if now.versions >= maxVersions {
		p.Refused = fmt.Sprintf("the policy has %d versions, as many as there can be: delete one that nobody needs", now.versions)
		return p, nil
	}
	p.Loses = []string{fmt.Sprintf("%d users, groups and roles that have the policy: what it allows no more", now.holders)}
	if p.Before, err = action.Text(now); err != nil {
		return p, err
	}
	call, err := action.NewCall(versionMay, t.Ref.ID, versionInput{t.Ref.ID, smaller, true})
	p.Calls = []effect.Call{call}
	return p, err
}

// recorded is the version that a plan found.
func recorded(p effect.Plan) (version, error) {
	var v version
	if err := action.ReadBefore(p, &v); err != nil {
		return version{}, err
	}
	var err error
	plain := p
	if plain.Before, err = action.Text(narrow.Text{Document: v.Document}); err != nil {
		return version{}, err
	}
	_, err = narrow.Kept(plain, policy.Identity)
	return v, err
}

// Do makes the new version.
func (NarrowManagedPolicy) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	before, err := recorded(p)
	if err != nil {
		return effect.Result{}, err
	}
	arn, smaller := p.Target.Ref.ID, p.Target.Params[narrow.Document]
	want, err := action.NewCall(versionMay, arn, versionInput{arn, smaller, true})
	if err != nil {
		return effect.Result{}, err
	}
	if _, err := action.Exactly(p, want); err != nil {
		return effect.Result{}, err
	}
	now, err := lookAt(ctx, s.Reader, arn)
	switch {
	case errors.Is(err, errNoPolicy):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case action.SameText(now.Document, smaller):
		return effect.Result{Already: true}, nil
	case now.Version != before.Version:
		return effect.Result{}, action.Moved(p)
	}
	if _, err := iam.NewFromConfig(s.Responder).CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: &arn, PolicyDocument: &smaller, SetAsDefault: true,
	}); err != nil {
		return effect.Result{}, awsorg.Fault(err, "change policy %s", arn)
	}
	after, err := action.Text(narrow.Text{Document: smaller})
	return effect.Result{Calls: 1, After: after}, err
}

// Inverse is the call that makes the old version count again.
func (NarrowManagedPolicy) Inverse(p effect.Plan) ([]effect.Call, error) {
	before, err := recorded(p)
	if err != nil {
		return nil, err
	}
	call, err := action.NewCall(defaultMay, p.Target.Ref.ID, defaultInput{p.Target.Ref.ID, before.Version})
	return []effect.Call{call}, err
}

// Undo makes the old version count again.
func (NarrowManagedPolicy) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	before, err := recorded(p)
	if err != nil {
		return effect.Result{}, err
	}
	arn := p.Target.Ref.ID
	now, err := lookAt(ctx, s.Reader, arn)
	switch {
	case errors.Is(err, errNoPolicy):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case now.Version == before.Version:
		return effect.Result{Already: true}, nil
	case !action.SameText(now.Document, p.Target.Params[narrow.Document]):
		return effect.Result{}, action.Moved(p)
	}
	if _, err := iam.NewFromConfig(s.Responder).SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: &before.Version}); err != nil {
		return effect.Result{}, awsorg.Fault(err, "change policy %s back", arn)
	}
	after, err := action.Text(narrow.Text{Document: before.Document})
	return effect.Result{Calls: 1, After: after}, err
}

// Verify looks whether the version that counts allows no more than the smaller text.
func (NarrowManagedPolicy) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	now, err := lookAt(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case errors.Is(err, errNoPolicy):
		return narrow.Verified(policy.Identity, "", ""), nil
	case err != nil:
		return action.Unseen(err), nil
	}
	return narrow.Verified(policy.Identity, now.Document, p.Target.Params[narrow.Document]), nil
}
