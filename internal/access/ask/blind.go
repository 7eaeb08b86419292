package ask

import (
	"slices"
	"strings"

	"jobzero/internal/principal"
)

// guarded are services whose resources may have policies of their own, which let in and keep out beside those of whoever calls
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html, column of resource-based policies).
var guarded = []string{
	"apigateway", "backup", "codeartifact", "dynamodb", "ecr", "elasticfilesystem", "es", "events", "glacier", "glue", "iam", "kinesis", "kms",
	"lambda", "logs", "s3", "s3express", "schemas", "secretsmanager", "ses", "sns", "sqs", "vpc-lattice",
}

// darkness is what was not read of what a question is about.
type darkness struct {
	policy string // of the resource's own policy: nobody can tell for certain then who can
	people string // of those who are in its account: there may be more who can
}

// dark says what was not read of a resource.
func (k *Known) dark(resource string) (d darkness) {
	a, err := principal.ParseARN(resource)
	if err != nil {
		return d // everything, or a pattern
	}
	account := a.Account
	x, read := k.estate.Asset(resource)
	_, isHolder := k.estate.Holder(resource)
	switch {
	case read:
		account = x.Account
	case !isHolder && slices.Contains(guarded, a.Service) && !strings.HasPrefix(resource, "arn:aws:iam::aws:"):
		d.policy = "the policy of " + resource + ", which nobody read"
	}
	switch {
	case account == "":
		d.people = "in which account " + resource + " is"
	case !k.peopled[account]:
		d.people = "who is in account " + account + ", which nobody read"
	}
	return d
}
