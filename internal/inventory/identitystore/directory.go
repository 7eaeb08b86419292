package identitystore

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/awsorg"
	"jobzero/internal/inventory"
)

// Need is what this room calls, besides what the reader of assignments does.
var Need = []string{ //nolint:gochecknoglobals // a constant that Go has no constants for
	"identitystore:DescribeUser", "identitystore:ListGroupMemberships", "identitystore:ListGroupMembershipsForMember", "identitystore:ListGroups",
	"identitystore:ListUsers", "sso:ListAccountAssignmentsForPrincipal", "sso:ListInstances",
}

// Instance is one instance of Identity Center.
type Instance struct{ ARN, Store, Account, Region string }

// Instances gives those of a region that an account owns, or administers where their owner is not watched. A region in which Identity
// Center is not has none.
func Instances(ctx context.Context, cfg aws.Config, account, region string, watch inventory.Watch) ([]Instance, error) {
	var out []Instance
	pages := ssoadmin.NewListInstancesPaginator(ssoadmin.NewFromConfig(cfg), &ssoadmin.ListInstancesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list the instances of Identity Center in %s %s", account, region)
		}
		for _, i := range page.Instances {
			owner := aws.ToString(i.OwnerAccountId)
			if owner != "" && owner != account && (watch.Has(owner) || watch.Lister != account) {
				continue
			}
			if primary := aws.ToString(i.PrimaryRegion); primary != "" && primary != region { // it is shown in its other regions too
				continue
			}
			out = append(out, Instance{aws.ToString(i.InstanceArn), aws.ToString(i.IdentityStoreId), account, region})
		}
	}
	return out, nil
}

// The answers, as the AWS CLI gives them.
type (
	// Users is a page of ListUsers. Of what a directory says of somebody only what joins him is kept.
	Users struct{ Users []User }
	// User is a user of Identity Center.
	User struct {
		UserId, UserName, DisplayName, IdentityStoreId string
		UserStatus                                     string             `json:",omitempty"`
		Emails                                         []Email            `json:",omitempty"`
		ExternalIds                                    []types.ExternalId `json:",omitempty"`
	}
	// Email is an address of a user.
	Email struct{ Value string }
	// Groups is a page of ListGroups.
	Groups struct{ Groups []Group }
	// Group is a group of Identity Center.
	Group struct{ GroupId, DisplayName, IdentityStoreId string }
	// Memberships is a page of ListGroupMemberships, or of ListGroupMembershipsForMember.
	Memberships struct{ GroupMemberships []Membership }
	// Membership is a user in a group.
	Membership struct {
		IdentityStoreId, MembershipId, GroupId string
		MemberId                               Member
	}
	// Member is who is in a group.
	Member struct{ UserId string }
)

// Store is a directory that is being read.
type Store struct {
	client *identitystore.Client
	at     Instance
}

// Open is the directory of an instance.
func Open(cfg aws.Config, at Instance) Store { return Store{identitystore.NewFromConfig(cfg), at} }

// Users gives all users, page by page.
func (s Store) Users(ctx context.Context, take func(Users) error) error {
	pages := identitystore.NewListUsersPaginator(s.client, &identitystore.ListUsersInput{IdentityStoreId: &s.at.Store})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return awsorg.Fault(err, "list the users of %s", s.at.Store)
		}
		out := Users{Users: []User{}}
		for _, u := range page.Users {
			out.Users = append(out.Users, s.user(u))
		}
		if err := take(out); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) user(u types.User) User {
	out := User{
		UserId: aws.ToString(u.UserId), UserName: aws.ToString(u.UserName), DisplayName: aws.ToString(u.DisplayName),
		IdentityStoreId: s.at.Store, UserStatus: string(u.UserStatus), ExternalIds: u.ExternalIds,
	}
	for _, e := range u.Emails {
		out.Emails = append(out.Emails, Email{aws.ToString(e.Value)})
	}
	return out
}

// State says whether a user is there, and may sign in.
func (s Store) State(ctx context.Context, user string) (there, enabled bool, err error) {
	out, err := s.client.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: &s.at.Store, UserId: &user})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return false, false, nil
	}
	if err != nil {
		return false, false, awsorg.Fault(err, "read user %s of %s", user, s.at.Store)
	}
	return true, out.UserStatus != types.UserStatusDisabled, nil
}

// Groups gives all groups, page by page.
func (s Store) Groups(ctx context.Context, take func(Groups) error) error {
	pages := identitystore.NewListGroupsPaginator(s.client, &identitystore.ListGroupsInput{IdentityStoreId: &s.at.Store})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return awsorg.Fault(err, "list the groups of %s", s.at.Store)
		}
		out := Groups{Groups: []Group{}}
		for _, g := range page.Groups {
			out.Groups = append(out.Groups, Group{aws.ToString(g.GroupId), aws.ToString(g.DisplayName), s.at.Store})
		}
		if err := take(out); err != nil {
			return err
		}
	}
	return nil
}

// Members gives who is in a group.
func (s Store) Members(ctx context.Context, group string) (Memberships, error) {
	out := Memberships{GroupMemberships: []Membership{}}
	pages := identitystore.NewListGroupMembershipsPaginator(s.client, &identitystore.ListGroupMembershipsInput{IdentityStoreId: &s.at.Store, GroupId: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return out, awsorg.Fault(err, "list the members of group %s of %s", group, s.at.Store)
		}
		out.GroupMemberships = append(out.GroupMemberships, s.memberships(page.GroupMemberships)...)
	}
	return out, nil
}

// GroupsOf gives the groups that a user is in.
func (s Store) GroupsOf(ctx context.Context, user string) (Memberships, error) {
	out := Memberships{GroupMemberships: []Membership{}}
	pages := identitystore.NewListGroupMembershipsForMemberPaginator(s.client, &identitystore.ListGroupMembershipsForMemberInput{
		IdentityStoreId: &s.at.Store, MemberId: &types.MemberIdMemberUserId{Value: user},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return out, awsorg.Fault(err, "list the groups of user %s of %s", user, s.at.Store)
		}
		out.GroupMemberships = append(out.GroupMemberships, s.memberships(page.GroupMemberships)...)
	}
	return out, nil
}

func (s Store) memberships(all []types.GroupMembership) (out []Membership) {
	for _, m := range all {
		x := Membership{IdentityStoreId: s.at.Store, MembershipId: aws.ToString(m.MembershipId), GroupId: aws.ToString(m.GroupId)}
		if u, ok := m.MemberId.(*types.MemberIdMemberUserId); ok {
			x.MemberId.UserId = u.Value
		}
		out = append(out, x)
	}
	return out
}
