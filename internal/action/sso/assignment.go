package sso

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	removeMay = "sso:DeleteAccountAssignment"
	createMay = "sso:CreateAccountAssignment"
)

// RemoveAssignment takes a permission set in an account away from a user or a group.
func RemoveAssignment() setting.Of[assigned] {
	return setting.Of[assigned]{
		About: action.Info{
			ID: "sso.remove-assignment", Title: "Remove an assignment of Identity Center",
			Why:  "Without the assignment nobody gets a new session in the account by it. It can be made again as it was.",
			Risk: "Whoever has it loses the account. A session that has begun lasts until its permission set says, at the longest 12 hours.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.SSOAssignment},
			Reads: []string{"sso:ListAccountAssignments"}, Writes: []string{removeMay, createMay}, Role: awsorg.Organization,
		},
		Slow: true, Look: lookAssigned, Goal: unassigned, Calls: assignmentCalls, Send: sendAssignment,
	}
}

// assigned is whether the assignment is there.
type assigned struct{ There bool }

// assignment is the API's shape of both calls.
type assignment struct {
	InstanceArn, TargetId, TargetType, PermissionSetArn, PrincipalType, PrincipalId string
}

// parse takes the ID of an assignment apart.
func parse(ref resource.Ref) (assignment, error) {
	p := strings.Split(ref.ID, "|")
	if len(p) != 6 {
		return assignment{}, fault.New(fault.Invalid, "%s: want InstanceArn|TargetId|TargetType|PermissionSetArn|PrincipalType|PrincipalId as its ID", ref)
	}
	return assignment{p[0], p[1], p[2], p[3], p[4], p[5]}, nil
}

// there looks whether the assignment is there. A permission set that does not exist is assigned to nobody.
func there(ctx context.Context, cfg aws.Config, a assignment) (bool, error) {
	pages := ssoadmin.NewListAccountAssignmentsPaginator(ssoadmin.NewFromConfig(cfg), &ssoadmin.ListAccountAssignmentsInput{
		InstanceArn: &a.InstanceArn, PermissionSetArn: &a.PermissionSetArn, AccountId: &a.TargetId,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
			return false, nil
		}
		if err != nil {
			return false, awsorg.Fault(err, "list who has %s in %s", a.PermissionSetArn, a.TargetId)
		}
		for _, x := range page.AccountAssignments {
			if aws.ToString(x.PrincipalId) == a.PrincipalId && string(x.PrincipalType) == a.PrincipalType {
				return true, nil
			}
		}
	}
	return false, nil
}

func lookAssigned(ctx context.Context, cfg aws.Config, t effect.Target) (assigned, error) {
	a, err := parse(t.Ref)
	if err != nil {
		return assigned{}, err
	}
	is, err := there(ctx, cfg, a)
	return assigned{is}, err
}

func unassigned(t effect.Target, _ assigned) (setting.Goal[assigned], error) {
	a, err := parse(t.Ref)
	return setting.Goal[assigned]{
		Met: "the assignment does not exist any more", Missing: "the assignment is there", Diff: "- " + a.PermissionSetArn + " in " + a.TargetId,
		Loses: []string{strings.ToLower(a.PrincipalType) + " " + a.PrincipalId + " in account " + a.TargetId},
	}, err
}

func assignmentCalls(t effect.Target, from, to assigned) ([]effect.Call, error) {
	a, err := parse(t.Ref)
	if err != nil || from == to {
		return nil, err
	}
	may := createMay
	if !to.There {
		may = removeMay
	}
	call, err := action.NewCall(may, a.PermissionSetArn, a)
	return []effect.Call{call}, err
}

// sendAssignment makes or removes it. Identity Center goes on in its own time; a failure that it tells at once is one.
func sendAssignment(ctx context.Context, cfg aws.Config, call effect.Call) (err error) {
	c := ssoadmin.NewFromConfig(cfg)
	var status *types.AccountAssignmentOperationStatus
	if call.Permission == removeMay {
		var in ssoadmin.DeleteAccountAssignmentInput
		if err := action.ReadInput(call, &in); err != nil {
			return err
		}
		out, err := c.DeleteAccountAssignment(ctx, &in)
		if err != nil {
			return awsorg.Fault(err, "remove the assignment of %s in %s", *in.PermissionSetArn, *in.TargetId)
		}
		status = out.AccountAssignmentDeletionStatus
	} else {
		var in ssoadmin.CreateAccountAssignmentInput
		if err := action.ReadInput(call, &in); err != nil {
			return err
		}
		out, err := c.CreateAccountAssignment(ctx, &in)
		if err != nil {
			return awsorg.Fault(err, "make the assignment of %s in %s again", *in.PermissionSetArn, *in.TargetId)
		}
		status = out.AccountAssignmentCreationStatus
	}
	if status != nil && status.Status == types.StatusValuesFailed {
		return fault.New(fault.Unavailable, "Identity Center could not change the assignment: %s", aws.ToString(status.FailureReason))
	}
	return nil
}
