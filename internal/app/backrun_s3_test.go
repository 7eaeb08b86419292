package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/config"
	"jobzero/internal/testmoto"
)

// A trail's bucket is searched like a folder, day by day; what is older is not fetched.
func TestANewRuleFindsLastWeekInABucket(t *testing.T) {
	server := testmoto.Shared(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	client, bucket := s3.NewFromConfig(server.Config("")), "archive-"+testmoto.Account()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	p := looking(t, func(c *config.Config) {
		c.AWS.Endpoint, c.Archive.Places = server.Endpoint, []string{"s3://" + bucket + "/AWSLogs/"}
		c.Archive.LookBack = 4 * 24 * time.Hour
	})
	for i, days := range []int{0, 1, 3, 9} {
		at := p.ago(days)
		key := fmt.Sprintf("AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/%s/%d.json", at.Format("2006/01/02"), i)
		e := attempt(t, fmt.Sprint("e", i), "198.51.100.7", at, false)
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(`{"Records":[` + string(e.Raw) + `]}`)}); err != nil {
			t.Fatal(err)
		}
	}
	p.rule(t, "new.yml", newRule)
	p.reload(t.Context())
	if n := p.all(t, p.House); n != 5+3 {
		t.Errorf("%d parts, want 5 days, the list, the rest and the end", n)
	}
	got := p.findings(t)
	if d := cmp.Diff([]string{"new 111122223333"}, []string{got[0].By + " " + got[0].Account}); d != "" || len(got) != 1 || got[0].Count != 3 {
		t.Errorf("found %v", said(got))
	}
}
