package iam_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/inventory/iam"
	"jobzero/internal/resource"
)

const (
	used   = `<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>%s</UserName></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>`
	nobody = `<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>The user with name anna cannot be found.</Message></Error></ErrorResponse>`
	key    = `<member><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><UserName>anna</UserName><Status>Active</Status></member>`
	listed = `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata>%s</AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`
)

// TestKeysThatAreNotGone: only a list of the user's keys without it makes a key gone, and what is not found of its user is
// unknown.
func TestKeysThatAreNotGone(t *testing.T) {
	ref := resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIAIOSFODNN7EXAMPLE"}
	for name, c := range map[string]struct {
		user, list string
		gone       bool
		unknown    []string
	}{
		"the root user":          {user: "&lt;root_account&gt;", list: nobody, unknown: []string{"properties", "related", "tags"}},
		"a user nobody knows":    {user: "root", list: nobody, unknown: []string{"properties", "related", "tags"}},
		"a user without the key": {user: "anna", list: fmt.Sprintf(listed, ""), gone: true},
		"a user that goes away":  {user: "anna", list: fmt.Sprintf(listed, key), unknown: []string{"related.last_used", "related.user", "related.user.AttachedPolicies", "related.user.InlinePolicyNames"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch a := r.FormValue("Action"); {
				case a == "GetAccessKeyLastUsed":
					fmt.Fprintf(w, used, c.user)
				case a == "ListAccessKeys" && !strings.HasPrefix(c.list, "<ErrorResponse>"):
					fmt.Fprint(w, c.list)
				default:
					w.WriteHeader(http.StatusNotFound)
					fmt.Fprint(w, nobody)
				}
			}))
			t.Cleanup(srv.Close)
			got, err := iam.AccessKeys{}.Read(t.Context(), aws.Config{
				Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: srv.Client(), RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("AKIAREADER0000000000", "s", ""),
			}, ref)
			if err != nil || got.Gone != c.gone {
				t.Fatalf("got %+v, %v", got, err)
			}
			var unknown []string
			for _, u := range got.Unknown {
				unknown = append(unknown, u.Path)
			}
			slices.Sort(unknown)
			if !slices.Equal(unknown, c.unknown) {
				t.Errorf("unknown: %q, want %q", unknown, c.unknown)
			}
		})
	}
}
