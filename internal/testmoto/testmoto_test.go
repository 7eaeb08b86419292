package testmoto

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
)

// TestAccountsAndRecorder keeps two accounts apart and reads back what was called, on a server of its own.
func TestAccountsAndRecorder(t *testing.T) {
	Shared(t) // skips with the reason when there is no emulator
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	here, there := Account(), Account()
	if err := s.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	mine, theirs := sqs.NewFromConfig(s.Config(here)), sqs.NewFromConfig(s.Config(there))
	if _, err := mine.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")}); err != nil {
		t.Fatal(err)
	}
	got, err := theirs.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.QueueUrls) != 0 {
		t.Errorf("account %s sees %v of account %s", there, got.QueueUrls, here)
	}
	touchBucket(t, s, here)
	if err := s.StopRecording(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls, err := s.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all, writes []string
	calls = slices.DeleteFunc(calls, func(c Call) bool { return c.Account != here && c.Account != there }) // the server may be shared
	for _, c := range calls {
		all = append(all, c.Service+":"+c.Action)
	}
	for _, c := range Writes(calls) {
		writes = append(writes, c.Service+":"+c.Action)
	}
	want := []string{"sqs:CreateQueue", "sqs:ListQueues", "s3:CreateBucket", "s3:PutPublicAccessBlock", "s3:GetPublicAccessBlock"}
	if d := cmp.Diff(want, all); d != "" {
		t.Errorf("calls (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"sqs:CreateQueue", "s3:CreateBucket", "s3:PutPublicAccessBlock"}, writes); d != "" {
		t.Errorf("writes (-want +got):\n%s", d)
	}
	if calls[0].Account != here || calls[1].Account != there || calls[0].Key == "" {
		t.Errorf("who called is wrong: %+v", calls[:2])
	}
}

func touchBucket(t *testing.T, s *Server, account string) {
	t.Helper()
	c := s3.NewFromConfig(s.Config(account))
	name := aws.String("bucket-" + account)
	if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name}); err != nil {
		t.Fatal(err)
	}
	block := &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)}
	if _, err := c.PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{Bucket: name, PublicAccessBlockConfiguration: block}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: name}); err != nil {
		t.Fatal(err)
	}
}

func TestStopEndsTheProcess(t *testing.T) {
	Shared(t)
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.cmd == nil {
		t.Skip("the emulator is shared by " + EnvEndpoint + "; it is not ours to end")
	}
	if !strings.Contains(s.Log(), "Running on") {
		t.Errorf("the log does not say where it runs: %q", s.Log())
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.control(t.Context(), http.MethodGet, "/moto-api/"); err == nil {
		t.Error("it still answers after Stop")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
}

func TestAccountHasTwelveDigits(t *testing.T) {
	for range 1000 {
		if a := Account(); len(a) != 12 {
			t.Fatalf("account %q", a)
		}
	}
}
