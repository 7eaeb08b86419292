package playbooks_test

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/resource"
)

// center is an Identity Center with a user, who is in a group.
type center struct {
	instance, store, user, group, set *string
}

func (w *town) center() (c center) {
	w.Helper()
	sso, people := ssoadmin.NewFromConfig(w.owner), identitystore.NewFromConfig(w.owner)
	at := must[*ssoadmin.ListInstancesOutput](w)(sso.ListInstances(w.Context(), &ssoadmin.ListInstancesInput{})).Instances[0]
	c.instance, c.store = at.InstanceArn, at.IdentityStoreId
	c.user = must[*identitystore.CreateUserOutput](w)(people.CreateUser(w.Context(), &identitystore.CreateUserInput{
		IdentityStoreId: c.store, UserName: aws.String("ana@example.com"), DisplayName: aws.String("Ana Sousa"),
		Name: &storetypes.Name{GivenName: aws.String("Ana"), FamilyName: aws.String("Sousa")},
	})).UserId
	c.group = must[*identitystore.CreateGroupOutput](w)(people.CreateGroup(w.Context(), &identitystore.CreateGroupInput{IdentityStoreId: c.store, DisplayName: aws.String("Admins")})).GroupId
	w.did(people.CreateGroupMembership(w.Context(), &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: c.store, GroupId: c.group, MemberId: &storetypes.MemberIdMemberUserId{Value: *c.user},
	}))
	c.set = must[*ssoadmin.CreatePermissionSetOutput](w)(sso.CreatePermissionSet(w.Context(), &ssoadmin.CreatePermissionSetInput{
		InstanceArn: c.instance, Name: aws.String("Admin"), SessionDuration: aws.String("PT1H"),
	})).PermissionSet.PermissionSetArn
	return c
}

func leaversGroup(w *town) met {
	c, people := w.center(), identitystore.NewFromConfig(w.owner)
	return met{ref: w.ref(resource.GroupMembership, strings.Join([]string{*c.store, *c.group, *c.user}, "|")), left: func() bool {
		return len(must[*identitystore.ListGroupMembershipsOutput](w)(people.ListGroupMemberships(w.Context(), &identitystore.ListGroupMembershipsInput{
			IdentityStoreId: c.store, GroupId: c.group,
		})).GroupMemberships) > 0
	}}
}

func leaversAssignment(w *town) met {
	c, sso := w.center(), ssoadmin.NewFromConfig(w.owner)
	w.did(sso.CreateAccountAssignment(w.Context(), &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: c.instance, PermissionSetArn: c.set, PrincipalId: c.user, PrincipalType: ssotypes.PrincipalTypeUser, TargetId: &w.account, TargetType: ssotypes.TargetTypeAwsAccount,
	}))
	id := strings.Join([]string{*c.instance, w.account, "AWS_ACCOUNT", *c.set, "USER", *c.user}, "|")
	return met{ref: w.ref(resource.SSOAssignment, id), left: func() bool {
		return len(must[*ssoadmin.ListAccountAssignmentsOutput](w)(sso.ListAccountAssignments(w.Context(), &ssoadmin.ListAccountAssignmentsInput{
			InstanceArn: c.instance, AccountId: &w.account, PermissionSetArn: c.set,
		})).AccountAssignments) > 0
	}}
}

// leaversSetSession is a session in all accounts of a permission set.
func leaversSetSession(w *town) met {
	c, sso := w.center(), ssoadmin.NewFromConfig(w.owner)
	w.did(sso.PutInlinePolicyToPermissionSet(w.Context(), &ssoadmin.PutInlinePolicyToPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: c.set, InlinePolicy: aws.String(wide),
	}))
	return met{ref: w.ref(resource.PermissionSet, *c.instance+"|"+*c.set), params: map[string]string{"user": *c.user}, left: func() bool {
		text := must[*ssoadmin.GetInlinePolicyForPermissionSetOutput](w)(sso.GetInlinePolicyForPermissionSet(w.Context(), &ssoadmin.GetInlinePolicyForPermissionSetInput{
			InstanceArn: c.instance, PermissionSetArn: c.set,
		})).InlinePolicy
		return !strings.Contains(aws.ToString(text), *c.user)
	}}
}
