package webhook

import (
	"encoding/base64"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is one address that may be posted to.
type Config struct {
	Name    string           `yaml:"name"`    // by which playbooks and channels call it
	URL     telemetry.Secret `yaml:"url"`     // https://…; often it holds a secret of its own
	Secret  telemetry.Secret `yaml:"secret"`  // that requests are signed with: whsec_ and Base64, as Standard Webhooks has it
	Former  telemetry.Secret `yaml:"former"`  // the secret of before: requests are signed with both until the other side knows the new one
	Timeout time.Duration    `yaml:"timeout"` // for the whole answer; 10s where it is zero
	// Private says that the address is meant to be inside: private and own addresses are let through, and http without TLS.
	Private bool `yaml:"private"`
}

// The limits of a wait: the leg that posts has other work.
const (
	patience, mostPatience = 10 * time.Second, time.Minute
	// leastSecret is what Standard Webhooks asks for, in bytes (standard-webhooks/standard-webhooks, spec/standard-webhooks.md: 24 to 64).
	leastSecret, mostSecret = 24, 64
	secretPrefix            = "whsec_"
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Validate names the first thing that is wrong, with its key. The secret is not repeated, nor is the address, which often holds one.
func (c Config) Validate() error {
	u, err := url.Parse(c.URL.Reveal())
	switch {
	case !nameForm.MatchString(c.Name):
		return fault.New(fault.Invalid, "name: %q: want small letters, digits and hyphens", c.Name)
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || !slices.Contains([]string{"http", "https"}, u.Scheme):
		return fault.New(fault.Invalid, "url: want https://HOST/PATH, without a name and a password in it")
	case u.Scheme == "http" && !c.Private:
		return fault.New(fault.Invalid, "url: http can be read on the way: use https, or private: true for an address inside")
	case c.Timeout < 0 || c.Timeout > mostPatience:
		return fault.New(fault.Invalid, "timeout: %s: want up to %s", c.Timeout, mostPatience)
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil {
		if why := barred(a, c.Private); why != "" {
			return fault.New(fault.Invalid, "url: %s", why)
		}
	}
	_, err = c.keys()
	return err
}

// keys are the bytes of the secrets that requests are signed with.
func (c Config) keys() (out [][]byte, err error) {
	key, err := decoded("secret", c.Secret)
	if err != nil {
		return nil, err
	}
	out = append(out, key)
	if c.Former != "" {
		if key, err = decoded("former", c.Former); err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, nil
}

func decoded(name string, s telemetry.Secret) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Reveal(), secretPrefix))
	if err != nil || len(key) < leastSecret || len(key) > mostSecret {
		return nil, fault.New(fault.Invalid, "%s: want whsec_ and Base64 of %d to %d bytes: make one with `echo whsec_$(openssl rand -base64 32)`", name, leastSecret, mostSecret)
	}
	return key, nil
}

func (c Config) patience() time.Duration {
	if c.Timeout == 0 {
		return patience
	}
	return c.Timeout
}

// own are the addresses at which a cloud tells a machine its credentials: nobody posts there, whatever is set. Those of EC2 are
// link-local (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html), which all are barred; this one is not.
var own = netip.MustParsePrefix("fd00:ec2::/32")

// hidden are networks that hold an IPv4 address, or belong to nobody outside: RFC 6598, RFC 6052, RFC 3056, RFC 4380.
var hidden = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("240.0.0.0/4"),
}

// barred says why an address is not to be spoken to; empty: it may be.
func barred(a netip.Addr, private bool) string {
	a = a.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	switch {
	case a.IsLinkLocalUnicast() || in(own) || a.IsMulticast() || a.IsUnspecified():
		return a.String() + " is where machines are told their credentials, or nobody's: it is never posted to"
	case !private && (a.IsPrivate() || a.IsLoopback() || slices.ContainsFunc(hidden, in)):
		return a.String() + " is inside: private: true lets it through"
	}
	return ""
}

// checkDial refuses by the address that a name has come to, at the moment of connecting: a name may come to another one each time.
func (c Config) checkDial(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fault.Wrap(fault.Denied, err, "webhook %s", c.Name)
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return fault.Wrap(fault.Denied, err, "webhook %s", c.Name)
	}
	if why := barred(a, c.Private); why != "" {
		return fault.New(fault.Denied, "webhook %s: %s", c.Name, why)
	}
	return nil
}
