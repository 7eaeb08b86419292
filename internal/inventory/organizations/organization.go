package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Organizations reads jobzero::Organizations::Organization: what holds for all accounts. The ID is the organisation's.
type Organizations struct{ watch inventory.Watch }

// Watching gives the reader that knows what is watched.
func (Organizations) Watching(w inventory.Watch) inventory.Reader { return Organizations{w} }

// Type is the type of ours.
func (Organizations) Type() resource.Type { return resource.Organization }

// Needs lists what the reader calls.
func (Organizations) Needs() []string {
	return []string{
		"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "iam:ListOrganizationsFeatures",
		"organizations:DescribeOrganization", "organizations:DescribePolicy", "organizations:ListAccounts",
		"organizations:ListAWSServiceAccessForOrganization", "organizations:ListDelegatedAdministrators",
		"organizations:ListDelegatedServicesForAccount", "organizations:ListPolicies", "organizations:ListRoots",
		"organizations:ListTargetsForPolicy",
	}
}

// Read reads what the account may see of the organisation. One that the account has left, or that is read in another account now, is
// gone from here.
func (o Organizations) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := organizations.NewFromConfig(cfg)
	s, err := seatOf(ctx, client, ref.Account, o.watch)
	if err != nil {
		return resource.Resource{}, err
	}
	if s.org == nil || aws.ToString(s.org.Id) != ref.ID || (!s.lists && !s.speaks) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	res := resource.Resource{Ref: ref, ARN: aws.ToString(s.org.Arn), Related: map[string]any{}, Properties: map[string]any{
		"FeatureSet": string(s.org.FeatureSet), "ManagementAccount": s.management,
	}}
	parts := o.parts(client, cfg)
	if !s.lists {
		for _, p := range parts {
			res.Unknown = append(res.Unknown, resource.Unknown{Path: p.Path, Cause: "account " + s.management +
				" manages the organisation and is not watched: add it to accounts, or set organization: true for one that administers for it"})
		}
		return res, nil
	}
	inventory.Together(ctx, &res, parts, func(error) bool { return false })
	return res, nil
}

func (o Organizations) parts(client *organizations.Client, cfg aws.Config) []inventory.Part {
	r := reading{client: client, cfg: cfg}
	return []inventory.Part{
		{Path: "properties.WatchedOutside", Read: func(ctx context.Context) (inventory.Found, error) { return r.outside(ctx, o.watch) }},
		{Path: "properties.Policies", Read: r.policies},
		{Path: "properties.DelegatedAdministrators", Read: r.delegated},
		{Path: "properties.TrustedServices", Read: r.trusted},
		{Path: "properties.RootFeatures", Read: r.rootFeatures},
		{Path: "properties.Trails", Read: r.trails},
	}
}

// List gives the organisation where its accounts are listed, and where it has to be said that nobody lists them.
func (o Organizations) List(ctx context.Context, cfg aws.Config, in, _ string) ([]resource.Ref, error) {
	s, err := seatOf(ctx, organizations.NewFromConfig(cfg), in, o.watch)
	if err != nil || (!s.lists && !s.speaks) {
		return nil, err
	}
	id := aws.ToString(s.org.Id)
	if id == "" {
		return nil, fault.New(fault.Unavailable, "list the organisation of %s: the API answered without its ID", in)
	}
	return []resource.Ref{{Type: resource.Organization, Account: in, ID: id}}, nil
}
