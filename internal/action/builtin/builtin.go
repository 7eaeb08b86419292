// Package builtin is the one list of all actions.
//
// It is: everything that the product can change, in order.
// It takes: nothing.
// It gives: the actions for action.New.
// Next door: app builds the catalogue from it; the reference and the responder's policy come from it.
package builtin

import (
	"jobzero/internal/action"
	"jobzero/internal/action/ec2"
	"jobzero/internal/action/iam"
	"jobzero/internal/action/identitystore"
	"jobzero/internal/action/organizations"
	"jobzero/internal/action/s3"
	"jobzero/internal/action/sso"
)

// All gives every action there is.
func All() []action.Action {
	all := []action.Action{
		s3.BlockPublicAccess{},
		s3.RemovePublicPolicy{},
		s3.EnableVersioning(),
		ec2.RevokeOpenIngress{},
		iam.DeactivateAccessKey{},
		iam.NarrowInlinePolicy{},
		iam.NarrowManagedPolicy{},
		iam.GrantBreakGlass{},
		iam.EndRoleSessions{},
		iam.DeleteLoginProfile{},
		iam.ShutOutUser{},
		sso.RemoveAssignment{},
		sso.NarrowPermissionSet{},
		sso.DenyUser{},
		organizations.NarrowPolicy{},
		identitystore.RemoveFromGroup{},
	}
	return append(all, iam.Credentials()...)
}
