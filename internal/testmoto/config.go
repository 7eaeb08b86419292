package testmoto

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"jobzero/internal/awsorg"
)

// accountHeader makes moto act in an account without the detour of an assumed role.
const accountHeader = "x-moto-account-id"

// Config is an SDK configuration that acts in the account; empty means moto's own default, 123456789012.
// Three attempts with a short back-off: what moto has not got answers 500, and a test wants to see that soon. Connections that were lost after a
// call was carried out were our own doing: see awsorg.Whole.
func (s *Server) Config(account string) aws.Config {
	c := aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(s.Endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", ""),
		HTTPClient:   s.client(),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff = 3, 50*time.Millisecond
			})
		},
	}
	if account != "" {
		c.APIOptions = append(c.APIOptions, func(stack *middleware.Stack) error {
			return smithyhttp.SetHeaderValue(accountHeader, account)(stack)
		})
	}
	return c
}

// client dials the emulator whatever the host name says (s3control puts the account before the host), and keeps no
// connection: moto closes idle ones under the client's feet, and leak checks stay clean.
func (s *Server) client() *http.Client {
	address := s.Endpoint
	if u, err := url.Parse(s.Endpoint); err == nil {
		address = u.Host
	}
	d := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{Transport: awsorg.Whole(&http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, address)
		},
	})}
}
