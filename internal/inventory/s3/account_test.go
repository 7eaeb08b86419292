package s3_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"jobzero/internal/fault"
	"jobzero/internal/inventory/s3"
	"jobzero/internal/resource"
)

// TestAccountBlockBadDay: only the word of the API that there is no block means four times false.
func TestAccountBlockBadDay(t *testing.T) {
	ref := resource.Ref{Type: resource.AccountPublicAccess, Account: "111122223333", ID: "111122223333"}
	for name, c := range map[string]struct {
		status  int
		body    string
		unknown bool
		fault   fault.Code
	}{
		"none":     {404, `<ErrorResponse><Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error></ErrorResponse>`, false, ""},
		"empty":    {200, ``, true, ""},
		"half":     {200, `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>`, false, fault.Unavailable},
		"bare 404": {404, `<html>`, false, fault.Unavailable},
		"denied":   {403, ``, false, fault.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(srv.Close)
			client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) { // s3control puts the account before the host
				return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
			}}}
			t.Cleanup(client.CloseIdleConnections)
			got, err := s3.AccountBlocks{}.Read(t.Context(), aws.Config{
				Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), HTTPClient: client, RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "s", ""),
			}, ref)
			if (err == nil) != (c.fault == "") || (err != nil && !fault.Is(err, c.fault)) || (len(got.Unknown) > 0) != c.unknown || got.Gone {
				t.Errorf("got %+v, %v", got, err)
			}
			if name == "none" && got.Properties["BlockPublicAcls"] != false {
				t.Errorf("got %+v", got)
			}
		})
	}
	ref.ID = "444455556666"
	if _, err := (s3.AccountBlocks{}).Read(t.Context(), aws.Config{}, ref); !fault.Is(err, fault.Invalid) {
		t.Errorf("another account: %v", err)
	}
}
