package s3_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory/s3"
	"jobzero/internal/resource"
)

// answers is an S3 on a bad day: what is not listed has no configuration.
func answers(t *testing.T, byQuery map[string]string, status map[string]int) aws.Config {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for q := range r.URL.Query() {
			if body, ok := byQuery[q]; ok {
				if code := status[q]; code != 0 {
					w.WriteHeader(code)
				}
				fmt.Fprint(w, body)
				return
			}
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(srv.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "s", ""),
	}
}

const location = `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`

func TestBadDay(t *testing.T) {
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "shop-logs"}
	for name, c := range map[string]struct {
		body    map[string]string
		status  map[string]int
		unknown map[string]string // by path
		gone    bool
		fault   fault.Code
	}{
		"denied by part": {
			body:    map[string]string{"location": location, "policy": `<Error><Code>NoSuchBucketPolicy</Code></Error>`},
			status:  map[string]int{"policy": 404},
			unknown: map[string]string{"related.acl": "denied", "properties.PublicAccessBlockConfiguration": "denied", "tags": "denied"},
		},
		"empty answers": {
			body:    map[string]string{"location": location, "publicAccessBlock": ``, "policy": ``, "acl": ``, "encryption": ``, "website": ``},
			unknown: map[string]string{"properties.PublicAccessBlockConfiguration": "the API answered without a value", "related.acl": "the API answered without a value", "properties.BucketEncryption": "the API answered without a value", "properties.WebsiteConfiguration": "the API answered without a value"},
		},
		"half a block": {
			body:    map[string]string{"location": location, "publicAccessBlock": `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>`},
			unknown: map[string]string{"properties.PublicAccessBlockConfiguration": "the API answered without RestrictPublicBuckets"},
		},
		"policy that is no JSON": {
			body:    map[string]string{"location": location, "policy": `oops`},
			unknown: map[string]string{"related.policy": "the policy of shop-logs is no JSON object"},
		},
		"bare 404 of a part": {
			body:    map[string]string{"location": location, "policy": `<html>`},
			status:  map[string]int{"policy": 404},
			unknown: map[string]string{"related.policy": "the endpoint does not know this call"},
		},
		"gone":             {body: map[string]string{"location": `<Error><Code>NoSuchBucket</Code></Error>`}, status: map[string]int{"location": 404}, gone: true},
		"gone in between":  {body: map[string]string{"location": location, "acl": `<Error><Code>NoSuchBucket</Code></Error>`}, status: map[string]int{"acl": 404}, gone: true},
		"bare 404":         {body: map[string]string{"location": `<html>`}, status: map[string]int{"location": 404}, fault: fault.Unavailable},
		"denied all":       {body: map[string]string{}, fault: fault.Denied},
		"throttled at all": {body: map[string]string{"location": `<Error><Code>SlowDown</Code></Error>`}, status: map[string]int{"location": 503}, fault: fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s3.Buckets{}.Read(t.Context(), answers(t, c.body, c.status), ref)
			if c.fault != "" {
				if !fault.Is(err, c.fault) {
					t.Errorf("got %+v, %v; want %s", got, err, c.fault)
				}
				return
			}
			if err != nil || got.Gone != c.gone {
				t.Fatalf("got %+v, %v", got, err)
			}
			causes := map[string]string{}
			for _, u := range got.Unknown {
				if _, asked := c.unknown[u.Path]; asked {
					causes[u.Path] = u.Cause
				}
			}
			want := c.unknown
			if want == nil {
				want = map[string]string{}
			}
			if d := cmp.Diff(want, causes); d != "" {
				t.Error(d)
			}
		})
	}
}
