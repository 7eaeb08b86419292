package awsorg_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// TestBucketRegion: S3 is asked once more where it sends us, at most once, and never after a denial.
func TestBucketRegion(t *testing.T) {
	answer := func(where string) string {
		return `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` + where + `</LocationConstraint>`
	}
	for name, c := range map[string]struct {
		from   string
		header string // region that S3 names as long as it is asked elsewhere
		status int
		body   string // where it is not sent on, or for ever
		want   string
		fault  fault.Code
		asked  []string
	}{
		"the first region":   {from: "eu-central-1", body: answer(""), want: "us-east-1", asked: []string{"us-east-1"}},
		"by its old name":    {from: "us-east-1", body: answer("EU"), want: "eu-west-1", asked: []string{"us-east-1"}},
		"an opt-in region":   {from: "us-east-1", header: "af-south-1", status: 400, body: answer("af-south-1"), want: "af-south-1", asked: []string{"us-east-1", "af-south-1"}},
		"another gov region": {from: "us-gov-west-1", header: "us-gov-east-1", status: 301, body: answer("us-gov-east-1"), want: "us-gov-east-1", asked: []string{"us-gov-west-1", "us-gov-east-1"}},
		"a denial":           {from: "us-east-1", header: "af-south-1", status: 403, fault: fault.Denied, asked: []string{"us-east-1"}},
		"no region":          {from: "us-east-1", header: "../x", status: 301, fault: fault.Unavailable, asked: []string{"us-east-1"}},
		"the same region":    {from: "us-east-1", header: "us-east-1", status: 400, fault: fault.Unavailable, asked: []string{"us-east-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				region := strings.Split(r.Header.Get("Authorization"), "/")[2]
				asked = append(asked, region)
				if c.header != "" && (region != c.header || c.fault != "") {
					w.Header().Set("X-Amz-Bucket-Region", c.header)
					w.WriteHeader(c.status)
					if c.status == http.StatusBadRequest {
						fmt.Fprint(w, `<Error><Code>IllegalLocationConstraintException</Code></Error>`)
					}
					return
				}
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(srv.Close)
			cfg := aws.Config{
				Region: c.from, BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "s", ""),
			}
			got, err := awsorg.BucketRegion(t.Context(), cfg, "shop-logs", "111122223333")
			if got != c.want || (c.fault == "") != (err == nil) || (err != nil && !fault.Is(err, c.fault)) {
				t.Errorf("got %q, %v; want %q, %s", got, err, c.want, c.fault)
			}
			if fmt.Sprint(asked) != fmt.Sprint(c.asked) {
				t.Errorf("asked in %v, want %v", asked, c.asked)
			}
		})
	}
}
