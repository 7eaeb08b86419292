package console

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"jobzero/internal/fault"
)

//go:embed page/*.html
var pageFiles embed.FS

// frame is what is around every page.
type frame struct {
	Title   string
	Here    string // the path of the part of the console that it is in
	Path    string // its own, with the query
	Parts   []part
	Visitor Visitor
	Theme   string // light, dark, or empty: as the browser says
	Now     time.Time
	Version string
	Said    string // what a form came to
	Content any
}

// part is one part of the console.
type part struct{ Path, Name, Key string }

// parts are all of them, in the order in which they are shown. Key opens it after g.
func (c *Console) parts() []part {
	all := []part{{"/", "Now", "n"}, {"/tickets", "Tickets", "t"}}
	if c.Shifts != nil {
		all = append(all, part{"/oncall", "On-call", "o"})
	}
	all = append(all, part{"/expectations", "Expectations", "e"}, part{"/detections", "Detections", "d"}, part{"/playbooks", "Playbooks", "p"},
		part{"/inventory", "Inventory", "i"}, part{"/deadletters", "Dead letters", "l"}, part{"/road", "Road", "r"})
	if c.Reporting.Reports != nil {
		all = append(all, part{"/report", "Report something", "s"})
	}
	return all
}

// visit is one request for a page.
type visit struct {
	*http.Request
	visitor Visitor
	now     time.Time
}

// page is what a look gives: which page, what it is called and what is on it. A picture has Raw instead.
type page struct {
	name    string
	title   string
	here    string
	status  int // 0: it is there
	content any
	raw     []byte // an SVG picture
}

// look makes a page.
type look func(visit) (page, error)

// looking lets a visitor in and shows a page, or why not.
func (c *Console) looking(show look) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitor, err := c.Visitors.Visitor(r)
		if err != nil {
			if enter := c.Visitors.Enter(r); enter != "" && fault.Is(err, fault.Denied) {
				http.Redirect(w, r, enter, http.StatusSeeOther) //nolint:gosec // where to sign in is what the house says
				return
			}
			c.fail(w, r, Visitor{}, err)
			return
		}
		if err := visitor.must(Look, ""); err != nil {
			c.fail(w, r, visitor, err)
			return
		}
		p, err := show(visit{r, visitor, c.Now()})
		if err != nil {
			c.fail(w, r, visitor, err)
			return
		}
		c.write(w, r, visitor, p)
	})
}

func (c *Console) write(w http.ResponseWriter, r *http.Request, visitor Visitor, p page) {
	if p.raw != nil {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write(p.raw) // the visitor has gone: there is nobody left to tell
		return
	}
	f := frame{
		Title: p.title, Here: p.here, Path: r.URL.RequestURI(), Parts: c.partsFor(visitor), Visitor: visitor, Theme: theme(r), Now: c.Now(),
		Version: c.Version, Said: said(r.URL.Query().Get("said")), Content: p.content,
	}
	var b bytes.Buffer
	if err := c.pages[p.name].ExecuteTemplate(&b, "frame", f); err != nil {
		c.Log.Error("a page could not be made", "page", p.name, "error", err)
		http.Error(w, "This page could not be made: the log of jobzero says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = w.Write(b.Bytes()) // as above
}

// failure is a page that says why there is no other.
type failure struct {
	Status int
	Text   string
	Back   string
}

// fail shows an error. What is our own defect is told to the log alone.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, visitor Visitor, err error) {
	status, title := http.StatusInternalServerError, "Something is wrong with jobzero itself"
	if _, ok := errors.AsType[*tooMany](err); ok {
		c.write(w, r, visitor, page{name: "failure", title: "Too much at once", status: http.StatusTooManyRequests, content: failure{http.StatusTooManyRequests, err.Error(), r.URL.Path}})
		return
	}
	switch fault.CodeOf(err) {
	case fault.Invalid:
		status, title = http.StatusBadRequest, "That cannot be asked like this"
	case fault.NotFound:
		status, title = http.StatusNotFound, "There is no such thing"
	case fault.Conflict:
		status, title = http.StatusConflict, "That has changed meanwhile"
	case fault.Denied:
		status, title = http.StatusForbidden, "That is not allowed"
	case fault.Unavailable:
		status, title = http.StatusServiceUnavailable, "That cannot be read just now"
	case fault.Internal:
	}
	text := err.Error()
	if status == http.StatusInternalServerError {
		c.Log.Error("a page could not be shown", "path", r.URL.Path, "error", err)
		text = "The log of jobzero says more."
	}
	c.write(w, r, visitor, page{name: "failure", title: title, status: status, content: failure{status, text, r.URL.Path}})
}

func nowhere(v visit) (page, error) {
	return page{}, fault.New(fault.NotFound, "there is no page %s", v.URL.Path)
}

// keys is the page about the keyboard.
func keys(visit) (page, error) { return page{name: "keys", title: "Keys", here: "/keys"}, nil }

// parsePages reads all templates, each with the frame around it.
func parsePages(f files, now func() time.Time) (map[string]*template.Template, error) {
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "look for pages")
	}
	out := map[string]*template.Template{}
	for _, n := range names {
		t, err := template.New("").Funcs(words(f, now)).ParseFS(pageFiles, "page/frame.html", "page/part.html", n)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read %s", n)
		}
		out[strings.TrimSuffix(path.Base(n), ".html")] = t
	}
	return out, nil
}
