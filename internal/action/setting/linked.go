package setting

import (
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// MakeRole is the permission to make a service-linked role.
const MakeRole = "iam:CreateServiceLinkedRole"

// Linked is the need to make the role of a service in the target's account, which some calls make where it is missing
// (docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html).
func Linked(ref resource.Ref, service, role string) effect.Need {
	arn := principal.ARN{Partition: awsorg.PartitionOf(ref.Region), Service: "iam", Account: ref.Account, Resource: "role/aws-service-role/" + service + "/" + role}
	return effect.Need{Permission: MakeRole, Resource: arn.String()}
}
