package organizations

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	attachMay = "organizations:AttachPolicy"
	detachMay = "organizations:DetachPolicy"
	// most is how many service control policies an account or a unit has at most
	// (docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
	most = 5
)

// attachment is whether a policy is attached to an account or a unit.
type attachment struct {
	Policy, Target string // ARNs
	Attached       bool
}

// AttachPolicy attaches a service control policy that only denies.
func AttachPolicy() setting.Of[attachment] {
	return setting.Of[attachment]{
		About: action.Info{
			ID: "organizations.attach-policy", Title: "Attach a service control policy to an account or a unit",
			Why: "What a policy of the organisation denies nobody in the account can do, its root user included, whatever the account's own policies say. It is the " +
				"one thing that holds in an account that somebody else has taken over.",
			Risk: "Everybody in the account, or below the unit, loses what the policy denies: replay it over what was done before. Only a policy that denies and allows " +
				"nothing is attached: one that allows could allow more.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.OrgAccount, resource.OrgUnit},
			Reads: []string{
				"organizations:DescribeAccount", "organizations:DescribeOrganization", "organizations:DescribeOrganizationalUnit", "organizations:DescribePolicy",
				"organizations:ListPoliciesForTarget",
			},
			Writes: []string{attachMay, detachMay}, Role: awsorg.Organization,
			Params: []action.Param{{Name: "policy", Text: "ID of the policy, such as p-examplepolicyid", Required: true}},
		},
		Guard: attachable, Look: lookAttached,
		Goal: func(t effect.Target, now attachment) (setting.Goal[attachment], error) {
			return setting.Goal[attachment]{
				To: attachment{now.Policy, now.Target, true}, Met: "the policy is attached", Missing: "the policy is not attached", Diff: "+ " + now.Policy,
				Loses: []string{"everybody in or below " + t.Ref.ID + ": what policy " + t.Params["policy"] + " denies"},
			}, nil
		},
		Calls: func(t effect.Target, from, to attachment) ([]effect.Call, error) {
			may := attachMay
			switch {
			case from.Attached == to.Attached:
				return nil, nil
			case !to.Attached:
				may = detachMay
			}
			call, err := action.NewCall(may, from.Policy, setting.In{"PolicyId": t.Params["policy"], "TargetId": t.Ref.ID})
			call.Also = []effect.Need{{Permission: may, Resource: from.Target}}
			return []effect.Call{call}, err
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == detachMay {
				return setting.Send(ctx, call, organizations.NewFromConfig(cfg).DetachPolicy)
			}
			return setting.Send(ctx, call, organizations.NewFromConfig(cfg).AttachPolicy)
		},
	}
}

func lookAttached(ctx context.Context, cfg aws.Config, t effect.Target) (a attachment, err error) {
	if a.Target, err = arnOf(ctx, cfg, t.Ref); err != nil {
		return a, err
	}
	p, err := control{t.Params["policy"]}.read(ctx, cfg)
	if err == nil && p == nil {
		err = fault.New(fault.NotFound, "there is no policy %s", t.Params["policy"])
	}
	if err != nil {
		return a, err
	}
	a.Policy = aws.ToString(p.PolicySummary.Arn)
	list, err := attachedTo(ctx, cfg, t.Ref.ID)
	a.Attached = slices.Contains(list, t.Params["policy"])
	return a, err
}

// attachable refuses a policy that may allow something, and a place that takes no more.
func attachable(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	if refused, err := unbound(ctx, s, t); refused != "" || err != nil {
		return refused, err
	}
	p, err := control{t.Params["policy"]}.read(ctx, s.Reader)
	if err != nil || p == nil { // of which the look tells
		return "", err
	}
	if p.PolicySummary.Type != types.PolicyTypeServiceControlPolicy {
		return "the policy is no service control policy", nil
	}
	effects, err := effectsOf(aws.ToString(p.Content))
	if err != nil {
		return "", err
	}
	if !slices.Equal(effects, []string{"Deny"}) {
		return "the policy allows something: attached beside others it could allow more than they do", nil
	}
	list, err := attachedTo(ctx, s.Reader, t.Ref.ID)
	if err == nil && len(list) >= most && !slices.Contains(list, t.Params["policy"]) {
		return fmt.Sprintf("%s has %d policies, and takes no more: put two of them together first", t.Ref.ID, len(list)), nil
	}
	return "", err
}
