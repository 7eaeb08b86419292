package auth

import (
	"net/http"
	"time"
)

// What other doors need that let somebody in by a secret of one errand. Failures there count like failures to sign in: whoever guesses at
// one door is held at all.

// Held is how long whoever asks has to wait, because too many attempts from there have failed; 0: not at all.
func (g *Gate) Held(r *http.Request) time.Duration {
	return g.throttle.wait("from "+source(g.address(r)), sourceFails, g.Now())
}

// Missed counts a secret that opens nothing, and records it.
func (g *Gate) Missed(r *http.Request, what string) {
	g.throttle.failed("from "+source(g.address(r)), g.Now())
	g.note(r, Record{What: what, Status: http.StatusNotFound})
}

// Address is where a request comes from, by what the proxies of the settings say.
func (g *Gate) Address(r *http.Request) string { return g.address(r) }
