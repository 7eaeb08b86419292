package api

import (
	"crypto/tls"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/telemetry"
)

const directoryToken = "made-up-token-of-the-directory-0123456789"

// secure is a house behind a listener with TLS, as it stands behind a proxy.
func secure(t *testing.T) *town {
	t.Helper()
	var to *url.URL
	front := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}, FlushInterval: -1})
	t.Cleanup(front.Close)
	w := settleWith(t, func(c *config.Config) {
		c.Auth.URL, c.SCIM.Token = front.URL, telemetry.Secret(directoryToken)
	})
	to, _ = url.Parse(w.at)
	w.at, w.name = front.URL, "__Host-jobzero"
	w.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: front.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12}}
	return w
}

// links are the addresses that a page leads to, and forms those that it sends something to.
var (
	links = regexp.MustCompile(`(?:href|src|hx-get)="(/[^"]*)"`)
	forms = regexp.MustCompile(`<form[^>]+method="post"[^>]+action="(/[^"]*)"|<form[^>]+action="(/[^"]*)"[^>]+method="post"`)
)

// crawl follows every link of the console, each kind of page some times, and gives the pages and what their forms send to.
func (w *town) crawl(who string) (pages, sends []string) {
	seen, times := map[string]bool{}, map[string]int{}
	next := []string{"/", "/keys", "/nothing", "/tickets/none"}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		kind := regexp.MustCompile(`=[^&]*|01[A-Z]+-[a-z]+|\?[0-9a-f]{6,}`).ReplaceAllString(path, "")
		if seen[path] || times[kind] >= 2 || strings.HasPrefix(path, "/auth/leave") {
			continue
		}
		seen[path] = true
		times[kind]++
		pages = append(pages, path)
		text := string(w.ask(who, http.MethodGet, path, "", "Accept", "text/html").body)
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			next = append(next, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
		for _, m := range forms.FindAllStringSubmatch(text, -1) {
			if to := m[1] + m[2]; !slices.Contains(sends, to) {
				sends = append(sends, to)
			}
		}
	}
	return pages, sends
}

// TestEveryAnswerOfEveryDoorPassesTheScan asks every route of the API, every page of the console and what its forms send to, what directories ask,
// the pages for signing in and for machines, and the stream of changes: as everybody, by https.
func TestEveryAnswerOfEveryDoorPassesTheScan(t *testing.T) {
	w := secure(t)
	asked := 0
	look := func(what, path string, got reply) {
		t.Helper()
		asked++
		for _, id := range inspect(seen{what, path, true, got}) {
			at := slices.IndexFunc(rules, func(r rule) bool { return r.id == id })
			t.Errorf("%s: %d breaks %s, %s: %v", what, got.status, id, rules[at].name, got.header)
		}
		headers(t, what, doorOf(path), got.header)
	}
	for _, r := range w.house.Rest().Routes() {
		for _, who := range []string{"nobody", "rita", "apu", "ada", "token"} {
			at := path(r.Path, "shop")
			if r.ID == "watch" {
				status, s, err := w.watch(who)
				if err != nil {
					t.Fatal(err)
				}
				look(r.ID+" as "+who, at, reply{status: status, header: s.header})
				_ = s.close()
				continue
			}
			for _, text := range []string{"", `{"reason":"a test"}`, `{`} {
				look(r.ID+" as "+who, at, w.ask(who, r.Method, at, text))
			}
		}
	}
	pages, sends := w.crawl("apu")
	for _, want := range []string{"/tickets", "/runs", "/expectations", "/road", "/playbooks", "/oncall"} {
		if !slices.Contains(pages, want) {
			t.Errorf("no link of the console leads to %s: %v", want, pages)
		}
	}
	for _, p := range pages {
		for _, who := range []string{"nobody", "rita", "apu"} {
			look("GET "+p+" as "+who, strings.SplitN(p, "?", 2)[0], w.ask(who, http.MethodGet, p, "", "Accept", "text/html"))
		}
	}
	if len(sends) < 4 {
		t.Errorf("the console has forms to %v only", sends)
	}
	for _, p := range append(sends, "/auth/link") {
		look("POST "+p, p, w.post(p, url.Values{}, "Cookie", w.name+"=session of apu"))
		look("POST "+p+" as nobody", p, w.post(p, url.Values{}))
	}
	for _, p := range []string{"/healthz", "/readyz", "/metrics", "/auth", "/auth/start", "/auth/callback", "/auth/link/x", "/api/v1/nothing", "/api/v1/openapi.yaml"} {
		look("GET "+p, p, w.ask("nobody", http.MethodGet, p, "", "Accept", "text/html"))
	}
	for _, p := range []string{"Users", "Users/none", "Groups", "Groups/none", "ServiceProviderConfig", "ResourceTypes", "Schemas", "Bulk", "nothing"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			for _, token := range []string{"", directoryToken} {
				at := "/scim/v2/" + p
				look(method+" "+at, at, w.ask("nobody", method, at, "{}", "Authorization", "Bearer "+token, "Content-Type", "application/scim+json"))
			}
		}
	}
	t.Logf("%d answers, %d pages of the console, %d rules", asked, len(pages), len(rules))
}

// TestTheSessionStaysOnHTTPS signs in over a real listener with TLS, with the cookies of a browser: the name of the cookie keeps it to this host and
// to https, browsers are told to come by https from now on, and the other name opens nothing.
func TestTheSessionStaysOnHTTPS(t *testing.T) {
	w := secure(t)
	in := w.post("/auth/link", url.Values{"secret": {w.link(time.Now())}}, "Origin", w.at)
	cookie := in.header.Get("Set-Cookie")
	if in.status != http.StatusSeeOther || !strings.HasPrefix(cookie, "__Host-jobzero=") || strings.Contains(strings.ToLower(cookie), "domain") {
		t.Fatalf("%d, cookie %q", in.status, cookie)
	}
	for _, want := range []string{"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} {
		if !slices.Contains(strings.Split(cookie, "; "), want) {
			t.Errorf("the cookie is %q, without %s", cookie, want)
		}
	}
	if got := in.header.Get("Strict-Transport-Security"); got != "max-age=31536000; includeSubDomains" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Jar = jar
	w.post("/auth/link", url.Values{"secret": {w.link(time.Now())}})
	if got := w.ask("nobody", http.MethodGet, "/api/v1/whoami", ""); got.status != http.StatusOK {
		t.Errorf("with the cookies of a browser: %d", got.status)
	}
	w.Jar = nil
	value, _, _ := strings.Cut(strings.TrimPrefix(cookie, "__Host-"), ";")
	if got := w.ask("nobody", http.MethodGet, "/api/v1/whoami", "", "Cookie", value); got.status != http.StatusUnauthorized {
		t.Errorf("under the name that any host of the domain may set: %d", got.status)
	}
}
