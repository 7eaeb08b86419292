package sso

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

const (
	narrowID     = "sso.narrow-permission-set"
	putInlineMay = "sso:PutInlinePolicyToPermissionSet"
	provisionMay = "sso:ProvisionPermissionSet"
)

// NarrowPermissionSet puts a smaller text in the place of the policy that is written into a permission set.
type NarrowPermissionSet struct{}

// Info describes the action.
func (NarrowPermissionSet) Info() action.Info {
	return action.Info{
		ID: narrowID, Title: "Put a smaller policy in the place of the one in a permission set",
		Why: "A permission set is the same role in every account that it is assigned in: what nobody uses of it is open many times. Only a text " +
			"that surely allows no more than the one that is there is taken, so that this action can make nobody stronger.",
		Risk: "Whoever has the permission set loses what it allows no more, in all accounts at once, in sessions that have begun too.",
		Undo: effect.Exact, Targets: []resource.Type{resource.PermissionSet},
		Reads:  []string{"sso:GetInlinePolicyForPermissionSet", "sso:ListAccountsForProvisionedPermissionSet"},
		Writes: []string{putInlineMay, provisionMay},
		Role:   awsorg.Organization,
		Params: []action.Param{{Name: narrow.Document, Text: "the smaller policy, as JSON", Required: true}},
	}
}

// set is a permission set.
type set struct{ instance, arn string }

var _ narrow.Place = set{}

// setOf takes the ID of a permission set apart, which is that of CloudFormation.
func setOf(ref resource.Ref) (set, error) {
	instance, arn, ok := strings.Cut(ref.ID, "|")
	if !ok || instance == "" || arn == "" {
		return set{}, fault.New(fault.Invalid, "%s: want InstanceArn|PermissionSetArn as its ID", ref)
	}
	return set{instance, arn}, nil
}

// Kind is what the policy is.
func (set) Kind() policy.Kind { return policy.Identity }

// Text is the policy as it is now; empty when the set, or a policy in it, is not there.
func (x set) Text(ctx context.Context, cfg aws.Config) (string, error) {
	out, err := ssoadmin.NewFromConfig(cfg).GetInlinePolicyForPermissionSet(ctx, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: &x.instance, PermissionSetArn: &x.arn})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return "", nil
	}
	if err != nil {
		return "", awsorg.Fault(err, "read the policy of permission set %s", x.arn)
	}
	return aws.ToString(out.InlinePolicy), nil
}

// Spread reports whether no account has an older form of the set.
func (x set) Spread(ctx context.Context, cfg aws.Config) (bool, error) {
	pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(ssoadmin.NewFromConfig(cfg), &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
		InstanceArn: &x.instance, PermissionSetArn: &x.arn, ProvisioningStatus: types.ProvisioningStatusLatestPermissionSetNotProvisioned,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, awsorg.Fault(err, "list where permission set %s is", x.arn)
		}
		if len(page.AccountIds) > 0 {
			return false, nil
		}
	}
	return true, nil
}

// The API's shapes of the calls.
type (
	putInline struct {
		InstanceArn, PermissionSetArn string
		InlinePolicy                  string `json:",omitempty"`
	}
	provision struct{ InstanceArn, PermissionSetArn, TargetType string }
)

// Calls are the one that puts a text, or takes it away when it is empty, and the one that carries it into all accounts.
func (x set) Calls(arn, text string) ([]effect.Call, error) {
	may := putInlineMay
	if text == "" {
		may = dropInlineMay
	}
	put, err := action.NewCall(may, arn, putInline{x.instance, x.arn, text})
	if err != nil {
		return nil, err
	}
	spread, err := action.NewCall(provisionMay, arn, provision{x.instance, x.arn, string(types.ProvisionTargetTypeAllProvisionedAccounts)})
	return []effect.Call{put, spread}, err
}

// Put puts a text, an empty one takes it away, and has it carried into all accounts.
func (x set) Put(ctx context.Context, cfg aws.Config, text string) (err error) {
	c := ssoadmin.NewFromConfig(cfg)
	if text == "" {
		_, err = c.DeleteInlinePolicyFromPermissionSet(ctx, &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: &x.instance, PermissionSetArn: &x.arn})
	} else {
		_, err = c.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: &x.instance, PermissionSetArn: &x.arn, InlinePolicy: &text})
	}
	if err != nil {
		return awsorg.Fault(err, "change the policy of permission set %s", x.arn)
	}
	_, err = c.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{
		InstanceArn: &x.instance, PermissionSetArn: &x.arn, TargetType: types.ProvisionTargetTypeAllProvisionedAccounts,
	})
	return awsorg.Fault(err, "carry permission set %s into its accounts", x.arn)
}

// Plan holds the smaller text against the one that is there.
func (NarrowPermissionSet) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: narrowID, Target: t, Undo: effect.Exact}
	x, err := setOf(t.Ref)
	if err != nil {
		return p, err
	}
	now, err := x.Text(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	if now == "" {
		p.Nothing = "there is no policy in the permission set"
		return p, nil
	}
	text := t.Params[narrow.Document]
	if err := narrow.Complete(&p, policy.Identity, now, text); err != nil || narrow.Ended(p) {
		return p, err
	}
	p.Loses = []string{"whoever has permission set " + x.arn + ", in every account: what it allows no more"}
	p.Calls, err = x.Calls(x.arn, text)
	return p, err
}

// Do puts the smaller text.
func (NarrowPermissionSet) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return effect.Result{}, err
	}
	return narrow.Do(ctx, s, p, x)
}

// Inverse are the calls that put the old text back.
func (NarrowPermissionSet) Inverse(p effect.Plan) ([]effect.Call, error) {
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return nil, err
	}
	return narrow.Inverse(p, x)
}

// Undo puts the old text back.
func (NarrowPermissionSet) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return effect.Result{}, err
	}
	return narrow.Undo(ctx, s, p, x)
}

// Verify looks whether the policy allows no more than the smaller text, in all accounts.
func (NarrowPermissionSet) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return effect.Check{}, err
	}
	return narrow.Verify(ctx, s, p, x)
}
