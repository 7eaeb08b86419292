package guardduty

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::GuardDuty::Coverage: it is on where a detector is enabled.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.GuardDutyCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string { return []string{"guardduty:GetDetector", "guardduty:ListDetectors"} }

// Read asks for the detectors of the region; there is one at most.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := guardduty.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		out := map[string]any{"Enabled": false}
		pages := guardduty.NewListDetectorsPaginator(client, &guardduty.ListDetectorsInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, id := range page.DetectorIds {
				d, err := client.GetDetector(ctx, &guardduty.GetDetectorInput{DetectorId: &id})
				if err != nil {
					return nil, err
				}
				if d.Status == types.DetectorStatusEnabled {
					out["Enabled"], out["DetectorId"] = true, id
				}
			}
		}
		return out, nil
	})
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.GuardDutyCoverage, account, region), nil
}
