package macie

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/macie2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::Macie::Coverage: it is on where its session is enabled, and not where that is paused.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.MacieCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string { return []string{"macie2:GetMacieSession"} }

// Read asks for the session. Macie says by a denial that it is off; only its text tells that from a denial.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := macie2.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		out, err := client.GetMacieSession(ctx, &macie2.GetMacieSessionInput{})
		if off(err) {
			return map[string]any{"Enabled": false}, nil
		}
		if err != nil {
			return nil, err
		}
		return map[string]any{"Enabled": out.Status == types.MacieStatusEnabled}, nil
	})
}

func off(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	return api.ErrorCode() == "ResourceNotFoundException" ||
		(api.ErrorCode() == "AccessDeniedException" && strings.Contains(api.ErrorMessage(), "Macie is not enabled"))
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.MacieCoverage, account, region), nil
}
