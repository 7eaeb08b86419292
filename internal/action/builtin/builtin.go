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
	"jobzero/internal/action/eks"
	"jobzero/internal/action/iam"
	"jobzero/internal/action/identitystore"
	"jobzero/internal/action/kms"
	"jobzero/internal/action/networkfirewall"
	"jobzero/internal/action/organizations"
	"jobzero/internal/action/rds"
	"jobzero/internal/action/route53resolver"
	"jobzero/internal/action/s3"
	"jobzero/internal/action/sso"
	"jobzero/internal/action/wafv2"
)

// All gives every action there is.
func All() []action.Action {
	all := []action.Action{
		s3.BlockPublicAccess(),
		s3.RemovePublicPolicy(),
		s3.EnableVersioning(),
		s3.RemovePublicACL(),
		s3.EncryptByDefault(),
		s3.RequireTLS(),
		s3.EnableLogging(),
		s3.ExpireOldVersions(),
		ec2.RevokeOpenIngress{},
		ec2.CloseDefaultGroup(),
		ec2.RequireIMDSv2(),
		ec2.IsolateInstance(),
		ec2.SnapshotVolumes(),
		ec2.EncryptVolumesByDefault(),
		ec2.UnshareSnapshot(),
		ec2.UnshareImage(),
		ec2.RemovePublicIP(),
		ec2.DenyInNetworkACL(),
		ec2.EnableFlowLogs(),
		rds.MakePrivate(),
		rds.UnshareSnapshot(),
		rds.ProtectFromDeletion(),
		kms.CancelDeletion(),
		kms.EnableRotation(),
		eks.ClosePublicEndpoint(),
		wafv2.BlockAddress(),
		networkfirewall.DenyAddress(),
		route53resolver.BlockDomain(),
		iam.DeactivateAccessKey{},
		iam.NarrowInlinePolicy{},
		iam.NarrowManagedPolicy{},
		iam.GrantBreakGlass{},
		iam.EndRoleSessions{},
		iam.DeleteLoginProfile{},
		iam.ShutOutUser{},
		sso.RemoveAssignment{},
		sso.NarrowPermissionSet{},
		organizations.NarrowPolicy{},
		identitystore.RemoveFromGroup{},
	}
	return append(all, iam.Credentials()...)
}
