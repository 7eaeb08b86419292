package auth

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is how people sign in. Without OIDC only one-time links let anybody in, and the door has to be on the loopback.
type Config struct {
	URL     string        `yaml:"url"`     // as browsers reach the door: https://jobzero.example.com
	Proxies []string      `yaml:"proxies"` // addresses or networks of what stands before the door and tells where requests come from
	OIDC    OIDC          `yaml:"oidc"`
	Roles   []Grant       `yaml:"roles"`
	Idle    time.Duration `yaml:"idle"`    // a session that nobody uses for so long ends
	Longest time.Duration `yaml:"longest"` // however much it is used
}

// OIDC is the provider of OpenID Connect.
type OIDC struct {
	Issuer     string           `yaml:"issuer"`
	ClientID   string           `yaml:"client_id"`
	Secret     telemetry.Secret `yaml:"client_secret"` // empty: a public client, by PKCE alone
	Scopes     []string         `yaml:"scopes"`        // besides openid
	Person     string           `yaml:"person"`        // the claim that says who it is: email, or one with the ID of org.yaml
	Groups     string           `yaml:"groups"`        // the claim with the groups
	TrustEmail bool             `yaml:"trust_email"`   // the provider does not say email_verified, and nobody can choose an address there
}

// Grant gives a role to groups of the provider, to people of org.yaml, or to everybody who can sign in.
type Grant struct {
	Role     Role     `yaml:"role"`
	Groups   []string `yaml:"groups"`
	People   []string `yaml:"people"`
	Everyone bool     `yaml:"everyone"`
}

// DefaultConfig is what nobody has to say.
func DefaultConfig() Config {
	return Config{
		OIDC: OIDC{Scopes: []string{"email", "profile"}, Person: "email", Groups: "groups"},
		Idle: 8 * time.Hour, Longest: 24 * time.Hour,
	}
}

// Ready reports whether people can sign in by themselves.
func (c Config) Ready() bool { return c.OIDC.Issuer != "" }

// TLS reports whether browsers reach the door by https.
func (c Config) TLS() bool { return strings.HasPrefix(c.URL, "https://") }

// Validate says what is wrong first.
func (c Config) Validate() error {
	if c.URL != "" && !origin(c.URL) {
		return fault.New(fault.Invalid, "url: %q: want scheme and host, such as https://jobzero.example.com", c.URL)
	}
	if _, err := networks(c.Proxies); err != nil {
		return err
	}
	if err := c.checkOIDC(); err != nil {
		return err
	}
	for _, g := range c.Roles {
		switch {
		case g.Role == OwnerOfTeam:
			return fault.New(fault.Invalid, "roles: nobody is given %s here: org.yaml says who is in which team", g.Role)
		case !slices.Contains(Roles(), g.Role):
			return fault.New(fault.Invalid, "roles: %q is no role: want one of %s", g.Role, words(Roles()))
		case len(g.Groups)+len(g.People) == 0 && !g.Everyone:
			return fault.New(fault.Invalid, "roles: %s is given to nobody: name groups or people, or say everyone", g.Role)
		case g.Everyone && g.Role != Reporter && g.Role != Viewer:
			return fault.New(fault.Invalid, "roles: %s is not for everyone: name groups or people", g.Role)
		}
	}
	if c.Idle < time.Minute || c.Longest < c.Idle || c.Longest > 31*24*time.Hour {
		return fault.New(fault.Invalid, "idle: %s with longest %s: want 1m or more, not more than longest, and that at most 744h", c.Idle, c.Longest)
	}
	return nil
}

func (c Config) checkOIDC() error {
	o := c.OIDC
	if o.Issuer == "" {
		return nil
	}
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return fault.New(fault.Invalid, "oidc.issuer: %q: want an https URL", o.Issuer)
	case o.ClientID == "":
		return fault.New(fault.Invalid, "oidc.client_id: is empty: want the name by which the provider knows jobzero")
	case c.URL == "":
		return fault.New(fault.Invalid, "url: is empty: the provider has to know where to send people back, such as https://jobzero.example.com")
	case !c.TLS() && !loopbackURL(c.URL):
		return fault.New(fault.Invalid, "url: %q: want https, because cookies travel there", c.URL)
	case o.Person == "":
		return fault.New(fault.Invalid, "oidc.person: is empty: want the claim that says who it is, such as email")
	}
	return nil
}

func origin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && strings.TrimSuffix(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
}

func loopbackURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && loopback(u.Hostname())
}

// loopback reports whether only this machine reaches a host.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Loopback reports whether only this machine reaches an address, host:port.
func Loopback(listen string) bool {
	host := listen
	if i := strings.LastIndexByte(listen, ':'); i >= 0 {
		host = listen[:i]
	}
	return loopback(strings.Trim(host, "[]"))
}

func networks(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, bad := netip.ParseAddr(text); bad == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "proxies: %q: want an address or a network such as 10.0.0.0/8", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func words[S ~string](list []S) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}
