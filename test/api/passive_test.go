package api

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// seen is one answer with what was asked, as a passive scanner sees it.
type seen struct {
	what   string
	path   string
	secure bool // it came by https
	reply
}

func (s seen) html() bool { return strings.HasPrefix(s.header.Get("Content-Type"), "text/html") }

// rule is one passive rule of the baseline scan of OWASP ZAP, by its number (zaproxy.org/docs/alerts), written anew: what it finds wrong,
// and what it would find wrong of a good answer when spoil has been at it.
type rule struct {
	id    string
	name  string
	wrong func(s seen) bool
	spoil func(s *seen)
}

// strip takes a header away, and set puts another one in its place.
func strip(names ...string) func(*seen) {
	return func(s *seen) {
		for _, n := range names {
			s.header.Del(n)
		}
	}
}

func set(name, value string) func(*seen) {
	return func(s *seen) { s.header.Set(name, value) }
}

func lacks(name string) func(seen) bool {
	return func(s seen) bool { return s.header.Get(name) == "" }
}

func has(names ...string) func(seen) bool {
	return func(s seen) bool {
		for _, n := range names {
			if s.header.Get(n) != "" {
				return true
			}
		}
		return false
	}
}

// flag is wrong where a cookie is set without something.
func flag(word string) func(seen) bool {
	return func(s seen) bool {
		for _, c := range s.header.Values("Set-Cookie") {
			if !strings.Contains(c, word) {
				return true
			}
		}
		return false
	}
}

var (
	// elsewhere is a script, a style or a picture of another address.
	elsewhere = regexp.MustCompile(`(?i)<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//`)
	broken    = regexp.MustCompile(`(?i)goroutine \d+|runtime error|panic:|sql: |sqlite|SQLSTATE|\.go:\d+`)
	plainForm = regexp.MustCompile(`(?i)<form[^>]+action="http:`)
)

func csp(word string, has bool) func(seen) bool {
	return func(s seen) bool { return strings.Contains(s.header.Get("Content-Security-Policy"), word) == has }
}

// immutable is how files of ours are kept whose address holds their hash.
const immutable = "public, max-age=31536000, immutable"

// rules are those that look at answers. Left out are those about what is not here: versions of libraries (test/vendored.sh has their checksums), Java,
// ASP.NET view states, and informational ones.
var rules = []rule{
	{"10010", "cookie without HttpOnly", flag("HttpOnly"), set("Set-Cookie", "a=b; Secure; SameSite=Lax")},
	{"10011", "cookie without Secure", func(s seen) bool { return s.secure && flag("Secure")(s) }, set("Set-Cookie", "a=b; HttpOnly; SameSite=Lax")},
	{"10015", "cache control of what is private", func(s seen) bool {
		c := s.header.Get("Cache-Control")
		return c != "no-store" && c != "private, no-cache" && (c != immutable || doorOf(s.path) != files)
	}, strip("Cache-Control")},
	{"10017", "script of another site", func(s seen) bool { return s.html() && elsewhere.Match(s.body) }, body(`<script src="https://example.com/a.js">`)},
	{"10019", "no Content-Type", func(s seen) bool { return len(s.body) > 0 && lacks("Content-Type")(s) }, strip("Content-Type")},
	{"10020", "framed by others", func(s seen) bool { return s.header.Get("X-Frame-Options") != "DENY" }, strip("X-Frame-Options")},
	{"10020-2", "framed by others, as newer browsers ask", csp("frame-ancestors 'none'", false), set("Content-Security-Policy", "default-src 'none'")},
	{"10021", "types are guessed", func(s seen) bool { return s.header.Get("X-Content-Type-Options") != "nosniff" }, strip("X-Content-Type-Options")},
	{"10023", "the inside of an error", func(s seen) bool { return broken.Match(s.body) }, body("panic: runtime error")},
	{"10035", "no Strict-Transport-Security", func(s seen) bool { return s.secure && lacks("Strict-Transport-Security")(s) }, strip("Strict-Transport-Security")},
	{"10036", "the server says what it is", has("Server"), set("Server", "Go")},
	{"10037", "the server says what it is made with", has("X-Powered-By"), set("X-Powered-By", "Go")},
	{"10038", "no policy for content", lacks("Content-Security-Policy"), strip("Content-Security-Policy")},
	{"10039", "the server says what is behind it", has("X-Backend-Server"), set("X-Backend-Server", "a")},
	{"10040", "plain forms and pictures in a secure page", func(s seen) bool { return s.secure && plainForm.Match(s.body) }, body(`<form action="http://example.com">`)},
	{"10052", "the server's log in a header", has("X-ChromeLogger-Data", "X-ChromePhp-Data"), set("X-ChromeLogger-Data", "a")},
	{"10054", "cookie without SameSite", flag("SameSite"), set("Set-Cookie", "a=b; Secure; HttpOnly")},
	{"10055", "a policy that allows inline scripts", csp("unsafe", true), set("Content-Security-Policy", "default-src 'unsafe-inline'; frame-ancestors 'none'")},
	{"10055-4", "a policy that allows everything", csp("*", true), set("Content-Security-Policy", "default-src *; frame-ancestors 'none'")},
	{"10055-13", "a page whose base or forms may lead elsewhere", func(s seen) bool {
		return s.html() && s.status < 300 && (csp("base-uri 'none'", false)(s) || csp("form-action 'self'", false)(s))
	}, set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")},
	{"10056", "a token for debugging", has("X-Debug-Token"), set("X-Debug-Token", "a")},
	{"10061", "the version of ASP.NET", has("X-AspNet-Version", "X-AspNetMvc-Version"), set("X-AspNet-Version", "4")},
	{"10062", "addresses kept by others' referrers", func(s seen) bool {
		r := s.header.Get("Referrer-Policy")
		return r != "no-referrer" && r != "same-origin"
	}, strip("Referrer-Policy")},
	{"10063", "no Permissions-Policy", lacks("Permissions-Policy"), strip("Permissions-Policy")},
	{"10098", "other sites may read", has("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"), set("Access-Control-Allow-Origin", "*")},
	{"10105", "a password asked for by the browser", func(s seen) bool { return strings.Contains(s.header.Get("WWW-Authenticate"), "Basic") }, set("WWW-Authenticate", "Basic")},
	{"90004", "not kept apart from other sites", func(s seen) bool {
		return s.header.Get("Cross-Origin-Opener-Policy") != "same-origin" || s.header.Get("Cross-Origin-Resource-Policy") != "same-origin"
	}, strip("Cross-Origin-Resource-Policy")},
	{"90022", "an error of ours", func(s seen) bool { return s.status >= 500 && s.status != http.StatusNotImplemented }, func(s *seen) { s.status = 500 }},
}

func body(text string) func(*seen) {
	return func(s *seen) { s.body = []byte(text) }
}

// inspect holds an answer against all rules, and gives the numbers of those that it breaks.
func inspect(s seen) (broken []string) {
	for _, r := range rules {
		if r.wrong(s) {
			broken = append(broken, r.id)
		}
	}
	return broken
}

// TestEveryRuleCatches spoils a good answer once for each rule: a rule that cannot fail proves nothing.
func TestEveryRuleCatches(t *testing.T) {
	good := func() seen {
		h := http.Header{}
		for k, v := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
			"Strict-Transport-Security": "max-age=1", "Referrer-Policy": "no-referrer", "Permissions-Policy": "camera=()", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Set-Cookie": "a=b; Secure; HttpOnly; SameSite=Lax",
			"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		} {
			h.Set(k, v)
		}
		return seen{path: "/", secure: true, reply: reply{http.StatusOK, h, []byte("<p>")}}
	}
	if found := inspect(good()); len(found) > 0 {
		t.Fatalf("a good answer breaks %v", found)
	}
	for _, r := range rules {
		s := good()
		r.spoil(&s)
		if !r.wrong(s) {
			t.Errorf("%s (%s) finds nothing wrong with what was spoilt", r.id, r.name)
		}
	}
}
