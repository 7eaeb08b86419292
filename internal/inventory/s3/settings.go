package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
)

const noBlock = "NoSuchPublicAccessBlockConfiguration"

func (b bucket) block(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, noBlock) {
		return inventory.Found{Value: openBlock()}, nil
	}
	if err != nil || out.PublicAccessBlockConfiguration == nil {
		return inventory.Found{}, err
	}
	c := out.PublicAccessBlockConfiguration
	return four(c.BlockPublicAcls, c.BlockPublicPolicy, c.IgnorePublicAcls, c.RestrictPublicBuckets)
}

// four puts the switches of a block into their schema; a switch that the answer left out makes the block unknown.
func four(acls, policy, ignore, restrict *bool) (inventory.Found, error) {
	out := map[string]any{}
	for name, v := range map[string]*bool{"BlockPublicAcls": acls, "BlockPublicPolicy": policy, "IgnorePublicAcls": ignore, "RestrictPublicBuckets": restrict} {
		if v == nil {
			return inventory.Found{}, fault.New(fault.Unavailable, "the API answered without %s", name)
		}
		out[name] = *v
	}
	return inventory.Found{Value: out}, nil
}

// openBlock is what no configuration means.
func openBlock() map[string]any {
	return map[string]any{"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
}

func (b bucket) ownership(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, "OwnershipControlsNotFoundError") {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil || out.OwnershipControls == nil {
		return inventory.Found{}, err
	}
	rules := []any{}
	for _, r := range out.OwnershipControls.Rules {
		rules = append(rules, map[string]any{"ObjectOwnership": string(r.ObjectOwnership)})
	}
	return inventory.Found{Value: map[string]any{"Rules": rules}}, nil
}

func (b bucket) encryption(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, "ServerSideEncryptionConfigurationNotFoundError") {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil || out.ServerSideEncryptionConfiguration == nil {
		return inventory.Found{}, err
	}
	rules := []any{}
	for _, r := range out.ServerSideEncryptionConfiguration.Rules {
		rule := map[string]any{"BucketKeyEnabled": aws.ToBool(r.BucketKeyEnabled)}
		if d := r.ApplyServerSideEncryptionByDefault; d != nil {
			by := map[string]any{"SSEAlgorithm": string(d.SSEAlgorithm)}
			set(by, "KMSMasterKeyID", d.KMSMasterKeyID)
			rule["ServerSideEncryptionByDefault"] = by
		}
		rules = append(rules, rule)
	}
	return inventory.Found{Value: map[string]any{"ServerSideEncryptionConfiguration": rules}}, nil
}

// versioning: an answer without a status is S3's way to say that it was never switched on.
func (b bucket) versioning(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return inventory.Found{}, err
	}
	return inventory.Found{Value: map[string]any{"Status": string(out.Status)}, Absent: out.Status == ""}, nil
}

func (b bucket) website(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if absent(err, "NoSuchWebsiteConfiguration") {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil {
		return inventory.Found{}, err
	}
	site := map[string]any{}
	if out.IndexDocument != nil {
		set(site, "IndexDocument", out.IndexDocument.Suffix)
	}
	if out.ErrorDocument != nil {
		set(site, "ErrorDocument", out.ErrorDocument.Key)
	}
	if r := out.RedirectAllRequestsTo; r != nil {
		to := map[string]any{}
		set(to, "HostName", r.HostName)
		if r.Protocol != "" {
			to["Protocol"] = string(r.Protocol)
		}
		site["RedirectAllRequestsTo"] = to
	}
	if len(site) == 0 {
		return inventory.Found{}, nil
	}
	return inventory.Found{Value: site}, nil
}

// logging: an answer without LoggingEnabled is S3's way to say that it is off.
func (b bucket) logging(ctx context.Context) (inventory.Found, error) {
	out, err := b.client.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return inventory.Found{}, err
	}
	if out.LoggingEnabled == nil {
		return inventory.Found{Absent: true}, nil
	}
	return inventory.Found{Value: loggingValue(out.LoggingEnabled)}, nil
}

func loggingValue(l *types.LoggingEnabled) map[string]any {
	out := map[string]any{}
	set(out, "DestinationBucketName", l.TargetBucket)
	set(out, "LogFilePrefix", l.TargetPrefix)
	return out
}
