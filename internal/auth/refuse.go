package auth

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Refuse says no, in the form that the caller reads: a line for people, problem+json (RFC 9457) for programs.
func Refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": why}) // the caller has gone
		return
	}
	http.Error(w, why, status)
}

// signInFirst sends a person to the page for signing in, and back afterwards. A page's own request (htmx) has the whole page go there.
func signInFirst(w http.ResponseWriter, r *http.Request) {
	const page = "/auth"
	switch {
	case r.Header.Get("HX-Request") != "":
		w.Header().Set("HX-Redirect", page)
		Refuse(w, r, http.StatusUnauthorized, "sign in first")
	case (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html"):
		http.Redirect(w, r, page+"?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	default:
		w.Header().Set("WWW-Authenticate", `Bearer realm="jobzero"`)
		Refuse(w, r, http.StatusUnauthorized, "sign in first, or show a token: Authorization: Bearer …")
	}
}

// within is a place of this door to go on to, the front page when what is asked for is anything else.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}
