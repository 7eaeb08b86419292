package builtin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
)

// TestCoverageAnswers: what the services say in the documented shapes, of which the emulator has not all. Denied is never off.
func TestCoverageAnswers(t *testing.T) {
	refused := func(code, message string) string {
		return fmt.Sprintf(`{"__type":%q,"code":%q,"message":%q}`, code, code, message)
	}
	const analyzer = `{"analyzers":[{"arn":"arn:aws:access-analyzer:eu-central-1:111122223333:analyzer/a","name":"a","type":%q,"status":%q,"createdAt":"2026-01-02T03:04:05Z"}]}`
	for name, c := range map[string]struct {
		typ    resource.Type
		status int
		code   string // X-Amzn-ErrorType
		body   string
		want   any // Enabled; nil: unknown
		fault  fault.Code
	}{
		"analyzer":            {resource.AccessAnalyzerCoverage, 200, "", fmt.Sprintf(analyzer, "ACCOUNT", "ACTIVE"), true, ""},
		"organisation's":      {resource.AccessAnalyzerCoverage, 200, "", fmt.Sprintf(analyzer, "ORGANIZATION", "ACTIVE"), true, ""},
		"of unused access":    {resource.AccessAnalyzerCoverage, 200, "", fmt.Sprintf(analyzer, "ACCOUNT_UNUSED_ACCESS", "ACTIVE"), false, ""},
		"analyzer that broke": {resource.AccessAnalyzerCoverage, 200, "", fmt.Sprintf(analyzer, "ACCOUNT", "FAILED"), false, ""},
		"no analyzer":         {resource.AccessAnalyzerCoverage, 200, "", `{"analyzers":[]}`, false, ""},
		"analyzer denied":     {resource.AccessAnalyzerCoverage, 403, "AccessDeniedException", refused("AccessDeniedException", "no"), nil, ""},
		"macie off":           {resource.MacieCoverage, 403, "AccessDeniedException", refused("AccessDeniedException", "Macie is not enabled"), false, ""},
		"macie denied":        {resource.MacieCoverage, 403, "AccessDeniedException", refused("AccessDeniedException", "User is not authorized to perform: macie2:GetMacieSession"), nil, ""},
		"macie paused":        {resource.MacieCoverage, 200, "", `{"status":"PAUSED"}`, false, ""},
		"hub off":             {resource.SecurityHubCoverage, 401, "InvalidAccessException", refused("InvalidAccessException", "Account 111122223333 is not subscribed to AWS Security Hub"), false, ""},
		"hub denied":          {resource.SecurityHubCoverage, 403, "AccessDeniedException", refused("AccessDeniedException", "no"), nil, ""},
		"inspector off":       {resource.InspectorCoverage, 200, "", `{"accounts":[{"accountId":"111122223333","state":{"status":"DISABLED"}}]}`, false, ""},
		"inspector failed":    {resource.InspectorCoverage, 200, "", `{"accounts":[],"failedAccounts":[{"accountId":"111122223333","errorCode":"INTERNAL_ERROR","errorMessage":"x"}]}`, nil, fault.Unavailable},
		"detectors denied":    {resource.GuardDutyCoverage, 403, "AccessDeniedException", refused("AccessDeniedException", "no"), nil, ""},
		"recorders denied":    {resource.ConfigCoverage, 400, "AccessDeniedException", refused("AccessDeniedException", "no"), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.code != "" {
					w.Header().Set("X-Amzn-Errortype", c.code)
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			defer srv.Close()
			got, err := of(t, c.typ).Read(t.Context(), aws.Config{
				Region: "eu-central-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
			}, resource.Ref{Type: c.typ, Account: "111122223333", Region: "eu-central-1", ID: "111122223333"})
			if fault.CodeOf(err) != c.fault && (err != nil || c.fault != "") {
				t.Fatalf("got %v, %v", got.Properties, err)
			}
			if got.Properties["Enabled"] != c.want || got.Gone {
				t.Errorf("got %v, %v", got.Properties, got.Unknown)
			}
			if c.want == nil && c.fault == "" && (len(got.Unknown) == 0 || got.Unknown[0].Code != fault.Denied) {
				t.Errorf("denied: %+v", got.Unknown)
			}
		})
	}
}

func of(t *testing.T, typ resource.Type) inventory.Reader {
	t.Helper()
	for _, r := range builtin.Native() {
		if r.Type() == typ {
			return r
		}
	}
	t.Fatalf("no reader of %s", typ)
	return nil
}
