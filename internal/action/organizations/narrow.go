package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

const (
	narrowID  = "organizations.narrow-policy"
	updateMay = "organizations:UpdatePolicy"
)

// NarrowPolicy puts a smaller text in the place of a service control policy.
type NarrowPolicy struct{}

// Info describes the action.
func (NarrowPolicy) Info() action.Info {
	return action.Info{
		ID: narrowID, Title: "Put a smaller text in the place of a service control policy",
		Why: "What no account ever does helps only whoever gets in. Only a text that surely allows no more than the one that is there is " +
			"taken, so that this action opens nothing.",
		Risk: "Every account below wherever the policy is attached loses what it allows no more, its administrators too: replay the text over " +
			"what was done before.",
		Undo: effect.Exact, Targets: []resource.Type{resource.OrgPolicy},
		Reads: []string{"organizations:DescribePolicy"}, Writes: []string{updateMay}, Role: awsorg.Organization,
		Params: []action.Param{{Name: narrow.Document, Text: "the smaller policy, as JSON", Required: true}},
	}
}

// control is a service control policy.
type control struct{ id string }

var _ narrow.Place = control{}

// Kind is what the policy is.
func (control) Kind() policy.Kind { return policy.SCP }

// Spread reports that an organisation spreads its policies by itself.
func (control) Spread(context.Context, aws.Config) (bool, error) { return true, nil }

// read gives the policy; nil when there is none of the ID.
func (c control) read(ctx context.Context, cfg aws.Config) (*types.Policy, error) {
	out, err := organizations.NewFromConfig(cfg).DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &c.id})
	if _, none := errors.AsType[*types.PolicyNotFoundException](err); none {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, awsorg.Fault(err, "read policy %s of the organisation", c.id)
	}
	if out.Policy == nil || out.Policy.PolicySummary == nil {
		return nil, fault.New(fault.Unavailable, "read policy %s of the organisation: the API answered without one", c.id)
	}
	return out.Policy, nil
}

// Text is the policy as it is now; empty when there is none.
func (c control) Text(ctx context.Context, cfg aws.Config) (string, error) {
	p, err := c.read(ctx, cfg)
	if p == nil {
		return "", err
	}
	return aws.ToString(p.Content), nil
}

// update is the API's shape of the call.
type update struct{ PolicyId, Content string }

// Calls is the one that puts a text.
func (c control) Calls(arn, text string) ([]effect.Call, error) {
	call, err := action.NewCall(updateMay, arn, update{c.id, text})
	return []effect.Call{call}, err
}

// Put puts a text.
func (c control) Put(ctx context.Context, cfg aws.Config, text string) error {
	_, err := organizations.NewFromConfig(cfg).UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: &c.id, Content: &text})
	return awsorg.Fault(err, "change policy %s of the organisation", c.id)
}

// Plan holds the smaller text against the one that is there.
func (NarrowPolicy) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: narrowID, Target: t, Undo: effect.Exact}
	at := control{t.Ref.ID}
	now, err := at.read(ctx, s.Reader)
	switch {
	case err != nil:
		return p, err
	case now == nil:
		p.Nothing = "the policy does not exist any more"
		return p, nil
	case now.PolicySummary.AwsManaged:
		p.Refused = "the policy is AWS's own: attach a smaller one in its place"
		return p, nil
	case now.PolicySummary.Type != types.PolicyTypeServiceControlPolicy:
		p.Refused = "the policy is no service control policy: what is smaller of it is not known"
		return p, nil
	}
	text := t.Params[narrow.Document]
	if err := narrow.Complete(&p, policy.SCP, aws.ToString(now.Content), text); err != nil || narrow.Ended(p) {
		return p, err
	}
	p.Loses = []string{"every account below wherever " + aws.ToString(now.PolicySummary.Name) + " is attached: what it allows no more"}
	p.Calls, err = at.Calls(aws.ToString(now.PolicySummary.Arn), text)
	return p, err
}

// Do puts the smaller text.
func (NarrowPolicy) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	return narrow.Do(ctx, s, p, control{p.Target.Ref.ID})
}

// Inverse is the call that puts the old text back.
func (NarrowPolicy) Inverse(p effect.Plan) ([]effect.Call, error) {
	return narrow.Inverse(p, control{p.Target.Ref.ID})
}

// Undo puts the old text back.
func (NarrowPolicy) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	return narrow.Undo(ctx, s, p, control{p.Target.Ref.ID})
}

// Verify looks whether the policy allows no more than the smaller text.
func (NarrowPolicy) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	return narrow.Verify(ctx, s, p, control{p.Target.Ref.ID})
}
