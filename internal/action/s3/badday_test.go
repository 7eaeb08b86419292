package s3_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/action"
	"jobzero/internal/action/s3"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

var target = effect.Target{Ref: resource.Ref{Type: resource.Bucket, Account: "111122223333", Region: "us-east-1", ID: "shop-logs"}}

// session is an S3 with the answers; an answer that begins with <Error> is a 404. Every call has to name the owner, so that a
// bucket which has come into other hands is never touched.
func session(t *testing.T, answers map[string]string) action.Session {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("X-Amz-Expected-Bucket-Owner"); got != target.Ref.Account {
			t.Errorf("%s %s names %q as the owner", r.Method, r.URL, got)
		}
		for q := range r.URL.Query() {
			if body, ok := answers[r.Method+" "+q]; ok {
				if len(body) > 7 && body[:7] == "<Error>" {
					w.WriteHeader(http.StatusNotFound)
				}
				fmt.Fprint(w, body)
				return
			}
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(srv.Close)
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}
	return action.Session{Reader: cfg, Responder: cfg}
}

const (
	location = `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`
	gone     = `<Error><Code>NoSuchBucket</Code></Error>`
	noSite   = `<Error><Code>NoSuchWebsiteConfiguration</Code></Error>`
	noBlock  = `<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>`
	noPolicy = `<Error><Code>NoSuchBucketPolicy</Code></Error>`
	half     = `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>`
	unclear  = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"acme:mood":"sunny"}}}]}`
	private  = `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"}]}`
	public   = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`
)

func TestVerify(t *testing.T) {
	block, policy := s3.BlockPublicAccess(), s3.RemovePublicPolicy()
	for name, c := range map[string]struct {
		action  action.Action
		answers map[string]string
		holds   bool
		unknown bool
	}{
		"no bucket":         {block, map[string]string{"GET publicAccessBlock": gone}, true, false},
		"no bucket, policy": {policy, map[string]string{"GET policy": gone}, true, false},
		"no block":          {block, map[string]string{"GET publicAccessBlock": noBlock}, false, false},
		"half a block":      {block, map[string]string{"GET publicAccessBlock": half}, false, true},
		"an empty answer":   {block, map[string]string{"GET publicAccessBlock": ""}, false, true},
		"denied":            {block, nil, false, true},
		"policy denied":     {policy, nil, false, true},
		"no policy":         {policy, map[string]string{"GET policy": noPolicy}, true, false},
		"a private policy":  {policy, map[string]string{"GET policy": private}, true, false},
		"a public policy":   {policy, map[string]string{"GET policy": public}, false, false},
		"not clear":         {policy, map[string]string{"GET policy": unclear}, false, true},
		"no policy at all":  {policy, map[string]string{"GET policy": "oops"}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.action.Verify(t.Context(), session(t, c.answers), effect.Plan{Action: c.action.Info().ID, Target: target})
			if err != nil || got.Holds != c.holds || got.Unknown != c.unknown || got.Text == "" {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestOwnerIsAlwaysNamed goes through the calls of all actions; session checks the owner.
func TestOwnerIsAlwaysNamed(t *testing.T) {
	var first effect.Plan
	for _, a := range []action.Action{
		s3.BlockPublicAccess(), s3.RemovePublicPolicy(), s3.RemovePublicACL(), s3.EncryptByDefault(), s3.RequireTLS(), s3.EnableLogging(), s3.ExpireOldVersions(), s3.EnableVersioning(),
	} {
		s := session(t, map[string]string{
			"GET location": location, "GET website": noSite, "GET publicAccessBlock": noBlock, "GET policy": public,
			"GET acl":               `<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`,
			"PUT publicAccessBlock": "", "PUT policy": "", "DELETE policy": "", "PUT acl": "", "PUT encryption": "", "PUT logging": "", "PUT lifecycle": "", "PUT versioning": "",
			"GET encryption": `<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>`, "GET lifecycle": `<Error><Code>NoSuchLifecycleConfiguration</Code></Error>`,
			"GET logging": `<BucketLoggingStatus/>`, "GET versioning": `<VersioningConfiguration/>`,
		})
		to := target
		if a.Info().ID == "s3.enable-logging" {
			to.Params = map[string]string{"target": "shop-access"}
		}
		p, err := a.Plan(t.Context(), s, to)
		if err != nil || len(p.Calls) != 1 {
			t.Fatalf("plan of %s: %+v, %v", a.Info().ID, p, err)
		}
		if r, err := a.Do(t.Context(), s, p); err != nil || r.Calls != 1 {
			t.Errorf("do: %+v, %v", r, err)
		}
		if first.Action == "" {
			first = p
		}
	}
	s := session(t, map[string]string{
		"GET publicAccessBlock":    `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`,
		"DELETE publicAccessBlock": "",
	})
	if r, err := s3.BlockPublicAccess().Undo(t.Context(), s, first); err != nil || r.Calls != 1 {
		t.Errorf("undo: %+v, %v", r, err)
	}
}

// TestHalfABlockIsNoPlan: a switch that the answer leaves out is unknown, not false.
func TestHalfABlockIsNoPlan(t *testing.T) {
	s := session(t, map[string]string{"GET location": location, "GET website": noSite, "GET publicAccessBlock": half})
	if p, err := s3.BlockPublicAccess().Plan(t.Context(), s, target); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %+v, %v", p, err)
	}
}
