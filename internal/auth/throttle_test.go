package auth

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestFailuresAreCountedForATime and forgotten after it.
func TestFailuresAreCountedForATime(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	th := newThrottle()
	for i := range 3 {
		if w := th.wait("a", 3, now); w != 0 {
			t.Errorf("after %d failures: wait %s", i, w)
		}
		th.failed("a", now)
	}
	if w := th.wait("a", 3, now.Add(time.Minute)); w != failWindow-time.Minute {
		t.Errorf("wait %s", w)
	}
	if w := th.wait("b", 3, now); w != 0 {
		t.Errorf("somebody else: wait %s", w)
	}
	if w := th.wait("a", 3, now.Add(failWindow)); w != 0 {
		t.Errorf("afterwards: wait %s", w)
	}
	th.failed("a", now.Add(failWindow))
	if w := th.wait("a", 3, now.Add(failWindow)); w != 0 {
		t.Errorf("a new window: wait %s", w)
	}
}

// TestMemoryOfFailuresIsBounded: many names push out the oldest, and not those that go on failing.
func TestMemoryOfFailuresIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	th := newThrottle()
	for i := range 3 * throttleNames {
		th.failed(fmt.Sprint("stranger ", i), now)
		if i%1000 == 0 {
			th.failed("again and again", now)
		}
	}
	if len(th.byKey) != throttleNames || th.order.Len() != throttleNames {
		t.Errorf("%d names are remembered", len(th.byKey))
	}
	if th.wait("again and again", 20, now) == 0 {
		t.Error("who goes on failing was forgotten")
	}
}

// TestWhereARequestComesFrom believes proxies of the settings only, the nearest first.
func TestWhereARequestComesFrom(t *testing.T) {
	trusted, err := networks([]string{"10.0.0.0/8", "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{proxies: trusted}
	for _, c := range []struct{ peer, said, want, counted string }{
		{"198.51.100.9:1", "203.0.113.7", "198.51.100.9", "198.51.100.9"},
		{"10.1.2.3:1", "203.0.113.7", "203.0.113.7", "203.0.113.7"},
		{"10.1.2.3:1", "1.2.3.4, 203.0.113.7, 192.0.2.1", "203.0.113.7", "203.0.113.7"},
		{"10.1.2.3:1", "1.2.3.4, evil", "10.1.2.3", "10.1.2.3"},
		{"10.1.2.3:1", "", "10.1.2.3", "10.1.2.3"},
		{"[2001:db8:1:2:3::4]:1", "", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": {c.said}}}
		got := g.address(r)
		if got != c.want || source(got) != c.counted {
			t.Errorf("%s that says %q: %s, counted as %s", c.peer, c.said, got, source(got))
		}
	}
}

// TestSettingsThatLetTooManyIn are refused.
func TestSettingsThatLetTooManyIn(t *testing.T) {
	full := func(change func(*Config)) error {
		c := DefaultConfig()
		c.URL, c.OIDC.Issuer, c.OIDC.ClientID = "https://jobzero.example.com", "https://login.example.com", "jobzero"
		change(&c)
		return c.Validate()
	}
	if err := full(func(*Config) {}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"an approver is everybody":    func(c *Config) { c.Roles = []Grant{{Role: Approver, Everyone: true}} },
		"a role for nobody":           func(c *Config) { c.Roles = []Grant{{Role: Viewer}} },
		"no such role":                func(c *Config) { c.Roles = []Grant{{Role: "root", Everyone: true}} },
		"a team's role":               func(c *Config) { c.Roles = []Grant{{Role: OwnerOfTeam, People: []string{"mia"}}} },
		"cookies without TLS":         func(c *Config) { c.URL = "http://jobzero.example.com" },
		"a provider without TLS":      func(c *Config) { c.OIDC.Issuer = "http://login.example.com" },
		"no way back":                 func(c *Config) { c.URL = "" },
		"a path in the address":       func(c *Config) { c.URL = "https://example.com/jobzero" },
		"a session that never ends":   func(c *Config) { c.Longest = 1e6 * time.Hour },
		"a proxy that is none":        func(c *Config) { c.Proxies = []string{"everybody"} },
		"nobody says who it is":       func(c *Config) { c.OIDC.Person = "" },
		"a client without a name":     func(c *Config) { c.OIDC.ClientID = "" },
		"longer unused than it lasts": func(c *Config) { c.Idle = 48 * time.Hour },
	} {
		if full(change) == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for listen, want := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, ":8080": false, "0.0.0.0:1": false, "10.0.0.1:1": false, "[::]:1": false} {
		if Loopback(listen) != want {
			t.Errorf("%s: want %t", listen, want)
		}
	}
}
