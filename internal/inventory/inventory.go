// Package inventory is the world to resource: it reads what exists, live, in the CloudFormation schema.
//
// It is: a reader per service, and the knowledge of which resource an event touched.
// It takes: a reference, and a session that may only read.
// It gives: resources as they are now, with what could not be read named as unknown.
// Next door: expect judges resources; playbook reads them again.
package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/resource"
)

// Reader reads the resources of one type from the live API.
type Reader interface {
	// Type is the resource type that the reader knows.
	Type() resource.Type
	// Needs lists the IAM actions that reading and listing call for; the reader role's policy is made from them.
	Needs() []string
	// Read gives the resource as it is now. What was denied or throttled is named in Unknown; Gone is set only when the
	// API said that it does not exist. An error means that nothing at all could be learnt.
	Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error)
	// List gives all resources of the type in the session's account and region.
	List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error)
}
