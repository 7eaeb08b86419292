package builtin_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// BenchmarkBlockAndUndo is plan, do, verify and undo of one bucket's block, emulator included.
func BenchmarkBlockAndUndo(b *testing.B) {
	server := testmoto.Shared(b)
	c := awsorg.DefaultConfig()
	c.Endpoint, c.RateLimit, c.Burst, c.MaxBackoff = server.Endpoint, 1e6, 1e6, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	defer org.Close()
	cat, err := action.New(org, builtin.All(builtin.Options{})...)
	if err != nil {
		b.Fatal(err)
	}
	account := testmoto.Account()
	name := aws.String("bucket-" + account)
	if _, err := s3.NewFromConfig(server.Config(account)).CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: name}); err != nil {
		b.Fatal(err)
	}
	ref := resource.Ref{Type: resource.Bucket, Account: account, ID: *name}
	for b.Loop() {
		p, err := cat.Plan(b.Context(), "s3.block-public-access", effect.Target{Ref: ref})
		if err != nil {
			b.Fatal(err)
		}
		if r, err := cat.Do(b.Context(), p); err != nil || r.Calls != 1 {
			b.Fatal(r, err)
		}
		if k, err := cat.Verify(b.Context(), p); err != nil || !k.Holds {
			b.Fatal(k, err)
		}
		if r, err := cat.Undo(b.Context(), p); err != nil || r.Calls != 1 {
			b.Fatal(r, err)
		}
	}
}
