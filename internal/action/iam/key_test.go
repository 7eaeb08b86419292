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

const (
	used   = `<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>%s</UserName></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>`
	nobody = `<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>The user with name %s cannot be found.</Message></Error></ErrorResponse>`
	listed = `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`
)

// session is an IAM that says whose the key is, and answers the list of that user's keys in one way.
func session(t *testing.T, user, list string) action.Session {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.FormValue("Action") == "GetAccessKeyLastUsed":
			fmt.Fprintf(w, used, user)
		case r.FormValue("Action") == "ListAccessKeys" && strings.HasPrefix(list, "<ErrorResponse>"):
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, list, user)
		case r.FormValue("Action") == "ListAccessKeys":
			fmt.Fprint(w, list)
		case r.FormValue("Action") == "GetUser":
			fmt.Fprintf(w, `<GetUserResponse><GetUserResult><User><UserName>%[1]s</UserName><Arn>arn:aws:iam::111122223333:user/%[1]s</Arn></User></GetUserResult></GetUserResponse>`, user)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(srv.Close)
	return action.Session{Reader: aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
	}}
}

// TestKeysThatAreNotGone: that IAM does not know a key's user must not make a key that still works gone.
func TestKeysThatAreNotGone(t *testing.T) {
	a := iam.DeactivateAccessKey()
	target := effect.Target{Ref: resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIAIOSFODNN7EXAMPLE"}}
	for name, c := range map[string]struct {
		user, list string
		refused    bool
		holds      bool
	}{
		"the root user":          {user: "&lt;root_account&gt;", list: nobody, refused: true},
		"the root user too":      {user: "root", list: nobody, refused: true},
		"a user nobody knows":    {user: "anna", list: nobody},
		"a user without the key": {user: "anna", list: listed, holds: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t, c.user, c.list)
			p, err := a.Plan(t.Context(), s, target)
			switch {
			case c.refused && (err != nil || p.Refused == ""), !c.refused && !c.holds && !fault.Is(err, fault.Unavailable), len(p.Calls) > 0, c.holds && p.Nothing == "":
				t.Errorf("plan: %+v, %v", p, err)
			}
			k, err := a.Verify(t.Context(), s, effect.Plan{Action: "iam.deactivate-access-key", Target: target})
			if err != nil || k.Holds != c.holds || k.Unknown == c.holds {
				t.Errorf("verify: %+v, %v; want holds %t", k, err, c.holds)
			}
		})
	}
}

const status = `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata><member><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><UserName>%s</UserName><Status>%s</Status></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`

// TestDoLooksOnceMore: what was planned for one user's key is not done to another's, nor to a key that jobzero calls with.
func TestDoLooksOnceMore(t *testing.T) {
	a := iam.DeactivateAccessKey()
	plan := effect.Plan{
		Action: "iam.deactivate-access-key",
		Target: effect.Target{Ref: resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIAIOSFODNN7EXAMPLE"}},
		Before: []byte(`{"User":"anna","ARN":"arn:aws:iam::111122223333:user/anna","Status":"Active"}`),
		Calls: []effect.Call{{
			Permission: "iam:UpdateAccessKey", Resource: "arn:aws:iam::111122223333:user/anna",
			Input: []byte(`{"UserName":"anna","AccessKeyId":"AKIAIOSFODNN7EXAMPLE","Status":"Inactive"}`),
		}},
	}
	if _, err := a.Do(t.Context(), session(t, "bert", fmt.Sprintf(status, "bert", "Active")), plan); !fault.Is(err, fault.Conflict) {
		t.Errorf("another user's key: %v", err)
	}
	own := session(t, "anna", fmt.Sprintf(status, "anna", "Active"))
	own.Own = []string{"AKIAIOSFODNN7EXAMPLE"}
	if _, err := a.Do(t.Context(), own, plan); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "jobzero itself") {
		t.Errorf("its own key: %v", err)
	}
	if p, err := a.Plan(t.Context(), own, plan.Target); err != nil || !strings.Contains(p.Refused, "jobzero itself") {
		t.Errorf("its own key, planned again: %+v, %v", p, err)
	}
	if p, err := a.Plan(t.Context(), session(t, "anna", fmt.Sprintf(status, "anna", "Suspended")), plan.Target); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "Suspended") {
		t.Errorf("a status of tomorrow: %+v, %v", p, err)
	}
}
