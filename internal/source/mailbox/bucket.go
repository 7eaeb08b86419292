package mailbox

import (
	"context"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/awsorg"
)

// API is what is used of the S3 client.
type API interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Client is S3 itself as the API. Amazon SES stores mail without a checksum that the SDK knows, and it is read in silence.
func Client(cfg aws.Config) API {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
}

// Needs is what reading a bucket of mail calls for, as IAM actions.
func Needs() []string { return []string{"s3:GetObject", "s3:ListBucket"} }

// setup is the object by which Amazon SES tries whether it may write; it is no message.
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
const setup = "AMAZON_SES_SETUP_NOTIFICATION"

// Bucket is where Amazon SES puts received mail. Nothing is changed there: who has taken what is in our own rows, and a rule of the bucket's
// lifecycle takes old mail away.
type Bucket struct {
	API    API
	Bucket string
	Prefix string
}

// Name is the place for people, and the beginning of the names of its messages.
func (b Bucket) Name() string { return "s3://" + b.Bucket + "/" + b.Prefix }

// At is where a message lies, for people.
func (b Bucket) At(key string) string { return "s3://" + b.Bucket + "/" + key }

// List gives the keys of some messages that nobody has taken.
func (b Bucket) List(ctx context.Context, most int, known Known) (out []string, err error) {
	in := &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: &b.Prefix}
	for {
		page, err := b.API.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, awsorg.Fault(err, "list mail in %s", b.Name())
		}
		for i := range page.Contents {
			key := aws.ToString(page.Contents[i].Key)
			if strings.HasSuffix(key, "/") || strings.HasSuffix(key, setup) {
				continue
			}
			was, err := known(ctx, key)
			if err != nil {
				return nil, err
			}
			if !was {
				out = append(out, key)
			}
			if len(out) == most {
				return out, nil
			}
		}
		if !aws.ToBool(page.IsTruncated) {
			return out, nil
		}
		in.ContinuationToken = page.NextContinuationToken
	}
}

// Open reads a message.
func (b Bucket) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	o, err := b.API.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Bucket, Key: &key})
	if err != nil {
		return nil, 0, awsorg.Fault(err, "read mail %s in %s", key, b.Name())
	}
	return o.Body, aws.ToInt64(o.ContentLength), nil
}

// Taken leaves the message where it is.
func (Bucket) Taken(context.Context, string) error { return nil }
