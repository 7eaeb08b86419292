package gate

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// The limits of what a call names.
const (
	maxPayload = 16 << 20 // bytes
	fetchTime  = 1500 * time.Millisecond
)

// bucketHost is a host of Amazon S3, with a bucket before it or not.
var bucketHost = regexp.MustCompile(`^([a-z0-9.-]+\.)?s3([.-](dualstack|fips|[a-z]{2}(-[a-z]+)+-[0-9]+))*\.amazonaws\.com(\.cn)?$`)

// Payload fetches the templates that calls name. Only Amazon S3 is asked, and those hosts that are named besides; a host that is a
// loopback address may be asked without encryption. Errors never have the address: whoever has it may read what is there.
type Payload struct {
	hosts  []string // host or host:port
	client *http.Client
}

// NewPayload makes one; hosts are those that may be asked besides Amazon S3. No proxy is used, whatever the environment says.
func NewPayload(hosts []string) *Payload {
	return &Payload{hosts, &http.Client{
		Timeout:       fetchTime,
		Transport:     &http.Transport{TLSHandshakeTimeout: fetchTime, MaxResponseHeaderBytes: 1 << 16, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Fetch gets what lies at an address.
func (p *Payload) Fetch(ctx context.Context, address string) ([]byte, error) {
	if err := p.may(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fault.New(fault.Invalid, "it is no address that can be asked")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "%v", bare(err))
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or is of no use
	if resp.StatusCode != http.StatusOK {
		return nil, fault.New(fault.Unavailable, "the answer is %d, want 200", resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxPayload+1))
	switch {
	case err != nil:
		return nil, fault.New(fault.Unavailable, "%v", bare(err))
	case len(data) > maxPayload:
		return nil, fault.New(fault.Invalid, "more than the limit of %d bytes", maxPayload)
	}
	return data, nil
}

// may says why an address is not asked.
func (p *Payload) may(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fault.New(fault.Invalid, "it is no address that can be read")
	}
	host := strings.ToLower(u.Hostname())
	named := slices.Contains(p.hosts, u.Host) || slices.Contains(p.hosts, host)
	ip := net.ParseIP(host)
	switch {
	case u.User != nil, u.Opaque != "":
		return fault.New(fault.Denied, "an address with a name in it, or without a host, is not asked")
	case u.Scheme != "https" && (u.Scheme != "http" || !named || ip == nil || !ip.IsLoopback()):
		return fault.New(fault.Denied, "it is not https")
	case !named && (!bucketHost.MatchString(host) || u.Port() != "" && u.Port() != "443"):
		return fault.New(fault.Denied, "its host is not one of Amazon S3: name it with --payload-host if it may be asked")
	}
	return nil
}

// bare is an error without the address.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
