package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzToken takes apart what strangers show: what comes out is short and can be looked for.
func FuzzToken(f *testing.F) {
	for _, s := range []string{"jobzero_01abc_secret", "jobzero__", "jobzero_a_b_c", "Bearer", "", strings.Repeat("jobzero_", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, secret, ok := parseToken(s)
		if ok && (id == "" || secret == "" || len(id) > 64 || len(secret) > 128 || tokenMark+id+"_"+secret != s) {
			t.Errorf("%q is %q and %q", s, id, secret)
		}
	})
}

// FuzzWithin goes on after signing in: a browser that follows what comes out stays at this door.
func FuzzWithin(f *testing.F) {
	for _, s := range []string{"/tickets?state=human#x", "//evil.example.net", `/\evil.example.net`, "https:evil", "/%2f/evil", "/a\nb", "/\t/evil.example.net", "javascript:alert(1)"} {
		f.Add(s)
	}
	door, _ := url.Parse("https://jobzero.example.com/auth/callback")
	f.Fuzz(func(t *testing.T, s string) {
		out := within(s)
		at, err := door.Parse(out)
		if err != nil || at.Host != door.Host || at.Scheme != door.Scheme || strings.HasPrefix(out, "//") || strings.ContainsAny(out, "\\\r\n\t") {
			t.Errorf("%q leads to %q, %v", s, out, err)
		}
	})
}

// FuzzAttempt reads the cookie of a sign-in, which may hold anything.
func FuzzAttempt(f *testing.F) {
	f.Add(attempt{"s", "n", "v", "/tickets"}.String())
	f.Add("..." + to64("/"))
	f.Add("a.b.c.%%%")
	f.Fuzz(func(t *testing.T, s string) {
		g := &Gate{}
		r := &http.Request{Header: http.Header{"Cookie": {(&http.Cookie{Name: g.attemptName(), Value: s}).String()}}}
		if a, ok := g.attempted(r); ok && (a.state == "" || a.nonce == "" || a.verifier == "" || within(a.to) != a.to) {
			t.Errorf("%q is %+v", s, a)
		}
	})
}

// FuzzForwarded finds out where a request comes from behind proxies, whatever the client writes into the header.
func FuzzForwarded(f *testing.F) {
	for _, s := range []string{"203.0.113.7", "1.2.3.4, 203.0.113.7", "evil, 10.0.0.2", "203.0.113.7, 10.0.0.2", "::1", ",,,", "fe80::1%eth0"} {
		f.Add(s)
	}
	trusted, err := networks([]string{"10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	g := &Gate{proxies: trusted}
	f.Fuzz(func(t *testing.T, s string) {
		r := &http.Request{RemoteAddr: "10.0.0.1:1234", Header: http.Header{"X-Forwarded-For": {s}}}
		if got := g.address(r); got == "" || len(got) > len(s)+len("10.0.0.1") {
			t.Errorf("%q comes from %q", s, got)
		}
		r.RemoteAddr = "198.51.100.9:1"
		if got := g.address(r); got != "198.51.100.9" {
			t.Errorf("a client that is no proxy is believed: %q", got)
		}
		_ = source(g.address(r))
	})
}
