package builtin_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/awsorg"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// BenchmarkReadBucket is one full read of a bucket, eleven calls, emulator included.
func BenchmarkReadBucket(b *testing.B) { readBucket(b, nil) }

// BenchmarkReadBucketOnly is what the question whether a bucket is public takes: six calls.
func BenchmarkReadBucketOnly(b *testing.B) {
	readBucket(b, inventory.Only{"properties.PublicAccessBlockConfiguration", "related.account_public_access", "related.policy", "related.acl", "tags"})
}

func readBucket(b *testing.B, only inventory.Only) {
	server := testmoto.Shared(b)
	c := awsorg.DefaultConfig()
	c.Endpoint, c.RateLimit, c.Burst, c.MaxBackoff = server.Endpoint, 1e6, 1e6, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	defer org.Close()
	cat, err := inventory.New(org, builtin.Native()...)
	if err != nil {
		b.Fatal(err)
	}
	account := testmoto.Account()
	name := aws.String("bucket-" + account)
	if _, err := s3.NewFromConfig(server.Config(account)).CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: name}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := cat.ReadOnly(b.Context(), resource.Ref{Type: resource.Bucket, Account: account, ID: *name}, only)
		if err != nil || len(only) == 0 && len(r.Unknown) > 0 {
			b.Fatal(r.Unknown, err)
		}
	}
}
