package testmoto

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Beside stands before the emulator and answers what it lacks: service-specific credentials of IAM, for which it has an error of its own
// only, and where a permission set of Identity Center has not been carried yet, for which it names every account. The answers have the form that the API documents (docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html);
// they are no emulation of what AWS does besides. Everything else it hands on.
type Beside struct {
	*Server // by which everything goes through it

	mu    sync.Mutex
	users map[string]map[string]string // the status of each credential of a user
	old   map[string]bool              // permission sets that have changed since they were carried into accounts
}

// NewBeside begins one that ends with the test.
func NewBeside(tb testing.TB, s *Server) *Beside {
	tb.Helper()
	to, err := url.Parse(s.Endpoint)
	if err != nil {
		tb.Fatal(err)
	}
	b := &Beside{users: map[string]map[string]string{}, old: map[string]bool{}}
	pass := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !b.answers(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(srv.Close)
	b.Server = &Server{Endpoint: srv.URL}
	return b
}

// SetService makes a service-specific credential of a user, or gives it another status.
func (b *Beside) SetService(user, id, status string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.users[user] == nil {
		b.users[user] = map[string]string{}
	}
	b.users[user][id] = status
}

// Service is the status of a credential, empty when there is none.
func (b *Beside) Service(user, id string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.users[user][id]
}

// carried keeps which permission sets are in their accounts as they are, and answers where they are not
// (docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountsForProvisionedPermissionSet.html).
func (b *Beside) carried(w http.ResponseWriter, r *http.Request, call string) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return true
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in struct{ PermissionSetArn, ProvisioningStatus string }
	if json.Unmarshal(body, &in) != nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch call {
	case "PutInlinePolicyToPermissionSet", "DeleteInlinePolicyFromPermissionSet":
		b.old[in.PermissionSetArn] = true
	case "ProvisionPermissionSet":
		b.old[in.PermissionSetArn] = false
	case "ListAccountsForProvisionedPermissionSet":
		if in.ProvisioningStatus == "LATEST_PERMISSION_SET_NOT_PROVISIONED" && !b.old[in.PermissionSetArn] {
			fmt.Fprint(w, `{"AccountIds":[]}`)
			return true
		}
	}
	return false
}

// answers answers a call that the emulator lacks.
func (b *Beside) answers(w http.ResponseWriter, r *http.Request) bool {
	if call, sso := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "SWBExternalService."); sso {
		return b.carried(w, r, call)
	}
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return true
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return false
	}
	user, id := form.Get("UserName"), form.Get("ServiceSpecificCredentialId")
	switch form.Get("Action") {
	case "ListServiceSpecificCredentials":
		b.list(w, user)
	case "UpdateServiceSpecificCredential":
		if b.Service(user, id) == "" {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no such credential</Message></Error></ErrorResponse>`)
			return true
		}
		b.SetService(user, id, form.Get("Status"))
		fmt.Fprint(w, `<UpdateServiceSpecificCredentialResponse><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></UpdateServiceSpecificCredentialResponse>`)
	default:
		return false
	}
	return true
}

func (b *Beside) list(w http.ResponseWriter, user string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprint(w, `<ListServiceSpecificCredentialsResponse><ListServiceSpecificCredentialsResult><ServiceSpecificCredentials>`)
	for id, status := range b.users[user] {
		fmt.Fprintf(w, `<member><UserName>%s</UserName><Status>%s</Status><ServiceUserName>%s-at</ServiceUserName><ServiceSpecificCredentialId>%s</ServiceSpecificCredentialId>`+
			`<ServiceName>codecommit.amazonaws.com</ServiceName><CreateDate>2026-01-02T03:04:05Z</CreateDate></member>`, user, cmp.Or(status, "Active"), user, id)
	}
	fmt.Fprint(w, `</ServiceSpecificCredentials><IsTruncated>false</IsTruncated></ListServiceSpecificCredentialsResult></ListServiceSpecificCredentialsResponse>`)
}
