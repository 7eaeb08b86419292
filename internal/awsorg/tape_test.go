package awsorg_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/awsorg"
	"jobzero/internal/testmoto"
)

// Every attempt is on the tape, with AWS's own ID of it: also those that failed, which the SDK made again by itself.
func TestTape(t *testing.T) {
	n := 0
	endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("X-Amz-Request-Id", "READ")
			return
		}
		if r.Method != http.MethodDelete {
			return
		}
		n++
		switch n {
		case 1:
			w.Header().Set("X-Amz-Request-Id", "FIRST")
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			panic(http.ErrAbortHandler) // the connection ends without an answer
		default:
			w.Header().Set("X-Amz-Request-Id", "THIRD")
			w.WriteHeader(http.StatusNoContent)
		}
	})
	cfg, err := open(t, config(endpoint)).Reader(t.Context(), "111122223333", "eu-central-1")
	if err != nil {
		t.Fatal(err)
	}
	var tape awsorg.Tape
	ctx, client, bucket := tape.Under(t.Context()), s3.NewFromConfig(cfg), aws.String("shop-logs")
	before := time.Now()
	if _, err := client.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: bucket}); err != nil { // under another context
		t.Fatal(err)
	}
	const api = "s3:DeleteBucketPolicy"
	control := s3control.NewFromConfig(cfg) // which is signed as S3, and so it is called in CloudTrail
	_, err = control.DeletePublicAccessBlock(ctx, &s3control.DeletePublicAccessBlockInput{AccountId: aws.String("111122223333")})
	if err != nil {
		t.Fatal(err)
	}
	want := []awsorg.Attempt{
		{API: api, Region: "eu-central-1", Request: "FIRST", Error: "ServiceUnavailable"},
		{API: api, Region: "eu-central-1", Error: awsorg.NoAnswer},
		{API: api, Region: "eu-central-1", Request: "THIRD"},
		{API: "s3:DeletePublicAccessBlock", Region: "eu-central-1", Request: "THIRD"},
	}
	if d := cmp.Diff(want, tape.Attempts(), cmpopts.IgnoreFields(awsorg.Attempt{}, "At", "Took")); d != "" {
		t.Errorf("on the tape (-want +got):\n%s", d)
	}
	if tape.Reads() != 1 {
		t.Errorf("%d reads, want 1", tape.Reads())
	}
	for _, a := range tape.Attempts() {
		if a.At.Before(before) || a.Took <= 0 {
			t.Errorf("%s began at %s and took %s", a.API, a.At, a.Took)
		}
	}
}

// What AWS says no to is on the tape with its code; a call that was given up has no answer.
func TestTapeOfFailures(t *testing.T) {
	cfg, err := open(t, config(testmoto.Shared(t).Endpoint)).Reader(t.Context(), testmoto.Account(), "")
	if err != nil {
		t.Fatal(err)
	}
	var tape awsorg.Tape
	client, in := iam.NewFromConfig(cfg), &iam.DeleteUserInput{UserName: aws.String("nobody")}
	if _, err := client.DeleteUser(tape.Under(t.Context()), in); err == nil {
		t.Fatal("a user that there is not was deleted")
	}
	gone, cancel := context.WithCancel(tape.Under(t.Context()))
	cancel()
	if _, err := client.DeleteUser(gone, in); err == nil {
		t.Fatal("a call was made after its end")
	}
	got := tape.Attempts()
	if len(got) == 0 || got[0].API != "iam:DeleteUser" || got[0].Error != "NoSuchEntity" || got[0].Request == "" {
		t.Errorf("%+v", got)
	}
	for _, a := range got[1:] {
		if a.Error != awsorg.NoAnswer || a.Request != "" {
			t.Errorf("a call that was given up: %+v", a)
		}
	}
}
