package identitystore

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/awsorg"
)

// Assignments is what ListAccountAssignments answers.
type Assignments struct{ AccountAssignments []Assignment }

// Assignment is a permission set that a user or a group has in an account. The instance is ours.
type Assignment struct {
	AccountId, PermissionSetArn, PrincipalId, PrincipalType string
	InstanceArn                                             string `json:",omitempty"`
}

// AssignedTo gives what is assigned to a user and to groups. The API tells of a user also what he has through groups; asking for the
// groups too does not hang on it, and each is told once.
func AssignedTo(ctx context.Context, cfg aws.Config, at Instance, user string, groups []string) (Assignments, error) {
	client := ssoadmin.NewFromConfig(cfg)
	out := Assignments{AccountAssignments: []Assignment{}}
	ask := func(id string, kind types.PrincipalType) error {
		pages := ssoadmin.NewListAccountAssignmentsForPrincipalPaginator(client, &ssoadmin.ListAccountAssignmentsForPrincipalInput{
			InstanceArn: &at.ARN, PrincipalId: &id, PrincipalType: kind,
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return awsorg.Fault(err, "list what is assigned to %s %s in Identity Center", kind, id)
			}
			for _, a := range page.AccountAssignments {
				x := Assignment{aws.ToString(a.AccountId), aws.ToString(a.PermissionSetArn), aws.ToString(a.PrincipalId), string(a.PrincipalType), at.ARN}
				if !slices.Contains(out.AccountAssignments, x) {
					out.AccountAssignments = append(out.AccountAssignments, x)
				}
			}
		}
		return nil
	}
	if err := ask(user, types.PrincipalTypeUser); err != nil {
		return out, err
	}
	for _, g := range groups {
		if err := ask(g, types.PrincipalTypeGroup); err != nil {
			return out, err
		}
	}
	return out, nil
}
