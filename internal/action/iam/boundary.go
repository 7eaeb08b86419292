package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// bounded is a user or role and its permissions boundary; empty when it has none.
type bounded struct {
	who
	Boundary string // ARN
}

// SetBoundary gives a user or role a permissions boundary.
func SetBoundary() setting.Of[bounded] {
	return setting.Of[bounded]{
		About: action.Info{
			ID: "iam.set-boundary", Title: "Bound what a user or role may do at most",
			Why: "A boundary allows nothing by itself: whatever policies say, no more than it allows counts. It holds at once, and for sessions that have " +
				"begun too, without a change to any other policy.",
			Risk: "What the boundary does not allow is refused from now on, also what is meant: replay it over the last months before. A user or role that has " +
				"another boundary is left alone, because the new one may allow more.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Role, resource.User},
			Reads: []string{"iam:GetRole", "iam:GetUser"},
			Writes: []string{
				"iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary",
			},
			Params: []action.Param{{Name: "policy", Text: "ARN of the managed policy that shall be the boundary", Required: true}},
		},
		Guard: notOwn, Look: lookBoundary, Goal: boundary, Calls: boundaryCalls, Send: sendBoundary,
	}
}

func lookBoundary(ctx context.Context, cfg aws.Config, t effect.Target) (bounded, error) {
	return boundedBy(ctx, cfg, t.Ref)
}

func boundary(t effect.Target, now bounded) (setting.Goal[bounded], error) {
	want := t.Params["policy"]
	g := setting.Goal[bounded]{
		To: bounded{now.who, want}, Met: "the boundary is " + want, Missing: "there is no boundary", Diff: "+ PermissionsBoundary: " + want,
		Loses: []string{kind(t.Ref) + " " + t.Ref.ID + ": what " + want + " does not allow"}, Refused: serviceOwned(now.who),
	}
	if now.Boundary != "" && now.Boundary != want {
		g.Refused = "the " + kind(t.Ref) + " has another boundary, " + now.Boundary + ", and the new one may allow more"
	}
	return g, nil
}

func boundaryCalls(t effect.Target, from, to bounded) ([]effect.Call, error) {
	whose := strings.TrimSuffix(nameOf(t.Ref), "Name")
	in := setting.In{nameOf(t.Ref): t.Ref.ID}
	switch to.Boundary {
	case from.Boundary:
		return nil, nil
	case "":
		return setting.One("iam:Delete"+whose+"PermissionsBoundary", from.ARN, in)
	}
	in["PermissionsBoundary"] = to.Boundary
	return setting.One("iam:Put"+whose+"PermissionsBoundary", from.ARN, in)
}

func sendBoundary(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := iam.NewFromConfig(cfg)
	switch call.Permission {
	case "iam:DeleteRolePermissionsBoundary":
		return setting.Send(ctx, call, c.DeleteRolePermissionsBoundary)
	case "iam:DeleteUserPermissionsBoundary":
		return setting.Send(ctx, call, c.DeleteUserPermissionsBoundary)
	case "iam:PutRolePermissionsBoundary":
		return setting.Send(ctx, call, c.PutRolePermissionsBoundary)
	}
	return setting.Send(ctx, call, c.PutUserPermissionsBoundary)
}
