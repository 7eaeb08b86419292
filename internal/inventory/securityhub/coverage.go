package securityhub

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/smithy-go"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::SecurityHub::Coverage: it is on where there is a hub.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.SecurityHubCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string { return []string{"securityhub:DescribeHub"} }

// Read asks for the hub. An account that is not subscribed is refused with a code of its own, which is not a denial.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := securityhub.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		_, err := client.DescribeHub(ctx, &securityhub.DescribeHubInput{})
		if off(err) {
			return map[string]any{"Enabled": false}, nil
		}
		if err != nil {
			return nil, err
		}
		return map[string]any{"Enabled": true}, nil
	})
}

func off(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	return api.ErrorCode() == "ResourceNotFoundException" ||
		(api.ErrorCode() == "InvalidAccessException" && strings.Contains(api.ErrorMessage(), "not subscribed"))
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.SecurityHubCoverage, account, region), nil
}
