package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"jobzero/internal/awsorg"
)

// GrantsNeed is what Grants calls.
var GrantsNeed = []string{"kms:ListGrants"} //nolint:gochecknoglobals // a constant that Go has no constants for

// Grants gives the grants of a key by its ARN. The list of a deleted key is empty.
func Grants(ctx context.Context, cfg aws.Config, key string) ([]types.GrantListEntry, error) {
	var out []types.GrantListEntry
	pages := kms.NewListGrantsPaginator(kms.NewFromConfig(cfg), &kms.ListGrantsInput{KeyId: &key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gone(err) {
			return nil, nil
		}
		if err != nil {
			return nil, awsorg.Fault(err, "list the grants of %s", key)
		}
		for _, g := range page.Grants {
			g.KeyId = aws.String(key) // some answers have the identifier alone
			out = append(out, g)
		}
	}
	return out, nil
}
