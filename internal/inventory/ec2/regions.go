package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Regions reads jobzero::EC2::Regions: which regions an account can be used in, and which of those nobody watches. The ID is the account.
type Regions struct{ watch inventory.Watch }

// Watching gives the reader that knows what is watched. One that does not says that it is unknown.
func (Regions) Watching(w inventory.Watch) inventory.Reader { return Regions{w} }

// Type is the type of ours.
func (Regions) Type() resource.Type { return resource.Regions }

// Needs lists what the reader calls.
func (Regions) Needs() []string { return []string{"ec2:DescribeRegions"} }

// Read asks for the regions that are switched on in the account: those that are on in every account, and those that somebody chose.
func (r Regions) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := ec2.NewFromConfig(cfg)
	res, err := inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		out, err := client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(false)})
		if err != nil {
			return nil, err
		}
		enabled, unwatched := []any{}, []any{}
		for _, region := range out.Regions {
			name := aws.ToString(region.RegionName)
			enabled = append(enabled, name)
			if !slices.Contains(r.watch.Regions[ref.Account], name) {
				unwatched = append(unwatched, name)
			}
		}
		return map[string]any{"Enabled": enabled, "Unwatched": unwatched}, nil
	})
	if err == nil && !r.watch.Told() {
		delete(res.Properties, "Unwatched")
		res.Unknown = append(res.Unknown, resource.Unknown{Path: "properties.Unwatched", Cause: "nobody said which regions are watched"})
	}
	return res, err
}

// List gives the one that there is.
func (Regions) List(_ context.Context, _ aws.Config, account, _ string) ([]resource.Ref, error) {
	return inventory.One(resource.Regions, account, ""), nil
}
