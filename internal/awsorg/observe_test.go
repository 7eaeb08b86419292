package awsorg_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/awsorg"
)

func TestEveryAttemptIsSeen(t *testing.T) {
	fails := 1
	endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && fails > 0:
			fails--
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Method == http.MethodPost:
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			_, _ = w.Write([]byte("{}"))
		}
	})
	var (
		mu   sync.Mutex
		seen = map[string]int{}
	)
	c := config(endpoint)
	c.Observe = func(s awsorg.Seen) {
		mu.Lock()
		defer mu.Unlock()
		seen[s.Service+" "+string(s.Kind)]++
		if s.Took <= 0 || s.Took > time.Minute {
			t.Errorf("%s %s took %s", s.Service, s.Kind, s.Took)
		}
	}
	o := open(t, c)
	cfg, err := o.Reader(t.Context(), "111122223333", "")
	if err != nil {
		t.Fatal(err)
	}
	bucket := aws.String("shop-logs")
	client := s3.NewFromConfig(cfg)
	if _, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	queue := aws.String(endpoint + "/111122223333/events")
	if _, err := sqs.NewFromConfig(o.Hub("")).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue}); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"STS read": 1, "S3 read": 2, "S3 write": 1, "SQS wait": 1}
	if d := cmp.Diff(want, seen); d != "" {
		t.Errorf("calls seen (-want +got):\n%s", d)
	}
}
