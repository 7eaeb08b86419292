package s3

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// declaredParam says what people have said about the bucket.
func declaredParam() action.Param {
	return action.Param{Name: "declared", Text: "public or private, as the file of intent says; a bucket declared public is left alone, and so is a website unless it is declared private"}
}

// bucket is one bucket through one session. Every call names the owner: a bucket that has come into other hands answers with
// a denial.
type bucket struct {
	client *s3.Client
	name   *string
	owner  *string
}

func open(cfg aws.Config, ref resource.Ref) bucket {
	return bucket{client: s3.NewFromConfig(setting.At(cfg, ref)), name: aws.String(ref.ID), owner: aws.String(ref.Account)}
}

// arn is what a responder is narrowed to.
func arn(ref resource.Ref) string {
	return principal.ARN{Partition: awsorg.PartitionOf(ref.Region), Service: "s3", Resource: ref.ID}.String()
}

func (b bucket) website(ctx context.Context) (bool, error) {
	_, err := b.client.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchWebsiteConfiguration") || is(err, "NoSuchBucket") { // of which the look tells
		return false, nil
	}
	return err == nil, awsorg.Fault(err, "see whether bucket %s is a website", *b.name)
}

// policy gives the exact text; there is none when it is nil.
func (b bucket) policy(ctx context.Context) (*string, error) {
	out, err := b.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if is(err, "NoSuchBucketPolicy") {
		return nil, nil
	}
	if err != nil {
		return nil, b.fault(err, "policy")
	}
	if out.Policy == nil {
		return nil, fault.New(fault.Unavailable, "read the policy of bucket %s: the API answered without one", *b.name)
	}
	return out.Policy, nil
}

// fault is the fault of a read; setting.ErrGone where there is no bucket.
func (b bucket) fault(err error, what string) error {
	if is(err, "NoSuchBucket") {
		return setting.ErrGone
	}
	return awsorg.Fault(err, "read the %s of bucket %s", what, *b.name)
}

// is reports whether the API named exactly this fault.
func is(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}

// losers names who a policy lets in as the public, for the plan.
func losers(p principal.Policy, found []principal.Public) []string {
	var out []string
	for _, f := range found {
		sure := "everybody"
		if f.Verdict == principal.Maybe {
			sure = "perhaps everybody"
		}
		out = append(out, sure+", "+cut.Granted(p, f))
	}
	return out
}
