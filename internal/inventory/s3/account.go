package s3

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// AccountBlocks reads jobzero::S3::AccountPublicAccessBlock: the account's own block, four times false when none is
// configured. Its ID is the account.
type AccountBlocks struct{}

// Type is jobzero::S3::AccountPublicAccessBlock.
func (AccountBlocks) Type() resource.Type { return resource.AccountPublicAccess }

// Needs lists what the reader calls.
func (AccountBlocks) Needs() []string {
	return []string{
		"s3:GetAccountPublicAccessBlock",
	}
}

// Read reads the account's block.
func (AccountBlocks) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	if ref.ID != ref.Account {
		return resource.Resource{}, fault.New(fault.Invalid, "%s: want the account as ID", ref)
	}
	found, err := accountBlock(ctx, cfg, ref.Account)
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read the public access block of account %s", ref.Account)
	}
	if block, ok := found.Value.(map[string]any); ok {
		return resource.Resource{Ref: ref, Properties: maps.Clone(block), Related: map[string]any{}}, nil
	}
	return inventory.Unseen(ref, "the API answered without a value"), nil
}

// List gives the account's one block.
func (AccountBlocks) List(_ context.Context, _ aws.Config, account, _ string) ([]resource.Ref, error) {
	return []resource.Ref{{Type: resource.AccountPublicAccess, Account: account, ID: account}}, nil
}

func accountBlock(ctx context.Context, cfg aws.Config, account string) (inventory.Found, error) {
	out, err := s3control.NewFromConfig(cfg).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &account})
	if absent(err, noBlock) {
		return inventory.Found{Value: openBlock()}, nil
	}
	if err != nil || out.PublicAccessBlockConfiguration == nil {
		return inventory.Found{}, err
	}
	c := out.PublicAccessBlockConfiguration
	return four(c.BlockPublicAcls, c.BlockPublicPolicy, c.IgnorePublicAcls, c.RestrictPublicBuckets)
}
