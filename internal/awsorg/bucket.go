package awsorg

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// BucketRegion asks S3 where a bucket is, and at the same time whether it belongs to the owner, unless that is empty. The
// question goes to a region that may ask about all buckets of its partition; where S3 sends us on (another partition's regions,
// regions that have to be enabled) it is asked once more there.
func BucketRegion(ctx context.Context, cfg aws.Config, bucket, owner string) (string, error) {
	cfg = cfg.Copy()
	if PartitionOf(cfg.Region) == "aws" { // the other partitions are so small that any region answers
		cfg.Region = "us-east-1"
	}
	in := &s3.GetBucketLocationInput{Bucket: &bucket}
	whose := "anybody"
	if owner != "" {
		in.ExpectedBucketOwner, whose = &owner, owner
	}
	out, err := s3.NewFromConfig(cfg).GetBucketLocation(ctx, in)
	if where := sentOn(err); where != "" && where != cfg.Region {
		cfg.Region = where
		out, err = s3.NewFromConfig(cfg).GetBucketLocation(ctx, in)
	}
	if err != nil {
		return "", Fault(err, "find bucket %s of %s", bucket, whose)
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

// sentOn is the region that S3 names when it was asked in the wrong one. A denial names it too, but asking elsewhere would not
// change that.
func sentOn(err error) string {
	res, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || res.Response == nil {
		return ""
	}
	switch res.HTTPStatusCode() {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
	default:
		return ""
	}
	if where := res.Response.Header.Get("X-Amz-Bucket-Region"); regionForm.MatchString(where) {
		return where
	}
	return ""
}
