package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
)

// maxDepth is how many parents an account can have: five levels of units and the root
// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html), with room for a higher limit.
const maxDepth = 16

// units gives the organisational units above an account, the nearest first and the root last.
func units(ctx context.Context, client *organizations.Client, id string) (inventory.Found, error) {
	list := []any{}
	for range maxDepth {
		out, err := client.ListParents(ctx, &organizations.ListParentsInput{ChildId: &id})
		if err != nil {
			return inventory.Found{}, err
		}
		if len(out.Parents) != 1 { // AWS gives each exactly one
			return inventory.Found{}, fault.New(fault.Unavailable, "the API named %d parents of %s", len(out.Parents), id)
		}
		p := out.Parents[0]
		id = aws.ToString(p.Id)
		name, err := unitName(ctx, client, p)
		if err != nil {
			return inventory.Found{}, err
		}
		list = append(list, map[string]any{"Id": id, "Name": name})
		if p.Type == types.ParentTypeRoot {
			return inventory.Found{Value: list}, nil
		}
	}
	return inventory.Found{}, fault.New(fault.Unavailable, "more than %d units above each other", maxDepth)
}

func unitName(ctx context.Context, client *organizations.Client, p types.Parent) (string, error) {
	if p.Type == types.ParentTypeRoot { // roots cannot be described, and all are called this
		return "Root", nil
	}
	out, err := client.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: p.Id})
	if err != nil || out.OrganizationalUnit == nil {
		return "", err
	}
	return aws.ToString(out.OrganizationalUnit.Name), nil
}
