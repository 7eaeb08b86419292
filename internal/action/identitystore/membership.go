package identitystore

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	removeID  = "identitystore.remove-from-group"
	removeMay = "identitystore:DeleteGroupMembership"
	createMay = "identitystore:CreateGroupMembership"
)

// RemoveFromGroup takes a user of Identity Center out of a group.
type RemoveFromGroup struct{}

// Info describes the action.
func (RemoveFromGroup) Info() action.Info {
	return action.Info{
		ID: removeID, Title: "Take a user out of a group of Identity Center",
		Why: "What is assigned to a group is everybody's who is in it. Taking one user out leaves the others what they have.",
		Risk: "The user loses what the group has. A directory that fills the group puts the user back, unless it knows of it too. A session " +
			"that has begun lasts on, at the longest 12 hours.",
		Undo: effect.Compensating, Targets: []resource.Type{resource.GroupMembership},
		Reads:  []string{"identitystore:ListGroupMembershipsForMember"},
		Writes: []string{removeMay, createMay},
		Role:   awsorg.Organization,
	}
}

// membership is somebody in a group.
type membership struct{ Store, ID, Group, User string }

var errGone = fault.New(fault.NotFound, "the membership does not exist any more")

func none(err error) bool {
	_, is := errors.AsType[*types.ResourceNotFoundException](err)
	return is
}

// look finds the membership of a target; errGone says that the user is not in the group.
func look(ctx context.Context, cfg aws.Config, ref resource.Ref) (membership, error) {
	part := strings.Split(ref.ID, "|")
	if len(part) != 3 {
		return membership{}, fault.New(fault.Invalid, "%s: want STORE|GROUP|USER as its ID", ref)
	}
	m := membership{Store: part[0], Group: part[1], User: part[2]}
	pages := identitystore.NewListGroupMembershipsForMemberPaginator(identitystore.NewFromConfig(cfg), &identitystore.ListGroupMembershipsForMemberInput{
		IdentityStoreId: &m.Store, MemberId: &types.MemberIdMemberUserId{Value: m.User},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if none(err) { // there is no such user any more
			return m, errGone
		}
		if err != nil {
			return m, awsorg.Fault(err, "list the groups of user %s", m.User)
		}
		for _, x := range page.GroupMemberships {
			if m.ID = aws.ToString(x.MembershipId); aws.ToString(x.GroupId) == m.Group && m.ID != "" {
				return m, nil
			}
		}
	}
	return m, errGone
}

type removeInput struct{ IdentityStoreId, MembershipId string }

// createInput is what is called; the user goes in apart, because the SDK has an interface there.
type createInput struct{ IdentityStoreId, GroupId, UserId string }

func storeARN(m membership, ref resource.Ref) string {
	return principal.ARN{Partition: awsorg.PartitionOf(ref.Region), Service: "identitystore", Account: ref.Account, Resource: "identitystore/" + m.Store}.String()
}

// Plan looks at the membership.
func (RemoveFromGroup) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: removeID, Target: t, Undo: effect.Compensating}
	m, err := look(ctx, s.Reader, t.Ref)
	switch {
	case err == errGone: //nolint:errorlint // look gives it as it is
		p.Nothing = errGone.Error()
		return p, nil
	case err != nil:
		return p, err
	}
	p.Diff, p.Loses = "- user "+m.User+" in group "+m.Group, []string{"user " + m.User + ": what the group " + m.Group + " has"}
	if p.Before, err = action.Text(m); err != nil {
		return p, err
	}
	call, err := action.NewCall(removeMay, storeARN(m, t.Ref), removeInput{m.Store, m.ID})
	p.Calls = []effect.Call{call}
	return p, err
}

// planned is the membership that a plan is about.
func planned(p effect.Plan) (m membership, err error) {
	if err = action.ReadBefore(p, &m); err == nil && strings.Join([]string{m.Store, m.Group, m.User}, "|") != p.Target.Ref.ID {
		err = fault.New(fault.Invalid, "the plan of %s for %s has recorded another", p.Action, p.Target.Ref)
	}
	return m, err
}

// Do takes the user out.
func (RemoveFromGroup) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	m, err := planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	want, err := action.NewCall(removeMay, storeARN(m, p.Target.Ref), removeInput{m.Store, m.ID})
	if err != nil {
		return effect.Result{}, err
	}
	if want, err = action.Exactly(p, want); err != nil {
		return effect.Result{}, err
	}
	now, err := look(ctx, s.Reader, p.Target.Ref)
	switch {
	case err == errGone: //nolint:errorlint // look gives it as it is
		return effect.Result{Already: true}, nil
	case err != nil:
		return effect.Result{}, err
	case now != m:
		return effect.Result{}, action.Moved(p)
	}
	var in identitystore.DeleteGroupMembershipInput
	if err := action.ReadInput(want, &in); err != nil {
		return effect.Result{}, err
	}
	if _, err := identitystore.NewFromConfig(s.Responder).DeleteGroupMembership(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "remove %s", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, nil
}

// Inverse is the call that puts the user into the group again.
func (RemoveFromGroup) Inverse(p effect.Plan) ([]effect.Call, error) {
	m, err := planned(p)
	if err != nil {
		return nil, err
	}
	call, err := action.NewCall(createMay, storeARN(m, p.Target.Ref), createInput{m.Store, m.Group, m.User})
	return []effect.Call{call}, err
}

// Undo puts the user into the group again. The membership has a new ID.
func (RemoveFromGroup) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	m, err := planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	if _, err = look(ctx, s.Reader, p.Target.Ref); err != errGone { //nolint:errorlint // look gives it as it is
		return effect.Result{Already: err == nil}, err
	}
	_, err = identitystore.NewFromConfig(s.Responder).CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: &m.Store, GroupId: &m.Group, MemberId: &types.MemberIdMemberUserId{Value: m.User},
	})
	if err != nil {
		return effect.Result{}, awsorg.Fault(err, "put the user of %s into the group again", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, nil
}

// Verify looks whether the user is in the group, by this membership or by another that somebody made since.
func (RemoveFromGroup) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	_, err := look(ctx, s.Reader, p.Target.Ref)
	switch {
	case err == errGone: //nolint:errorlint // look gives it as it is
		return effect.Check{Holds: true, Text: "the user is not in the group"}, nil
	case err != nil:
		return action.Unseen(err), nil
	}
	return effect.Check{Text: "the user is in the group"}, nil
}
