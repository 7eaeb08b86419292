package builtin_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
)

// answers is an API that gives an answer for each call, by the call's name or else its path, in the shapes that AWS documents.
// What is not among them is denied.
func answers(t *testing.T, by map[string]string) aws.Config {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := r.Header.Get("X-Amz-Target")
		call = call[strings.LastIndexByte(call, '.')+1:]
		if call == "" && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			body, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(body))
			call = form.Get("Action")
		}
		text, ok := by[cmp.Or(call, r.URL.Path)]
		if !ok {
			w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
			w.WriteHeader(http.StatusForbidden)
			text = `{"__type":"AccessDeniedException","message":"no"}`
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(srv.Close)
	return aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}
}

// told is the reader of a type that knows what is watched.
func told(t *testing.T, typ resource.Type, w inventory.Watch) inventory.Reader {
	t.Helper()
	for _, r := range inventory.Watching(builtin.Native(), w) {
		if r.Type() == typ {
			return r
		}
	}
	t.Fatalf("no reader of %s", typ)
	return nil
}

const instances = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet><item>
<instanceId>i-0a1b2c3d4e5f60718</instanceId><instanceState><code>16</code><name>%s</name></instanceState><launchTime>2026-01-02T03:04:05.000Z</launchTime>
<tagSet><item><key>team</key><value>web</value></item></tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`

// TestScans: each line of Inspector's list that there may be of an instance, none, and no list.
func TestScans(t *testing.T) {
	const line = `{"coveredResources":[{"accountId":"111122223333","resourceId":%q,"resourceType":"AWS_EC2_INSTANCE","scanType":"PACKAGE","scanMode":"EC2_SSM_AGENT_BASED",` +
		`"scanStatus":{"statusCode":%q,"reason":%q},"lastScannedAt":1767322800}]}`
	const id = "i-0a1b2c3d4e5f60718"
	for name, c := range map[string]struct {
		state, list, account string
		want                 any // ScanStatus
		gone, unknown        bool
	}{
		"scanned":                {"running", fmt.Sprintf(line, id, "ACTIVE", "SUCCESSFUL"), "", "ACTIVE", false, false},
		"without an agent":       {"running", fmt.Sprintf(line, id, "INACTIVE", "UNMANAGED_EC2_INSTANCE"), "", "INACTIVE", false, false},
		"not in the list":        {"running", `{"coveredResources":[]}`, "", nil, false, false},
		"a line of another":      {"running", fmt.Sprintf(line, "i-0a1b2c3d4e5f60719", "ACTIVE", "SUCCESSFUL"), "", nil, false, false},
		"stopped":                {"stopped", fmt.Sprintf(line, id, "INACTIVE", "EC2_INSTANCE_STOPPED"), "", "INACTIVE", false, false},
		"terminated":             {"terminated", "", "", nil, true, false},
		"list denied":            {"running", "", `{"accounts":[{"accountId":"111122223333","state":{"status":"ENABLED"}}]}`, nil, false, true},
		"list and state denied":  {"running", "", "", nil, false, true},
		"Inspector is off":       {"running", "", `{"accounts":[{"accountId":"111122223333","state":{"status":"DISABLED"}}]}`, nil, false, false},
		"a line without a state": {"running", `{"coveredResources":[{"resourceId":"` + id + `"}]}`, "", nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			by := map[string]string{"DescribeInstances": fmt.Sprintf(instances, c.state)}
			if c.list != "" {
				by["/coverage/list"] = c.list
			}
			if c.account != "" {
				by["/status/batch/get"] = c.account
			}
			got := must[resource.Resource](t)(of(t, resource.InstanceScan).Read(t.Context(), answers(t, by), resource.Ref{Type: resource.InstanceScan, Account: "111122223333", Region: "eu-central-1", ID: id}))
			status, there := got.Properties["ScanStatus"]
			if status != c.want || there != (c.want != nil) || got.Gone != c.gone || (len(got.Unknown) > 0) != c.unknown {
				t.Fatalf("got %v, %v, gone %t", got.Properties, got.Unknown, got.Gone)
			}
			if c.want != nil && (got.Properties["LastScannedAt"] != "2026-01-02T03:00:00Z" || got.Properties["LaunchTime"] != "2026-01-02T03:04:05Z" || got.Tags["team"] != "web") {
				t.Errorf("got %v, %v", got.Properties, got.Tags)
			}
			if c.unknown && len(got.Unknown) != 4 {
				t.Errorf("unknown: %v", got.Unknown)
			}
		})
	}
}

// TestScansAsk: Inspector is asked for packages of this one instance, in the documented form.
func TestScansAsk(t *testing.T) {
	var mu sync.Mutex
	var bodies []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/coverage/list" {
			fmt.Fprintf(w, instances, "running")
			return
		}
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, string(body))
		fmt.Fprint(w, map[int]string{1: `{"coveredResources":[],"nextToken":"more"}`, 2: `{"coveredResources":[]}`}[len(bodies)])
	}))
	defer srv.Close()
	cfg := answers(t, nil)
	cfg.BaseEndpoint, cfg.HTTPClient = aws.String(srv.URL), srv.Client()
	must[resource.Resource](t)(of(t, resource.InstanceScan).Read(t.Context(), cfg, resource.Ref{Type: resource.InstanceScan, Account: "111122223333", Region: "eu-central-1", ID: "i-0a1b2c3d4e5f60718"}))
	want := `"filterCriteria":{"resourceId":[{"comparison":"EQUALS","value":"i-0a1b2c3d4e5f60718"}],"resourceType":[{"comparison":"EQUALS","value":"AWS_EC2_INSTANCE"}],"scanType":[{"comparison":"EQUALS","value":"PACKAGE"}]}`
	if len(bodies) != 2 || !strings.Contains(bodies[0], want) || !strings.Contains(bodies[1], `"nextToken":"more"`) {
		t.Errorf("asked: %s", bodies)
	}
}

// TestRootFeatures: what IAM does about the root users of members; off is not denied.
func TestRootFeatures(t *testing.T) {
	const answer = `<ListOrganizationsFeaturesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListOrganizationsFeaturesResult><OrganizationId>o-exampleorg1</OrganizationId>` +
		`<EnabledFeatures>%s</EnabledFeatures></ListOrganizationsFeaturesResult></ListOrganizationsFeaturesResponse>`
	for name, c := range map[string]struct {
		answer string
		want   []any
	}{
		"both":   {fmt.Sprintf(answer, "<member>RootCredentialsManagement</member><member>RootSessions</member>"), []any{"RootCredentialsManagement", "RootSessions"}},
		"none":   {fmt.Sprintf(answer, ""), []any{}},
		"denied": {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			by := map[string]string{"DescribeOrganization": `{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111122223333","FeatureSet":"ALL"}}`}
			if c.answer != "" {
				by["ListOrganizationsFeatures"] = c.answer
			}
			got := must[resource.Resource](t)(told(t, resource.Organization, watch("111122223333")).Read(t.Context(), answers(t, by), resource.Ref{Type: resource.Organization, Account: "111122223333", ID: "o-exampleorg1"}))
			list, _ := got.Properties["RootFeatures"].([]any)
			denied := slices.ContainsFunc(got.Unknown, func(u resource.Unknown) bool {
				return u.Path == "properties.RootFeatures" && u.Code == fault.Denied
			})
			if !slices.Equal(list, c.want) || denied != (c.want == nil) {
				t.Errorf("got %v, %v", got.Properties, got.Unknown)
			}
		})
	}
}
