package cloudcontrol_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory/cloudcontrol"
	"jobzero/internal/resource"
)

// call is what was asked of Cloud Control.
type call struct {
	Action, TypeName, Identifier, ResourceModel, NextToken string
	region                                                 string
}

// api is Cloud Control at the HTTP layer: JSON 1.0, the operation in X-Amz-Target. An answer without a status is a good one.
func api(t *testing.T, region string, answer func(call) (status int, body string)) (aws.Config, *[]call) {
	t.Helper()
	var calls []call
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c call
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil || r.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
			t.Errorf("%s: %v", r.Header.Get("Content-Type"), err)
		}
		c.Action = strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "CloudApiService.")
		c.region = strings.Split(r.Header.Get("Authorization"), "/")[2]
		calls = append(calls, c)
		status, body := answer(c)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		if status != 0 {
			w.WriteHeader(status)
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}, &calls
}

func refused(code, message string) string {
	return fmt.Sprintf(`{"__type":"com.amazonaws.cloudapiservice#%s","Message":%q}`, code, message)
}

func resourceOf(id, properties string) string {
	d, _ := json.Marshal(map[string]any{"TypeName": "x", "ResourceDescription": map[string]string{"Identifier": id, "Properties": properties}})
	return string(d)
}

func reader(t *testing.T, typ resource.Type) cloudcontrol.Reader {
	t.Helper()
	for _, r := range cloudcontrol.Readers() {
		if r.Type() == typ {
			return r
		}
	}
	t.Fatalf("no reader of %s", typ)
	return cloudcontrol.Reader{}
}

const account, region = "111122223333", "eu-central-1"

func unknown(res resource.Resource) map[string]string {
	out := map[string]string{}
	for _, u := range res.Unknown {
		out[u.Path] = u.Cause
	}
	return out
}

// TestRead: properties as AWS gives them, whole numbers as the other readers make them, tags and ARN in their places, and what is
// never given back named as unknown.
func TestRead(t *testing.T) {
	cfg, calls := api(t, region, func(call) (int, string) {
		return 0, resourceOf("shop-cache", `{"ReplicationGroupId":"shop-cache","AtRestEncryptionEnabled":true,"NumCacheClusters":2,"SnapshotRetentionLimit":7.5,
"Tags":[{"Key":"team","Value":"web"}],"KmsKeyId":"alias/shop"}`)
	})
	ref := resource.Ref{Type: "AWS::ElastiCache::ReplicationGroup", Account: account, ID: "shop-cache"}
	got, err := reader(t, ref.Type).Read(t.Context(), cfg, ref)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"ReplicationGroupId": "shop-cache", "AtRestEncryptionEnabled": true, "NumCacheClusters": int64(2), "SnapshotRetentionLimit": 7.5,
		"Tags": []any{map[string]any{"Key": "team", "Value": "web"}}, "KmsKeyId": "alias/shop",
	}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if got.Region != region || got.Tags["team"] != "web" || got.Gone {
		t.Errorf("got %+v", got)
	}
	causes := unknown(got)
	if causes["properties.AuthToken"] != "AWS never gives it back" {
		t.Errorf("a password that AWS keeps to itself: %v", causes)
	}
	if _, there := causes["properties.KmsKeyId"]; there {
		t.Error("what was given back after all is not unknown")
	}
	if d := cmp.Diff([]call{{Action: "GetResource", TypeName: string(ref.Type), Identifier: "shop-cache", region: region}}, *calls, cmp.AllowUnexported(call{})); d != "" {
		t.Error(d)
	}
}

// TestNested: write-only values in elements of lists, and objects that hold nothing else.
func TestNested(t *testing.T) {
	for name, c := range map[string]struct {
		typ        resource.Type
		properties string
		want       []string
		not        []string
	}{
		"an element": {
			"AWS::ElasticLoadBalancingV2::Listener", `{"DefaultActions":[{"Type":"forward"},{"AuthenticateOidcConfig":{"ClientId":"a"}}]}`,
			[]string{"properties.DefaultActions[1].AuthenticateOidcConfig.ClientSecret"},
			[]string{"properties.DefaultActions[0].AuthenticateOidcConfig"},
		},
		"nothing else in it":        {"AWS::Lambda::Function", `{"FunctionName":"f"}`, []string{"properties.Code", "properties.SnapStart"}, nil},
		"more in it":                {"AWS::EFS::FileSystem", `{"FileSystemId":"fs-1"}`, nil, []string{"properties.ReplicationConfiguration"}},
		"what stands elsewhere":     {"AWS::Lambda::Function", `{}`, []string{"related.permissions", "related.urls"}, nil},
		"what only adds to a judge": {"AWS::CloudTrail::Trail", `{}`, []string{"related.bucket_policy"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, _ := api(t, region, func(call) (int, string) { return 0, resourceOf("x", c.properties) })
			got, err := reader(t, c.typ).Read(t.Context(), cfg, resource.Ref{Type: c.typ, Account: account, Region: region, ID: "x"})
			if err != nil {
				t.Fatal(err)
			}
			causes := unknown(got)
			for _, p := range c.want {
				if causes[p] == "" {
					t.Errorf("%s is not unknown: %v", p, causes)
				}
			}
			for _, p := range c.not {
				if causes[p] != "" {
					t.Errorf("%s is unknown: %v", p, causes)
				}
			}
		})
	}
}

// TestDocuments: policies that a handler gives as text are objects, other texts stay.
func TestDocuments(t *testing.T) {
	cfg, _ := api(t, region, func(call) (int, string) {
		return 0, resourceOf("r", `{"RepositoryName":"{\"a\":1}","RepositoryPolicyText":"{\"Statement\":[]}","Arn":"arn:aws:ecr:eu-central-1:111122223333:repository/r"}`)
	})
	ref := resource.Ref{Type: "AWS::ECR::Repository", Account: account, ID: "r"}
	got, err := reader(t, ref.Type).Read(t.Context(), cfg, ref)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"RepositoryName": `{"a":1}`, "RepositoryPolicyText": map[string]any{"Statement": []any{}}, "Arn": "arn:aws:ecr:eu-central-1:111122223333:repository/r",
	}
	if d := cmp.Diff(want, got.Properties); d != "" || got.ARN != want["Arn"] {
		t.Error(got.ARN, d)
	}
}

// TestBadDay: what each error means.
func TestBadDay(t *testing.T) {
	ref := resource.Ref{Type: "AWS::Kinesis::Stream", Account: account, Region: region, ID: "orders"}
	for name, c := range map[string]struct {
		status int
		body   string
		fault  fault.Code
		gone   bool
		dark   string
	}{
		"gone":            {400, refused("ResourceNotFoundException", "Stream orders not found"), "", true, ""},
		"no such type":    {400, refused("TypeNotFoundException", "The type does not exist"), "", false, "AWS Cloud Control does not read AWS::Kinesis::Stream in eu-central-1"},
		"no such action":  {400, refused("UnsupportedActionException", "Resource type does not support READ action"), "", false, "AWS Cloud Control does not read AWS::Kinesis::Stream in eu-central-1"},
		"denied":          {400, refused("AccessDeniedException", "User is not authorized to perform: cloudformation:GetResource"), fault.Denied, false, ""},
		"handler denied":  {400, refused("GeneralServiceException", "User: x is not authorized to perform: kinesis:DescribeStream"), fault.Denied, false, ""},
		"credentials":     {400, refused("InvalidCredentialsException", "expired"), fault.Denied, false, ""},
		"throttled":       {400, refused("ThrottlingException", "Rate exceeded"), fault.Unavailable, false, ""},
		"handler broke":   {500, refused("HandlerInternalFailureException", "oops"), fault.Unavailable, false, ""},
		"bare":            {502, "<html>", fault.Unavailable, false, ""},
		"empty":           {0, `{}`, fault.Unavailable, false, ""},
		"no JSON":         {0, resourceOf("orders", "oops"), fault.Unavailable, false, ""},
		"JSON, no object": {0, resourceOf("orders", "null"), fault.Unavailable, false, ""},
		"wrong request":   {400, refused("InvalidRequestException", "Invalid identifier"), fault.Invalid, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, _ := api(t, region, func(call) (int, string) { return c.status, c.body })
			got, err := reader(t, ref.Type).Read(t.Context(), cfg, ref)
			if fault.CodeOf(err) != c.fault && (err != nil || c.fault != "") {
				t.Fatalf("got %+v, %v (%s); want %s", got, err, fault.CodeOf(err), c.fault)
			}
			if got.Gone != c.gone {
				t.Errorf("gone: %t", got.Gone)
			}
			if c.dark != "" && unknown(got)["properties"] != c.dark {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestThrottledOnce is retried.
func TestThrottledOnce(t *testing.T) {
	n := 0
	cfg, _ := api(t, region, func(call) (int, string) {
		if n++; n == 1 {
			return 400, refused("ThrottlingException", "Rate exceeded")
		}
		return 0, resourceOf("orders", `{"Name":"orders"}`)
	})
	ref := resource.Ref{Type: "AWS::Kinesis::Stream", Account: account, Region: region, ID: "orders"}
	if got, err := reader(t, ref.Type).Read(t.Context(), cfg, ref); err != nil || got.Properties["Name"] != "orders" || n != 2 {
		t.Errorf("%d calls, %+v, %v", n, got, err)
	}
}
