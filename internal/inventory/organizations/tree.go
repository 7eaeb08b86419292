package organizations

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// TreeNeeds is what Tree calls.
var TreeNeeds = []string{ //nolint:gochecknoglobals // a constant that Go has no constants for
	"organizations:DescribePolicy", "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent",
	"organizations:ListPoliciesForTarget", "organizations:ListRoots",
}

// Node is a root, a unit or an account of an organisation, with the policies that are attached to it and limit what is below it.
type Node struct {
	ID       string `json:"Id"`
	Arn      string
	Name     string    `json:",omitempty"`
	Policies []Control `json:",omitempty"`
	Children []*Node   `json:",omitempty"`
}

// Control is a service or resource control policy.
type Control struct {
	Name, Type string
	Content    json.RawMessage
}

// Tree reads the organisation from its root down. An error is one of the API's, or fault.Unavailable: no half of a tree is given, in which a
// policy that limits everybody could be missing.
func Tree(ctx context.Context, cfg aws.Config) (*Node, error) {
	t := climbing{client: organizations.NewFromConfig(cfg), texts: map[string]json.RawMessage{}}
	kinds, err := reading{client: t.client}.kinds(ctx)
	if err != nil {
		return nil, awsorg.Fault(err, "list the roots of the organisation")
	}
	for _, k := range kinds {
		if k == types.PolicyTypeServiceControlPolicy || k == types.PolicyTypeResourceControlPolicy {
			t.kinds = append(t.kinds, k)
		}
	}
	out, err := t.client.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return nil, awsorg.Fault(err, "list the roots of the organisation")
	}
	if len(out.Roots) != 1 { // AWS gives each organisation exactly one
		return nil, fault.New(fault.Unavailable, "the API named %d roots of the organisation", len(out.Roots))
	}
	root := &Node{ID: aws.ToString(out.Roots[0].Id), Arn: aws.ToString(out.Roots[0].Arn), Name: aws.ToString(out.Roots[0].Name)}
	if err := t.fill(ctx, root, 0); err != nil {
		return nil, awsorg.Fault(err, "read the organisation's tree")
	}
	return root, nil
}

// climbing is a tree that is being read.
type climbing struct {
	client *organizations.Client
	kinds  []types.PolicyType // those that are switched on
	texts  map[string]json.RawMessage
}

// fill reads the policies of a root or unit, and what is below it.
func (t *climbing) fill(ctx context.Context, n *Node, depth int) error {
	if depth > maxDepth {
		return fault.New(fault.Unavailable, "more than %d units below each other", maxDepth)
	}
	if err := t.limits(ctx, n); err != nil {
		return err
	}
	units := organizations.NewListOrganizationalUnitsForParentPaginator(t.client, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &n.ID})
	for units.HasMorePages() {
		page, err := units.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, u := range page.OrganizationalUnits {
			child := &Node{ID: aws.ToString(u.Id), Arn: aws.ToString(u.Arn), Name: aws.ToString(u.Name)}
			if err := t.fill(ctx, child, depth+1); err != nil {
				return err
			}
			n.Children = append(n.Children, child)
		}
	}
	accounts := organizations.NewListAccountsForParentPaginator(t.client, &organizations.ListAccountsForParentInput{ParentId: &n.ID})
	for accounts.HasMorePages() {
		page, err := accounts.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, a := range page.Accounts {
			child := &Node{ID: aws.ToString(a.Id), Arn: aws.ToString(a.Arn), Name: aws.ToString(a.Name)}
			if err := t.limits(ctx, child); err != nil {
				return err
			}
			n.Children = append(n.Children, child)
		}
	}
	return nil
}

// limits reads the policies that are attached to a node. Each text is read once.
func (t *climbing) limits(ctx context.Context, n *Node) error {
	for _, kind := range t.kinds {
		pages := organizations.NewListPoliciesForTargetPaginator(t.client, &organizations.ListPoliciesForTargetInput{TargetId: &n.ID, Filter: kind})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			for _, p := range page.Policies {
				text, err := t.text(ctx, aws.ToString(p.Id))
				if err != nil {
					return err
				}
				n.Policies = append(n.Policies, Control{aws.ToString(p.Name), string(p.Type), text})
			}
		}
	}
	return nil
}

func (t *climbing) text(ctx context.Context, id string) (json.RawMessage, error) {
	if text, ok := t.texts[id]; ok {
		return text, nil
	}
	out, err := t.client.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
	if err != nil {
		return nil, err
	}
	if out.Policy == nil || !json.Valid([]byte(aws.ToString(out.Policy.Content))) {
		return nil, fault.New(fault.Unavailable, "the API answered without the text of policy %s", id)
	}
	t.texts[id] = json.RawMessage(aws.ToString(out.Policy.Content))
	return t.texts[id], nil
}
