package organizations

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
)

// policies gives the organisation's own policies, of the kinds that are switched on, that are attached to anything. Those that AWS
// makes, such as the one that allows everything, limit nothing. Of the policies about AI services the text is read: one may as well say
// that they take part.
func (r reading) policies(ctx context.Context) (inventory.Found, error) {
	kinds, err := r.kinds(ctx)
	if err != nil {
		return inventory.Found{}, err
	}
	out := []any{}
	for _, kind := range kinds {
		pages := organizations.NewListPoliciesPaginator(r.client, &organizations.ListPoliciesInput{Filter: kind})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return inventory.Found{}, err
			}
			for _, p := range page.Policies {
				if p.AwsManaged {
					continue
				}
				m, err := r.policy(ctx, p)
				if err != nil {
					return inventory.Found{}, err
				}
				if m != nil {
					out = append(out, m)
				}
			}
		}
	}
	return inventory.Found{Value: out}, nil
}

// kinds are the kinds of policies that are switched on at the root.
func (r reading) kinds(ctx context.Context) ([]types.PolicyType, error) {
	var out []types.PolicyType
	pages := organizations.NewListRootsPaginator(r.client, &organizations.ListRootsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, root := range page.Roots {
			for _, t := range root.PolicyTypes {
				if t.Status == types.PolicyTypeStatusEnabled && !slices.Contains(out, t.Type) {
					out = append(out, t.Type)
				}
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// policy gives a policy and whether it is attached to the root, and so holds for everything; nil for one attached to nothing.
func (r reading) policy(ctx context.Context, p types.PolicySummary) (map[string]any, error) {
	attached, root := false, false
	pages := organizations.NewListTargetsForPolicyPaginator(r.client, &organizations.ListTargetsForPolicyInput{PolicyId: p.Id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range page.Targets {
			attached, root = true, root || t.Type == types.TargetTypeRoot
		}
	}
	if !attached {
		return nil, nil
	}
	m := map[string]any{"Type": string(p.Type), "Name": aws.ToString(p.Name), "OnRoot": root}
	if p.Type != types.PolicyTypeAiservicesOptOutPolicy {
		return m, nil
	}
	out, err := r.client.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: p.Id})
	if err != nil {
		return nil, err
	}
	var text any
	if out.Policy == nil || json.Unmarshal([]byte(aws.ToString(out.Policy.Content)), &text) != nil {
		return nil, fault.New(fault.Unavailable, "the API answered without the text of policy %s", aws.ToString(p.Id))
	}
	m["Content"] = text
	return m, nil
}
