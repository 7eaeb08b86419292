package oidc

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// claims are what the provider says of one of its people.
type claims map[string]any

// provider starts one with people and a client that may be sent back to an address, and gives its own address.
func provider(t *testing.T, people map[string]claims, callback string) string {
	t.Helper()
	script, err := filepath.Abs("../../bin/oidc/serve.mjs")
	if err == nil {
		_, err = os.Stat(script)
	}
	if err != nil && os.Getenv("JOBZERO_REQUIRE_CORPUS") != "" {
		t.Fatalf("there is no provider: %v; run make oidc", err)
	}
	if err != nil {
		t.Skip("there is no provider of OpenID Connect; make oidc brings it")
	}
	text, err := json.Marshal(map[string]any{"people": people, "clients": []any{map[string]any{
		"client_id": "jobzero", "client_secret": secret, "redirect_uris": []string{callback},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "node", script, string(text))
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(issuer)
}

const secret = "only-for-tests-and-nothing-else-at-all"

// browser is somebody with cookies who follows redirects.
type browser struct {
	t *testing.T
	*http.Client
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := browser{t, &http.Client{Jar: jar, Transport: &http.Transport{}}}
	t.Cleanup(b.CloseIdleConnections)
	return b
}

// page is where a browser is.
type page struct {
	status int
	at     *url.URL
	text   string
}

func (b browser) do(r *http.Request) page {
	b.t.Helper()
	r.Header.Set("Accept", "text/html")
	res, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.StatusCode, res.Request.URL, string(text)}
}

func (b browser) get(at string) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, at, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

var (
	action = regexp.MustCompile(`<form[^>]*action="([^"]+)"`)
	hidden = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"`)
)

// send fills in the form of a page.
func (b browser) send(p page, fields url.Values) page {
	b.t.Helper()
	m := action.FindStringSubmatch(p.text)
	if m == nil {
		b.t.Fatalf("no form at %s (%d): %s", p.at, p.status, p.text)
	}
	for _, h := range hidden.FindAllStringSubmatch(p.text, -1) {
		fields.Set(h[1], h[2])
	}
	to, err := p.at.Parse(m[1])
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, to.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.at.Scheme+"://"+p.at.Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// signIn goes from the house to the provider, says who it is and agrees, and comes back.
func (b browser) signIn(house, who, to string) page {
	b.t.Helper()
	p := b.get(house + "/auth/start?to=" + url.QueryEscape(to))
	p = b.send(p, url.Values{"login": {who}, "password": {"x"}})
	if strings.Contains(p.text, "consent") {
		p = b.send(p, url.Values{})
	}
	return p
}
