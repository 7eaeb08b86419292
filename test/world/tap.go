package world

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Tap stands between a house and the emulator and notes when each call was under way, so that a measurement can tell the time
// of the emulator from that of the house.
type Tap struct {
	Endpoint string
	server   *http.Server

	mu       sync.Mutex
	spans    []Span
	answered func(name string)
}

// Span is one call.
type Span struct {
	Name       string // the action where the call says it, else method and URL
	Begin, End time.Time
}

// Tap opens one on a port of its own. Close ends it.
func (w *World) Tap() (*Tap, error) {
	to, err := url.Parse(w.AWS.Endpoint)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &Tap{Endpoint: "http://" + l.Addr().String()}
	t.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host // the Host header stays: it carries the account of s3control
		},
		Transport: wire{t, &http.Transport{DisableKeepAlives: true}},       // the emulator closes idle connections under the feet of others
		ErrorLog:  slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // calls that the house itself has cut off
	}}
	go func() { _ = t.server.Serve(l) }() // ends when it is closed
	return t, nil
}

// Close ends the tap and the calls that go through it.
func (t *Tap) Close() error { return t.server.Close() }

// OnAnswer has do called with the name of each call that the emulator has answered, before the house hears of it.
func (t *Tap) OnAnswer(do func(name string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answered = do
}

// wire is the way from a tap to the emulator.
type wire struct {
	tap *Tap
	to  http.RoundTripper
}

// RoundTrip makes a call and notes it.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	s := Span{Name: nameOfCall(r), Begin: time.Now()}
	res, err := w.to.RoundTrip(r)
	s.End = time.Now()
	w.tap.note(s)
	return res, err
}

// note keeps a call. Waiting for messages is no work of the emulator's.
func (t *Tap) note(s Span) {
	if strings.HasSuffix(s.Name, ".ReceiveMessage") {
		return
	}
	t.mu.Lock()
	t.spans = append(t.spans, s)
	do := t.answered
	t.mu.Unlock()
	if do != nil {
		do(s.Name)
	}
}

// nameOfCall is what people recognise a call by. The query protocol has its action in the body, which is put back.
func nameOfCall(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target
	}
	if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if form, bad := url.ParseQuery(string(body)); err == nil && bad == nil {
			return form.Get("Action")
		}
	}
	return r.Method + " " + r.URL.Path + "?" + r.URL.RawQuery
}

// Within gives the calls that were under way between two instants, cut to them, in the order of their beginning.
func (t *Tap) Within(from, to time.Time) []Span {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []Span
	for _, s := range t.spans {
		if s.End.After(from) && s.Begin.Before(to) {
			out = append(out, Span{s.Name, later(s.Begin, from), earlier(s.End, to)})
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return a.Begin.Compare(b.Begin) })
	return out
}

// Busy is for how long at least one of the calls was under way.
func Busy(spans []Span) time.Duration {
	var (
		sum time.Duration
		end time.Time
	)
	for _, s := range spans {
		if from := later(s.Begin, end); s.End.After(from) {
			sum += s.End.Sub(from)
			end = s.End
		}
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
