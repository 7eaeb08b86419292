package console

import (
	"net/http"
	"strconv"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/handoff"
)

// LinkPath is where links lead that accept a handoff without signing in; what opens one follows.
const LinkPath = "/oncall/accept/"

// linkPage is what whoever comes by such a link sees. It says how much there is to know and nothing of it: a message may be read by others.
type linkPage struct {
	handoffRow
	Person   string
	Secret   string // empty: there is nothing to press
	Accepted bool
	Why      string // why there is nothing to press
}

// Parts are what the document is of.
func (p linkPage) Parts() []handoff.Part { return p.Document.Parts }

// links are the paths of those links. They stand beside the pages, for whoever is nobody here.
func (c *Console) links(mux *http.ServeMux) {
	mux.HandleFunc("GET "+LinkPath+"{secret}", func(w http.ResponseWriter, r *http.Request) { c.byLink(w, r, r.PathValue("secret"), false) })
	mux.HandleFunc("POST /oncall/accept", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		c.byLink(w, r, r.PostFormValue("secret"), true)
	})
}

// byLink shows where a link leads, or follows it. To look changes nothing: programs that look through messages look at all links in them.
func (c *Console) byLink(w http.ResponseWriter, r *http.Request, secret string, press bool) {
	if wait := c.Strangers.Held(r); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		c.linkSays(w, r, http.StatusTooManyRequests, linkPage{Why: "Too many links from here led nowhere. Try again in " + span(wait) + "."})
		return
	}
	l, h, err := c.OnCall.Linked(r.Context(), secret)
	p := linkPage{handoffRow: handoffRow{h}, Person: l.Person, Secret: secret}
	if err == nil && press {
		p.Handoff, err = c.OnCall.AcceptLinked(r.Context(), secret, c.Strangers.Address(r))
		p.Accepted = err == nil
	}
	status := http.StatusOK
	switch code := fault.CodeOf(err); {
	case err == nil:
	case code == fault.NotFound:
		c.Strangers.Missed(r, "follow a link to a handoff")
		status, p = http.StatusNotFound, linkPage{Why: "This link leads nowhere: it is not whole, or it never was one. Copy all of it from the message, or sign in."}
	case code == fault.Conflict || code == fault.Denied:
		status, p.Why, p.Secret = http.StatusGone, err.Error(), ""
	default:
		c.Log.Error("a link to a handoff could not be followed", "error", err)
		status, p = http.StatusServiceUnavailable, linkPage{Why: "That does not work at the moment, and nothing was accepted. Try again; the log says more."}
	}
	c.linkSays(w, r, status, p)
}

func (c *Console) linkSays(w http.ResponseWriter, r *http.Request, status int, p linkPage) {
	r.URL.Path, r.URL.RawQuery = "/", "" // what opens the link is in no page's form and in no log
	c.write(w, r, Visitor{}, page{name: "link", title: "Handoff", here: "/oncall", status: status, content: p})
}
