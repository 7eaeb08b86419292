// Package builtin is the one list of all actions.
//
// It is: everything that the product can change, in order.
// It takes: what the settings let some of them speak to.
// It gives: the actions for action.New.
// Next door: app builds the catalogue from it; the reference and the responder's policy come from it.
package builtin

import (
	"slices"

	"jobzero/internal/action"
	"jobzero/internal/action/cloudtrail"
	"jobzero/internal/action/config"
	"jobzero/internal/action/ec2"
	"jobzero/internal/action/ecr"
	"jobzero/internal/action/eks"
	"jobzero/internal/action/guardduty"
	"jobzero/internal/action/iam"
	"jobzero/internal/action/identitystore"
	"jobzero/internal/action/inspector"
	"jobzero/internal/action/kms"
	"jobzero/internal/action/lambda"
	"jobzero/internal/action/macie"
	"jobzero/internal/action/networkfirewall"
	"jobzero/internal/action/notify"
	"jobzero/internal/action/organizations"
	"jobzero/internal/action/rds"
	"jobzero/internal/action/route53resolver"
	"jobzero/internal/action/s3"
	"jobzero/internal/action/secretsmanager"
	"jobzero/internal/action/securityhub"
	"jobzero/internal/action/sns"
	"jobzero/internal/action/sqs"
	"jobzero/internal/action/ssm"
	"jobzero/internal/action/sso"
	"jobzero/internal/action/wafv2"
	"jobzero/internal/action/webhook"
)

// Options are what the settings allow those actions that tell or ask somebody. Without any they are there, and refuse.
type Options struct {
	Notify    notify.Notifier
	Functions []lambda.Allowed
	Documents []ssm.Allowed
}

// All gives every action there is.
func All(o Options) []action.Action {
	return slices.Concat(storage(), machines(), identities(), iam.Credentials(), watchers(), doors(), organisation(), outside(o))
}

// outside tell or ask somebody.
func outside(o Options) []action.Action {
	return []action.Action{
		notify.Send(o.Notify),
		webhook.Send(o.Notify.Webhooks, o.Notify.Now),
		lambda.Invoke(o.Functions),
		ssm.RunAutomation(o.Documents),
	}
}

// storage are of buckets.
func storage() []action.Action {
	return []action.Action{
		s3.BlockPublicAccess(),
		s3.RemovePublicPolicy(),
		s3.EnableVersioning(),
		s3.RemovePublicACL(),
		s3.EncryptByDefault(),
		s3.RequireTLS(),
		s3.EnableLogging(),
		s3.ExpireOldVersions(),
	}
}

// machines are of machines, networks, databases, keys and firewalls.
func machines() []action.Action {
	return []action.Action{
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
	}
}

// identities are of users and roles.
func identities() []action.Action {
	return []action.Action{
		iam.DeactivateAccessKey(),
		iam.NarrowInlinePolicy{},
		iam.NarrowManagedPolicy{},
		iam.GrantBreakGlass{},
		iam.EndRoleSessions{},
		iam.DeleteLoginProfile(),
		iam.ShutOutUser(),
		iam.QuarantineRole(),
		iam.QuarantineUser(),
		iam.RevokeUserSessions(),
		iam.DetachPolicy(),
		iam.SetBoundary(),
		iam.DeleteAccessKey(),
	}
}

// watchers are of what records and detects.
func watchers() []action.Action {
	return []action.Action{
		cloudtrail.StartLogging(),
		cloudtrail.ValidateLogs(),
		guardduty.Enable(),
		guardduty.ArchiveFinding(),
		macie.Enable(),
		inspector.Enable(),
		config.StartRecorder(),
		securityhub.Enable(),
		securityhub.SetWorkflowStatus(),
	}
}

// doors are of functions, and of what lets others in by a policy of its own.
func doors() []action.Action {
	return []action.Action{
		lambda.RemovePublicPermission(),
		lambda.RequireURLAuth(),
		lambda.Stop(),
		sqs.RemovePublicPolicy(),
		sns.RemovePublicPolicy(),
		ecr.RemovePublicPolicy(),
		secretsmanager.RemovePublicPolicy(),
		secretsmanager.Rotate(),
		ssm.UnshareDocument(),
	}
}

// organisation are of accounts, and of whoever comes into them through Identity Center.
func organisation() []action.Action {
	return []action.Action{
		sso.RemoveAssignment(),
		sso.NarrowPermissionSet{},
		sso.DenyUser{},
		organizations.NarrowPolicy{},
		identitystore.RemoveFromGroup(),
		organizations.AttachPolicy(),
		organizations.QuarantineAccount(),
	}
}
