package setting

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// InRegion completes a target that names no region by the one that is read in: it is Find for what lives in one.
func InRegion(_ context.Context, cfg aws.Config, t effect.Target) (effect.Target, error) {
	if t.Ref.Region == "" {
		t.Ref.Region = cfg.Region
	}
	return t, nil
}

// At is the configuration in the region of the target.
func At(cfg aws.Config, ref resource.Ref) aws.Config {
	if ref.Region != "" {
		cfg = cfg.Copy()
		cfg.Region = ref.Region
	}
	return cfg
}

// ARN names a thing of a service beside the target: in its account and region.
func ARN(ref resource.Ref, service, what string) string {
	return principal.ARN{Partition: awsorg.PartitionOf(ref.Region), Service: service, Region: ref.Region, Account: ref.Account, Resource: what}.String()
}
