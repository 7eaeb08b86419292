package auth

import "net/http"

// This file is all that browsers are told beside the content: no room sets such a header of its own.
const (
	nothing = "default-src 'none'; frame-ancestors 'none'"
	// pagePolicy lets a page use files that this door serves and nothing else: no script or style in the page, no frame, no other address,
	// whatever a log says.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// Pages sets what a page for people needs; all other answers keep the policy that allows nothing.
func Pages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", pagePolicy)
		next.ServeHTTP(w, r)
	})
}

// Console sets what pages with forms that do something need, and no other door has: a referrer within the site. Without one a browser says of
// such a form that it comes from "null" (fetch.spec.whatwg.org, "append a request `Origin` header"), and Guard would take it for another
// site's wherever Sec-Fetch-Site is not sent, as Safari does not over plain HTTP on the machine itself. No other site learns
// of an address; the only one with a secret, of a link that accepts a handoff, is told to this site alone and ends with the handoff.
func Console(next http.Handler) http.Handler {
	return Pages(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	}))
}

// Headers sets what every answer has. secure is whether browsers come by https.
func Headers(next http.Handler, secure bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", nothing)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}
