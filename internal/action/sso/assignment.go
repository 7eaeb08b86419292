package sso

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	removeID  = "sso.remove-assignment"
	removeMay = "sso:DeleteAccountAssignment"
	createMay = "sso:CreateAccountAssignment"
)

// RemoveAssignment takes a permission set in an account away from a user or a group.
type RemoveAssignment struct{}

// Info describes the action.
func (RemoveAssignment) Info() action.Info {
	return action.Info{
		ID: removeID, Title: "Remove an assignment of Identity Center",
		Why:  "Without the assignment nobody gets a new session in the account by it. It can be made again as it was.",
		Risk: "Whoever has it loses the account. A session that has begun lasts until its permission set says, at the longest 12 hours.",
		Undo: effect.Exact, Targets: []resource.Type{resource.SSOAssignment},
		Reads: []string{"sso:ListAccountAssignments"}, Writes: []string{removeMay, createMay}, Role: awsorg.Organization,
	}
}

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

// Plan looks whether the assignment is there.
func (RemoveAssignment) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: removeID, Target: t, Undo: effect.Exact}
	a, err := parse(t.Ref)
	if err != nil {
		return p, err
	}
	is, err := there(ctx, s.Reader, a)
	if err != nil {
		return p, err
	}
	if !is {
		p.Nothing = "the assignment does not exist any more"
		return p, nil
	}
	p.Diff = "- " + a.PermissionSetArn + " in " + a.TargetId
	p.Loses = []string{strings.ToLower(a.PrincipalType) + " " + a.PrincipalId + " in account " + a.TargetId}
	if p.Before, err = action.Text(a); err != nil {
		return p, err
	}
	call, err := action.NewCall(removeMay, a.PermissionSetArn, a)
	p.Calls = []effect.Call{call}
	return p, err
}

// planned is the assignment that a plan is about, and the call that follows from it.
func planned(p effect.Plan, permission string) (a assignment, call effect.Call, err error) {
	if err = action.ReadBefore(p, &a); err != nil {
		return a, call, err
	}
	if want, err := parse(p.Target.Ref); err != nil || want != a {
		return a, call, errors.Join(err, fault.New(fault.Invalid, "the plan of %s for %s has recorded another", p.Action, p.Target.Ref))
	}
	call, err = action.NewCall(permission, a.PermissionSetArn, a)
	return a, call, err
}

// Do removes it.
func (RemoveAssignment) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	a, call, err := planned(p, removeMay)
	if err != nil {
		return effect.Result{}, err
	}
	if call, err = action.Exactly(p, call); err != nil {
		return effect.Result{}, err
	}
	is, err := there(ctx, s.Reader, a)
	if err != nil || !is {
		return effect.Result{Already: err == nil}, err
	}
	var in ssoadmin.DeleteAccountAssignmentInput
	if err := action.ReadInput(call, &in); err != nil {
		return effect.Result{}, err
	}
	out, err := ssoadmin.NewFromConfig(s.Responder).DeleteAccountAssignment(ctx, &in)
	if err != nil {
		return effect.Result{}, awsorg.Fault(err, "remove %s", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, settled(ctx, s.Reader, a, false, out.AccountAssignmentDeletionStatus)
}

// waits bounds the waiting for Identity Center, which makes and removes assignments in its own time; Verify looks again anyway.
const (
	waits = 20
	pause = 500 * time.Millisecond
)

// settled waits until Identity Center has done what it was asked for. A failure that it tells is one; that it takes longer is not.
func settled(ctx context.Context, cfg aws.Config, a assignment, want bool, status *types.AccountAssignmentOperationStatus) error {
	if status != nil && status.Status == types.StatusValuesFailed {
		return fault.New(fault.Unavailable, "Identity Center could not change the assignment of %s in %s: %s", a.PermissionSetArn, a.TargetId, aws.ToString(status.FailureReason))
	}
	for range waits {
		if is, err := there(ctx, cfg, a); err == nil && is == want {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
	return nil
}

// Inverse is the call that makes it again.
func (RemoveAssignment) Inverse(p effect.Plan) ([]effect.Call, error) {
	_, call, err := planned(p, createMay)
	return []effect.Call{call}, err
}

// Undo makes it again.
func (RemoveAssignment) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	a, call, err := planned(p, createMay)
	if err != nil {
		return effect.Result{}, err
	}
	is, err := there(ctx, s.Reader, a)
	if err != nil || is {
		return effect.Result{Already: err == nil}, err
	}
	var in ssoadmin.CreateAccountAssignmentInput
	if err := action.ReadInput(call, &in); err != nil {
		return effect.Result{}, err
	}
	out, err := ssoadmin.NewFromConfig(s.Responder).CreateAccountAssignment(ctx, &in)
	if err != nil {
		return effect.Result{}, awsorg.Fault(err, "make %s again", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, settled(ctx, s.Reader, a, true, out.AccountAssignmentCreationStatus)
}

// Verify looks whether it is gone.
func (RemoveAssignment) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	a, err := parse(p.Target.Ref)
	if err != nil {
		return effect.Check{}, err
	}
	is, err := there(ctx, s.Reader, a)
	switch {
	case err != nil:
		return action.Unseen(err), nil
	case is:
		return effect.Check{Text: "the assignment is there"}, nil
	}
	return effect.Check{Holds: true, Text: "the assignment does not exist any more"}, nil
}
