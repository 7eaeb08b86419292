// Package builtin is the one list of all actions.
//
// It is: everything that the product can change, in order.
// It takes: nothing.
// It gives: the actions for action.New.
// Next door: app builds the catalogue from it; the reference and the responder's policy come from it.
package builtin

import (
	"jobzero/internal/action"
	"jobzero/internal/action/cloudtrail"
	"jobzero/internal/action/config"
	"jobzero/internal/action/ec2"
	"jobzero/internal/action/ecr"
	"jobzero/internal/action/guardduty"
	"jobzero/internal/action/iam"
	"jobzero/internal/action/identitystore"
	"jobzero/internal/action/inspector"
	"jobzero/internal/action/lambda"
	"jobzero/internal/action/macie"
	"jobzero/internal/action/organizations"
	"jobzero/internal/action/s3"
	"jobzero/internal/action/secretsmanager"
	"jobzero/internal/action/securityhub"
	"jobzero/internal/action/sns"
	"jobzero/internal/action/sqs"
	"jobzero/internal/action/sso"
)

// All gives every action there is.
func All() []action.Action {
	all := []action.Action{
		s3.BlockPublicAccess(),
		s3.RemovePublicPolicy(),
		s3.EnableVersioning(),
		ec2.RevokeOpenIngress{},
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
		sso.RemoveAssignment(),
		sso.NarrowPermissionSet{},
		organizations.NarrowPolicy{},
		identitystore.RemoveFromGroup(),

		cloudtrail.StartLogging(),
		cloudtrail.ValidateLogs(),
		guardduty.Enable(),
		guardduty.ArchiveFinding(),
		macie.Enable(),
		inspector.Enable(),
		config.StartRecorder(),
		securityhub.Enable(),
		securityhub.SetWorkflowStatus(),

		lambda.RemovePublicPermission(),
		lambda.RequireURLAuth(),
		lambda.Stop(),
		sqs.RemovePublicPolicy(),
		sns.RemovePublicPolicy(),
		ecr.RemovePublicPolicy(),
		secretsmanager.RemovePublicPolicy(),
		secretsmanager.Rotate(),
	}
	return append(all, iam.Credentials()...)
}
