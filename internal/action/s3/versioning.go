package s3

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const versioningMay = "s3:PutBucketVersioning"

// versioning is whether a bucket keeps old versions. One that never did cannot go back to that: suspended means the same from then on.
type versioning struct{ Status string }

// EnableVersioning makes a bucket keep what is overwritten and deleted.
func EnableVersioning() setting.Of[versioning] {
	return setting.Of[versioning]{
		About: action.Info{
			ID: "s3.enable-versioning", Title: "Keep old versions of a bucket's objects",
			Why:  "What somebody overwrites, encrypts or deletes can be brought back only where the version before is kept.",
			Risk: "Old versions are stored and billed until a lifecycle rule ends them. Where S3 had no versioning, only suspending is possible afterwards.",
			Undo: effect.Compensating, Targets: []resource.Type{resource.Bucket},
			Reads: []string{"s3:GetBucketLocation", "s3:GetBucketVersioning"}, Writes: []string{versioningMay},
		},
		Find: located, Look: lookVersioning, Goal: versioned, Calls: versioningCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketVersioning)
		},
	}
}

func lookVersioning(ctx context.Context, cfg aws.Config, t effect.Target) (v versioning, err error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return v, b.fault(err, "versioning")
	}
	return versioning{string(out.Status)}, nil
}

func versioned(_ effect.Target, now versioning) (setting.Goal[versioning], error) {
	was := now.Status
	if was == "" {
		was = "never configured"
	}
	return setting.Goal[versioning]{
		To: versioning{string(types.BucketVersioningStatusEnabled)}, Met: "versioning is on", Missing: "versioning is not on",
		Diff: "- Versioning: " + was + "\n+ Versioning: Enabled",
	}, nil
}

func versioningCalls(t effect.Target, from, to versioning) ([]effect.Call, error) {
	on := string(types.BucketVersioningStatusEnabled)
	if (from.Status == on) == (to.Status == on) {
		return nil, nil
	}
	status := on
	if to.Status != on {
		status = string(types.BucketVersioningStatusSuspended)
	}
	return setting.One(versioningMay, arn(t.Ref), setting.In{
		"Bucket": t.Ref.ID, "ExpectedBucketOwner": t.Ref.Account, "VersioningConfiguration": setting.In{"Status": status},
	})
}

// located gives the target with the bucket's region, which a bucket's name does not say.
func located(ctx context.Context, cfg aws.Config, t effect.Target) (effect.Target, error) {
	region, err := awsorg.BucketRegion(ctx, cfg, t.Ref.ID, t.Ref.Account)
	if is(err, "NoSuchBucket") {
		return t, errors.Join(setting.ErrGone, err)
	}
	t.Ref.Region = region
	return t, err
}
