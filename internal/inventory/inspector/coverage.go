package inspector

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Coverage reads jobzero::Inspector::Coverage: it is on where the account's state is ENABLED.
type Coverage struct{}

// Type is the type of ours.
func (Coverage) Type() resource.Type { return resource.InspectorCoverage }

// Needs lists what the reader calls.
func (Coverage) Needs() []string { return []string{"inspector2:BatchGetAccountStatus"} }

// Read asks for the account's state.
func (Coverage) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := inspector2.NewFromConfig(cfg)
	return inventory.Covered(ctx, ref, func(ctx context.Context) (map[string]any, error) {
		out, err := client.BatchGetAccountStatus(ctx, &inspector2.BatchGetAccountStatusInput{AccountIds: []string{ref.Account}})
		if err != nil {
			return nil, err
		}
		for _, f := range out.FailedAccounts {
			return nil, fault.New(fault.Unavailable, "Inspector says of the account: %s %s", f.ErrorCode, aws.ToString(f.ErrorMessage))
		}
		for _, a := range out.Accounts {
			if aws.ToString(a.AccountId) == ref.Account && a.State != nil {
				return state(a), nil
			}
		}
		return nil, fault.New(fault.Unavailable, "the API answered without the account")
	})
}

func state(a types.AccountState) map[string]any {
	out := map[string]any{"Enabled": a.State.Status == types.StatusEnabled}
	if r := a.ResourceState; r != nil {
		for name, s := range map[string]*types.State{"Ec2": r.Ec2, "Ecr": r.Ecr, "Lambda": r.Lambda} {
			if s != nil {
				out[name] = s.Status == types.StatusEnabled
			}
		}
	}
	return out
}

// List gives the one that there is.
func (Coverage) List(_ context.Context, _ aws.Config, account, region string) ([]resource.Ref, error) {
	return inventory.One(resource.InspectorCoverage, account, region), nil
}
