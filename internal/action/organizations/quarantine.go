package organizations

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const moveMay = "organizations:MoveAccount"

// standing is where an account stands in the organisation.
type standing struct {
	ARN    string
	Parent string // ID of a unit or of the root
}

// QuarantineAccount moves an account into a unit whose policies deny.
func QuarantineAccount() setting.Of[standing] {
	return setting.Of[standing]{
		About: action.Info{
			ID: "organizations.quarantine-account", Title: "Move an account into a unit for quarantine",
			Why: "An account that somebody else has taken over cannot be trusted to contain itself. In a unit whose policies deny, nobody in it can go on, its root " +
				"user included, and nothing of it is lost.",
			Risk: "Everything in the account stops that the policies of the unit deny. The policies of where it stood hold no more: those of the unit must deny what " +
				"they denied. Stack sets and baselines that belong to a unit may act on what comes and goes.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.OrgAccount},
			Reads: []string{
				"organizations:DescribeAccount", "organizations:DescribeOrganization", "organizations:DescribePolicy",
				"organizations:ListParents", "organizations:ListPoliciesForTarget",
			},
			Writes: []string{moveMay}, Role: awsorg.Organization,
			Params: []action.Param{{Name: "unit", Text: "ID of the unit, such as ou-examplerootid-exampleouid", Required: true}},
		},
		Guard: movable, Look: lookStanding,
		Goal: func(t effect.Target, now standing) (setting.Goal[standing], error) {
			unit := t.Params["unit"]
			return setting.Goal[standing]{
				To: standing{now.ARN, unit}, Met: "the account is in quarantine", Missing: "the account is not in quarantine",
				Diff: "- in " + now.Parent + "\n+ in " + unit, Loses: []string{"everybody in account " + t.Ref.ID + ": what the policies of " + unit + " deny"},
			}, nil
		},
		Calls: func(t effect.Target, from, to standing) ([]effect.Call, error) {
			if from.Parent == to.Parent {
				return nil, nil
			}
			call, err := action.NewCall(moveMay, from.ARN, setting.In{"AccountId": t.Ref.ID, "SourceParentId": from.Parent, "DestinationParentId": to.Parent})
			// IAM asks for where it stood and where it comes to, each a unit or the root.
			for _, id := range []string{from.Parent, to.Parent, "r-*"} {
				call.Also = append(call.Also, effect.Need{Permission: moveMay, Resource: beside(from.ARN, id)})
			}
			return []effect.Call{call}, err
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, organizations.NewFromConfig(cfg).MoveAccount)
		},
	}
}

// beside is the ARN of a unit or the root of the organisation that an account is in
// (docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html).
func beside(account, id string) string {
	head, rest, _ := strings.Cut(account, ":account/")
	org, _, _ := strings.Cut(rest, "/")
	kind := "ou"
	if strings.HasPrefix(id, "r-") {
		kind = "root"
	}
	return head + ":" + kind + "/" + org + "/" + id
}

func lookStanding(ctx context.Context, cfg aws.Config, t effect.Target) (s standing, err error) {
	if s.ARN, err = arnOf(ctx, cfg, t.Ref); err != nil {
		return s, err
	}
	out, err := organizations.NewFromConfig(cfg).ListParents(ctx, &organizations.ListParentsInput{ChildId: &t.Ref.ID})
	if err != nil {
		return s, awsorg.Fault(err, "read where account %s stands", t.Ref.ID)
	}
	if len(out.Parents) != 1 || aws.ToString(out.Parents[0].Id) == "" {
		return s, fault.New(fault.Unavailable, "read where account %s stands: the API named %d places, and there is one", t.Ref.ID, len(out.Parents))
	}
	s.Parent = *out.Parents[0].Id
	return s, nil
}

// movable refuses a unit in which nothing is denied: it would be no quarantine.
func movable(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	if refused, err := unbound(ctx, s, t); refused != "" || err != nil {
		return refused, err
	}
	list, err := attachedTo(ctx, s.Reader, t.Params["unit"])
	if err != nil {
		return "", err
	}
	for _, id := range list {
		p, err := control{id}.read(ctx, s.Reader)
		if err != nil {
			return "", err
		}
		if p == nil {
			continue
		}
		effects, err := effectsOf(aws.ToString(p.Content))
		if err != nil || slices.Contains(effects, "Deny") {
			return "", err
		}
	}
	return "no policy that is attached to unit " + t.Params["unit"] + " denies anything: it is no quarantine", nil
}
