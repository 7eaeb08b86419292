package identitystore

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	removeMay = "identitystore:DeleteGroupMembership"
	createMay = "identitystore:CreateGroupMembership"
)

// RemoveFromGroup takes a user of Identity Center out of a group.
func RemoveFromGroup() setting.Of[membership] {
	return setting.Of[membership]{
		About: action.Info{
			ID: "identitystore.remove-from-group", Title: "Take a user out of a group of Identity Center",
			Why: "What is assigned to a group is everybody's who is in it. Taking one user out leaves the others what they have.",
			Risk: "The user loses what the group has. A directory that fills the group puts the user back, unless it knows of it too. A session " +
				"that has begun lasts on, at the longest 12 hours.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.GroupMembership},
			Reads:  []string{"identitystore:ListGroupMembershipsForMember"},
			Writes: []string{removeMay, createMay}, Role: awsorg.Organization,
		},
		Look: look, Goal: out, Calls: calls, Send: send,
	}
}

// membership is somebody in a group, by its ID; empty when the user is not in it. Made again it has another ID.
type membership struct{ Store, ID, Group, User string }

func named(ref resource.Ref) (membership, error) {
	part := strings.Split(ref.ID, "|")
	if len(part) != 3 {
		return membership{}, fault.New(fault.Invalid, "%s: want STORE|GROUP|USER as its ID", ref)
	}
	return membership{Store: part[0], Group: part[1], User: part[2]}, nil
}

// look finds the membership of a target.
func look(ctx context.Context, cfg aws.Config, t effect.Target) (membership, error) {
	m, err := named(t.Ref)
	if err != nil {
		return m, err
	}
	pages := identitystore.NewListGroupMembershipsForMemberPaginator(identitystore.NewFromConfig(cfg), &identitystore.ListGroupMembershipsForMemberInput{
		IdentityStoreId: &m.Store, MemberId: &types.MemberIdMemberUserId{Value: m.User},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, none := errors.AsType[*types.ResourceNotFoundException](err); none { // there is no such user any more
			return m, nil
		}
		if err != nil {
			return m, awsorg.Fault(err, "list the groups of user %s", m.User)
		}
		for _, x := range page.GroupMemberships {
			if id := aws.ToString(x.MembershipId); aws.ToString(x.GroupId) == m.Group && id != "" {
				m.ID = id
				return m, nil
			}
		}
	}
	return m, nil
}

func out(_ effect.Target, now membership) (setting.Goal[membership], error) {
	to := now
	to.ID = ""
	return setting.Goal[membership]{
		To: to, Met: "the user is not in the group", Missing: "the user is in the group",
		Diff: "- user " + now.User + " in group " + now.Group, Loses: []string{"user " + now.User + ": what the group " + now.Group + " has"},
	}, nil
}

// userInput is what is called to make one; the user goes in apart, because the SDK has an interface there.
type userInput struct{ IdentityStoreId, GroupId, UserId string }

func calls(t effect.Target, from, to membership) ([]effect.Call, error) {
	m, err := named(t.Ref)
	if err != nil || (from.ID == "") == (to.ID == "") {
		return nil, err
	}
	may, input := createMay, any(userInput{m.Store, m.Group, m.User})
	if to.ID == "" {
		may, input = removeMay, setting.In{"IdentityStoreId": m.Store, "MembershipId": from.ID}
	}
	// AWS asks for all of them at once (docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html).
	head := "arn:" + awsorg.PartitionOf(t.Ref.Region) + ":identitystore::"
	call, err := action.NewCall(may, head+t.Ref.Account+":identitystore/"+m.Store, input)
	call.Also = []effect.Need{{Permission: may, Resource: head + ":group/" + m.Group}, {Permission: may, Resource: head + ":user/" + m.User}}
	if to.ID == "" {
		call.Also = append(call.Also, effect.Need{Permission: may, Resource: head + ":membership/" + from.ID})
	}
	return []effect.Call{call}, err
}

func send(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := identitystore.NewFromConfig(cfg)
	if call.Permission == removeMay {
		return setting.Send(ctx, call, c.DeleteGroupMembership)
	}
	var in userInput
	if err := action.ReadInput(call, &in); err != nil {
		return err
	}
	_, err := c.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: &in.IdentityStoreId, GroupId: &in.GroupId, MemberId: &types.MemberIdMemberUserId{Value: in.UserId},
	})
	return awsorg.Fault(err, "put user %s into group %s again", in.UserId, in.GroupId)
}
