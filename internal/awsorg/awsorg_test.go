package awsorg_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
)

func config(endpoint string) awsorg.Config {
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = endpoint, 20*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	return c
}

func open(t *testing.T, c awsorg.Config) *awsorg.Org {
	t.Helper()
	o, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	return o
}

func TestConfig(t *testing.T) {
	if err := awsorg.DefaultConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"region":    {"region: Frankfurt", "region"},
		"partition": {"partition: azure", "partition"},
		"another":   {"region: cn-north-1", "is in aws-cn"},
		"one role":  {"reader_role: x\nresponder_role: x", "both"},
		"one too":   {"reader_role: x\norganization_role: x", "reader_role and organization_role are both"},
		"one three": {"responder_role: x\norganization_role: x", "responder_role and organization_role are both"},
		"no role":   {"organization_role: a b", "organization_role"},
		"too long":  {"session_name: " + strings.Repeat("a", 38), "session_name"},
		"session":   {"session_name: a b", "session_name"},
		"attempts":  {"attempts: 0", "attempts"},
		"backoff":   {"max_backoff: 1h", "max_backoff"},
		"rate":      {"rate_limit: 0", "rate_limit"},
		"duration":  {"role_duration: 1m", "role_duration"},
		"a name":    {"endpoint: http://localhost:5000", "IP address"},
		"no URL":    {"endpoint: 127.0.0.1", "URL"},
		"external":  {"external_id: 'a b'", "external_id"},
	} {
		t.Run(name, func(t *testing.T) {
			conf := awsorg.DefaultConfig()
			if err := doc.Decode("jobzero.yaml", []byte(c.text), &conf); err != nil {
				t.Fatal(err)
			}
			if err := conf.Validate(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an invalid fault about %s", err, c.want)
			}
		})
	}
}

func TestRolesOnEmulator(t *testing.T) {
	o := open(t, config(testmoto.Shared(t).Endpoint))
	one, two := testmoto.Account(), testmoto.Account()
	for _, account := range []string{one, two} {
		reader, err := o.Reader(t.Context(), account, "eu-central-1")
		if err != nil {
			t.Fatal(err)
		}
		if reader.Region != "eu-central-1" {
			t.Errorf("region %s", reader.Region)
		}
		me, err := sts.NewFromConfig(reader).GetCallerIdentity(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := "arn:aws:sts::" + account + ":assumed-role/jobzero-reader/jobzero"; aws.ToString(me.Arn) != want {
			t.Errorf("caller %s, want %s", aws.ToString(me.Arn), want)
		}
	}
	// s3control puts the account before the host: it must arrive all the same.
	reader, err := o.Reader(t.Context(), one, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s3control.NewFromConfig(reader).GetPublicAccessBlock(t.Context(), &s3control.GetPublicAccessBlockInput{AccountId: &one})
	if code, cause := awsorg.Classify(err); code != fault.NotFound {
		t.Errorf("account block: got %s (%s) from %v, want not-found", code, cause, err)
	}
	own, err := o.Own(t.Context())
	if err != nil || len(own) != 1 || own[0] != "AKIAIOSFODNN7EXAMPLE" {
		t.Errorf("own keys %v, %v", own, err)
	}
}

// fakeSTS answers AssumeRole and counts; everything else is answered by rest.
func fakeSTS(t *testing.T, lasts time.Duration, rest http.HandlerFunc) (endpoint string, policies func() []string) {
	t.Helper()
	seen := make(chan string, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.FormValue("Action") == "AssumeRole" {
			seen <- r.FormValue("RoleArn") + " " + r.FormValue("Policy")
			fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
				`<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
				time.Now().Add(lasts).UTC().Format(time.RFC3339))
			return
		}
		rest(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, func() (out []string) {
		for len(seen) > 0 {
			out = append(out, <-seen)
		}
		return out
	}
}

func TestResponderIsNarrowedAndCached(t *testing.T) {
	for name, c := range map[string]struct {
		lasts time.Duration
		want  int
	}{"cached": {time.Hour, 2}, "about to expire": {time.Minute, 4}} {
		t.Run(name, func(t *testing.T) {
			endpoint, policies := fakeSTS(t, c.lasts, http.NotFound)
			o := open(t, config(endpoint))
			put := []awsorg.Permission{{Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::b"}}
			del := []awsorg.Permission{{Action: "s3:DeleteBucketPolicy", Resource: "arn:aws:s3:::b"}}
			for range 2 {
				for _, may := range [][]awsorg.Permission{put, del} {
					if _, err := o.Writer(t.Context(), awsorg.Errand{Account: "111122223333", May: may}); err != nil {
						t.Fatal(err)
					}
				}
			}
			got := policies()
			if len(got) < 2 || len(got) > c.want || (c.want > 2 && len(got) == 2) {
				t.Fatalf("roles assumed: %d, want %d: %v", len(got), c.want, got)
			}
			want := `arn:aws:iam::111122223333:role/jobzero-responder {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"arn:aws:s3:::b"}]}`
			if got[0] != want {
				t.Errorf("got  %s\nwant %s", got[0], want)
			}
		})
	}
}

func TestResponderRefuses(t *testing.T) {
	o := open(t, config("http://127.0.0.1:1"))
	var many []awsorg.Permission
	for i := range 50 {
		many = append(many, awsorg.Permission{Action: "s3:PutBucketPolicy", Resource: fmt.Sprintf("arn:aws:s3:::bucket-%d", i)})
	}
	for name, c := range map[string]struct {
		account string
		may     []awsorg.Permission
	}{
		"nothing":      {"111122223333", nil},
		"too much":     {"111122223333", many},
		"no resource":  {"111122223333", []awsorg.Permission{{Action: "s3:*"}}},
		"no account":   {"", many[:1]},
		"path tricks":  {"11112222333/", many[:1]},
		"unicode digs": {"１１１１２２２２３３３３", many[:1]},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := o.Writer(t.Context(), awsorg.Errand{Account: c.account, May: c.may}); !fault.Is(err, fault.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	var calls atomic.Int32
	endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusOK)
	})
	c := config(endpoint)
	c.RateLimit, c.Burst = 0.001, 1 // S3 gets ten of a burst
	o := open(t, c)
	bucket := "b"
	ask := func(account string) error {
		cfg, err := o.Reader(t.Context(), account, "")
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err = s3.NewFromConfig(cfg).DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: &bucket})
		return err
	}
	for i := range 10 {
		if err := ask("111122223333"); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	if err := ask("111122223333"); err == nil {
		t.Error("an eleventh call went through")
	} else if code, _ := awsorg.Classify(err); code != fault.Unavailable {
		t.Errorf("got %s for %v", code, err)
	}
	if err := ask("444455556666"); err != nil {
		t.Errorf("another account was held up: %v", err)
	}
	if calls.Load() != 11 {
		t.Errorf("%d calls arrived, want 11", calls.Load())
	}
}

// TestRetriesCount: AWS counts every attempt, so each of them takes a token.
func TestRetriesCount(t *testing.T) {
	var calls atomic.Int32
	endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `<Error><Code>SlowDown</Code></Error>`)
	})
	c := config(endpoint)
	c.RateLimit, c.Burst, c.Attempts = 0.001, 1, 3 // S3 gets ten of a burst
	cfg, err := open(t, c).Reader(t.Context(), "111122223333", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := s3.NewFromConfig(cfg).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String("some-bucket")})
		cancel()
		if code, _ := awsorg.Classify(err); code != fault.Unavailable {
			t.Errorf("got %s for %v", code, err)
		}
	}
	if n := calls.Load(); n != 10 {
		t.Errorf("%d attempts arrived, want the 10 of the burst", n)
	}
}

// TestRedirectsAreNotFollowed: a signed call must not be sent where an answer says.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var strayed atomic.Int32
	endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			strayed.Add(1)
			return
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	cfg, err := open(t, config(endpoint)).Reader(t.Context(), "111122223333", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s3.NewFromConfig(cfg).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("some-bucket")})
	if code, _ := awsorg.Classify(err); code != fault.Unavailable || strayed.Load() != 0 {
		t.Errorf("got %v, strayed %d times", err, strayed.Load())
	}
}

func TestClassifyOverHTTP(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		code   fault.Code
		cause  string
	}{
		"typed denial":     {403, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`, fault.Denied, "denied"},
		"by an SCP":        {403, `<Error><Code>AccessDenied</Code><Message>with an explicit deny in a service control policy</Message></Error>`, fault.Denied, "denied by a service control policy"},
		"by an RCP":        {403, `<Error><Code>AccessDenied</Code><Message>with an explicit deny in a resource control policy</Message></Error>`, fault.Denied, "denied by a resource control policy"},
		"opt-in region":    {400, `<Error><Code>IllegalLocationConstraintException</Code></Error>`, fault.Unavailable, "redirected: the wrong region"},
		"untyped denial":   {403, `Forbidden`, fault.Denied, "denied"},
		"throttled":        {503, `<Error><Code>SlowDown</Code></Error>`, fault.Unavailable, "throttled"},
		"throttled by 429": {429, ``, fault.Unavailable, "throttled"},
		"no bucket":        {404, `<Error><Code>NoSuchBucket</Code></Error>`, fault.NotFound, "not found"},
		"bare 404":         {404, `<html>`, fault.Unavailable, "the endpoint does not know this call"},
		"html 500":         {500, `<html>`, fault.Unavailable, "service unavailable"},
		"suspended":        {403, `<Error><Code>AccountProblem</Code></Error>`, fault.Denied, "account suspended or closed"},
		"opt in":           {403, `<Error><Code>OptInRequired</Code></Error>`, fault.Denied, "region or service not enabled"},
		"other region":     {301, `<Error><Code>PermanentRedirect</Code></Error>`, fault.Unavailable, "redirected: the wrong region"},
		"at once":          {409, `<Error><Code>OperationAborted</Code></Error>`, fault.Conflict, "changed by somebody else at the same time"},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint, _ := fakeSTS(t, time.Hour, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			cfg, err := open(t, config(endpoint)).Reader(t.Context(), "111122223333", "")
			if err != nil {
				t.Fatal(err)
			}
			_, err = s3.NewFromConfig(cfg).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("some-bucket")})
			if code, cause := awsorg.Classify(err); code != c.code || cause != c.cause {
				t.Errorf("got %s, %q for %v; want %s, %q", code, cause, err, c.code, c.cause)
			}
		})
	}
}

func TestClassify(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		code fault.Code
	}{
		"none":        {nil, ""},
		"time":        {fmt.Errorf("x: %w", context.DeadlineExceeded), fault.Unavailable},
		"our own":     {fmt.Errorf("x: %w", fault.New(fault.Denied, "kill switch")), fault.Denied},
		"group":       {&smithy.GenericAPIError{Code: "InvalidGroup.NotFound"}, fault.NotFound},
		"entity":      {&smithy.GenericAPIError{Code: "NoSuchEntity"}, fault.NotFound},
		"ec2":         {&smithy.GenericAPIError{Code: "UnauthorizedOperation"}, fault.Denied},
		"malformed":   {&smithy.GenericAPIError{Code: "MalformedPolicy", Message: "bad principal"}, fault.Invalid},
		"ec2 limit":   {&smithy.GenericAPIError{Code: "RequestLimitExceeded"}, fault.Unavailable},
		"there":       {&smithy.GenericAPIError{Code: "InvalidPermission.Duplicate"}, fault.Conflict},
		"who knows":   {errors.New("who knows"), fault.Unavailable},
		"new to us":   {&smithy.GenericAPIError{Code: "Newfangled"}, fault.Unavailable},
		"unreachable": {reach(t), fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			if code, cause := awsorg.Classify(c.err); code != c.code || (c.err != nil && cause == "") {
				t.Errorf("got %s (%s), want %s", code, cause, c.code)
			}
		})
	}
	if awsorg.Fault(nil, "x") != nil {
		t.Error("nil did not stay nil")
	}
}

func reach(t *testing.T) error {
	t.Helper()
	_, err := open(t, config("http://127.0.0.1:1")).Reader(t.Context(), "111122223333", "")
	return err
}
