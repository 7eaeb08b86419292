package cloudtrail_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/action"
	"jobzero/internal/action/cloudtrail"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// TestTrailsOfElsewhere holds the actions against the API as it is documented, because the emulator does not show a trail outside its home:
// a trail is shown in every region that it records and in every account of the organisation, and changed at home only.
func TestTrailsOfElsewhere(t *testing.T) {
	for home, want := range map[string]string{
		"us-east-1:111122223333": "",
		"eu-west-1:111122223333": "the trail belongs to region eu-west-1",
		"us-east-1:444455556666": "the trail is the organisation's, and belongs to account 444455556666",
	} {
		region, _, _ := strings.Cut(home, ":")
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetTrailStatus") {
				fmt.Fprint(w, `{"IsLogging":false}`)
				return
			}
			fmt.Fprintf(w, `{"Trail":{"Name":"main","TrailARN":"arn:aws:cloudtrail:%s:trail/main","HomeRegion":%q,"LogFileValidationEnabled":false}}`, home, region)
		}))
		t.Cleanup(srv.Close)
		s := action.Session{Reader: aws.Config{
			Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
		}}
		to := effect.Target{Ref: resource.Ref{Type: resource.Trail, Account: "111122223333", Region: "us-east-1", ID: "main"}}
		for _, a := range []action.Action{cloudtrail.StartLogging(), cloudtrail.ValidateLogs()} {
			p, err := a.Plan(t.Context(), s, to)
			if err != nil || !strings.HasPrefix(p.Refused, want) || (len(p.Calls) == 1) != (want == "") {
				t.Errorf("%s, home %s: %+v, %v; want refused %q", a.Info().ID, home, p, err, want)
			}
		}
	}
}
