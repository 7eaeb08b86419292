package awsorg

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// BucketRegion asks S3 where a bucket is, and at the same time whether it belongs to the owner. The question goes to a region
// that may ask about all buckets of its partition.
func BucketRegion(ctx context.Context, cfg aws.Config, bucket, owner string) (string, error) {
	cfg = cfg.Copy()
	if PartitionOf(cfg.Region) == "aws" { // the other partitions are so small that any region answers
		cfg.Region = "us-east-1"
	}
	out, err := s3.NewFromConfig(cfg).GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &bucket, ExpectedBucketOwner: &owner})
	if err != nil {
		return "", Fault(err, "find bucket %s of %s", bucket, owner)
	}
	switch where := string(out.LocationConstraint); where {
	case "": // S3 gives no name to its first region
		return cfg.Region, nil
	case "EU":
		return "eu-west-1", nil
	default:
		return where, nil
	}
}
