package awsorg

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// wire is the one HTTP client of an Org.
type wire struct {
	client    *http.Client
	transport *http.Transport
	host      string // IP address of an emulator; empty for AWS
}

// The time-outs: an AWS API that has not begun to answer after answerWithin will not; the SDK tries again.
const (
	connectWithin = 5 * time.Second
	answerWithin  = 30 * time.Second
)

// newWire takes the transport that the SDK has made from the environment (proxy, AWS_CA_BUNDLE) and changes what we need.
func newWire(from *http.Transport) *wire {
	w := &wire{transport: from}
	dialer := &net.Dialer{Timeout: connectWithin, KeepAlive: 30 * time.Second}
	w.transport.ResponseHeaderTimeout = answerWithin
	w.transport.MaxIdleConnsPerHost = 32
	w.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, w.direct(address))
	}
	// AWS never redirects a signed call to where it should be followed blindly; S3's 301 is an error to us.
	w.client = &http.Client{Transport: Whole(w.transport), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return w
}

// pin remembers an endpoint that is an IP address. s3control puts the account before the host (111122223333.127.0.0.1),
// which no name server knows.
func (w *wire) pin(endpoint string) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		w.host = u.Hostname()
	}
}

// direct takes away what the SDK has put before a pinned host.
func (w *wire) direct(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || w.host == "" || !strings.HasSuffix(host, "."+w.host) {
		return address
	}
	return net.JoinHostPort(w.host, port)
}

func (w *wire) close() { w.transport.CloseIdleConnections() }
