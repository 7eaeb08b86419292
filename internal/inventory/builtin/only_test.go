package builtin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestReadBucketOnly: what is asked for is as in a full read, everything else is unknown and is not called for.
func TestReadBucketOnly(t *testing.T) {
	t.Setenv(testmoto.EnvEndpoint, "") // the recorder is not to be shared
	cat, server := catalogue(t)
	account := testmoto.Account()
	c, name := s3.NewFromConfig(server.Config(account)), aws.String("bucket-"+account)
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name}))
	must[*s3.PutBucketPolicyOutput](t)(c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: name, Policy: aws.String(policy)}))
	ref := resource.Ref{Type: resource.Bucket, Account: account, ID: *name}
	if err := server.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := must[resource.Resource](t)(cat.ReadOnly(t.Context(), ref, inventory.Only{"related.policy", "tags"}))
	calls, err := server.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, call := range calls {
		if call.Service == "s3" {
			n++
		}
	}
	if n != 3 { // where it is, its policy, its tags
		t.Errorf("%d calls: %v", n, calls)
	}
	if p, _ := got.Related["policy"].(object); p["PolicyText"] != policy || got.Tags == nil || got.ReadAt.IsZero() {
		t.Errorf("got %+v", got)
	}
	if _, there := got.Properties["PublicAccessBlockConfiguration"]; there || len(got.Unknown) != 8 {
		t.Errorf("unknown: %v", got.Unknown)
	}
	for _, u := range got.Unknown {
		if u.Cause != inventory.NotAskedFor || u.Path == "related.policy" || u.Path == "tags" {
			t.Errorf("unknown: %+v", u)
		}
	}
	ref.ID += "-gone"
	if got := must[resource.Resource](t)(cat.ReadOnly(t.Context(), ref, inventory.Only{"tags"})); !got.Gone {
		t.Errorf("before it was made: %+v", got)
	}
}

func TestOnly(t *testing.T) {
	only := inventory.Only{"related.policy.PolicyText", "properties"}
	for path, want := range map[string]bool{"related.policy": true, "properties.BucketEncryption": true, "related.pol": false, "related.acl": false, "tags": false} {
		if only.Asks(path) != want {
			t.Errorf("%s: want %t", path, want)
		}
	}
	if !inventory.Only(nil).Asks("tags") {
		t.Error("nothing in particular means everything")
	}
}
