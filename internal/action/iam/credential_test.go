package iam_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/action"
	"jobzero/internal/action/iam"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// TestServiceCredential holds the action against the API as it is documented: the emulator has no service-specific credentials, so that
// this is a test of contract and not of behaviour.
func TestServiceCredential(t *testing.T) {
	status, writes := "Active", 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.FormValue("Action") {
		case "GetUser":
			fmt.Fprint(w, `<GetUserResponse><GetUserResult><User><UserName>ana</UserName><Arn>arn:aws:iam::111122223333:user/shop/ana</Arn></User></GetUserResult></GetUserResponse>`)
		case "ListServiceSpecificCredentials":
			fmt.Fprintf(w, `<ListServiceSpecificCredentialsResponse><ListServiceSpecificCredentialsResult><ServiceSpecificCredentials><member><UserName>ana</UserName><Status>%s</Status>`+
				`<ServiceSpecificCredentialId>ACCA1</ServiceSpecificCredentialId></member></ServiceSpecificCredentials></ListServiceSpecificCredentialsResult></ListServiceSpecificCredentialsResponse>`, status)
		case "UpdateServiceSpecificCredential":
			if r.FormValue("UserName") != "ana" || r.FormValue("ServiceSpecificCredentialId") != "ACCA1" {
				t.Errorf("asked for %v", r.Form)
			}
			status, writes = r.FormValue("Status"), writes+1
			fmt.Fprint(w, `<UpdateServiceSpecificCredentialResponse/>`)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(srv.Close)
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}
	s := action.Session{Reader: cfg, Responder: cfg}
	var a action.Action
	for _, x := range iam.Credentials() {
		if x.Info().ID == "iam.deactivate-service-credential" {
			a = x
		}
	}
	ctx, to := t.Context(), effect.Target{Ref: resource.Ref{Type: resource.ServiceCredential, Account: "111122223333", ID: "ana/ACCA1"}}
	p, err := a.Plan(ctx, s, to)
	if err != nil || len(p.Calls) != 1 || p.Calls[0].Resource != "arn:aws:iam::111122223333:user/shop/ana" || writes != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	for i, step := range []struct {
		do    func() (effect.Result, error)
		want  string
		calls int
	}{
		{func() (effect.Result, error) { return a.Do(ctx, s, p) }, "Inactive", 1},
		{func() (effect.Result, error) { return a.Do(ctx, s, p) }, "Inactive", 1},
		{func() (effect.Result, error) { return a.Undo(ctx, s, p) }, "Active", 2},
	} {
		if _, err := step.do(); err != nil || status != step.want || writes != step.calls {
			t.Errorf("step %d: %s after %d writes, %v", i, status, writes, err)
		}
		if c, err := a.Verify(ctx, s, p); err != nil || c.Unknown || c.Holds != (step.want == "Inactive") {
			t.Errorf("step %d: %+v, %v", i, c, err)
		}
	}
	q := p
	q.Target.Ref.ID = "bo/ACCA1"
	if _, err := a.Do(ctx, s, q); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "another") {
		t.Errorf("a plan for somebody else: %v", err)
	}
}
