package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
)

// checkTime bounds one check: a part that does not answer in this time is not ready.
const checkTime = 3 * time.Second

// Check says whether one part of the house can work.
type Check struct {
	Name string                          // such as database or bus
	Ask  func(ctx context.Context) error // nil: ready; the text of an error is shown to whoever asks, so keep secrets out of it
}

// Readiness is what /readyz answers, with status 200 when ready and 503 when not.
type Readiness struct {
	Ready  bool     `json:"ready"`
	Parts  []string `json:"parts"`               // all that were asked
	Broken []Broken `json:"not_ready,omitempty"` // those that are not ready
}

// Broken is a part that is not ready.
type Broken struct {
	Name  string `json:"name"`
	Code  string `json:"code"`
	Cause string `json:"cause"`
}

// doors parts what people, programs and directories ask, each behind its own guard, from the pages for machines, which take no body.
func doors(o Options) http.Handler {
	mux := http.NewServeMux()
	machines := http.MaxBytesHandler(pages(o), maxBodyBytes)
	if o.Console == nil || o.Gate == nil {
		mux.Handle("/", machines)
	} else {
		people := auth.Console(o.Console)
		for _, path := range []string{"/report", "/report/"} { // the gate keeps a record of who has sent what from where
			mux.Handle(path, o.Gate.Open(people))
		}
		mux.Handle("/", o.Gate.Guard(people))
		for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
			mux.Handle(path, machines)
		}
	}
	if o.People == nil { // what is not there is no page for people either
		mux.Handle("/scim/", machines)
	} else {
		mux.Handle("/scim/", o.People)
	}
	if o.Gate == nil {
		return auth.Headers(mux, false)
	}
	signIn := o.Gate.Guard(o.Gate.Routes())
	mux.Handle("/auth", signIn)
	mux.Handle("/auth/", signIn)
	if o.Rest != nil {
		mux.Handle(RestPrefix+"/", o.Gate.Guard(o.Rest))
	}
	return auth.Headers(mux, o.Gate.Config.TLS())
}

// RestPrefix is where programs ask.
const RestPrefix = "/api/v1"

func pages(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { index(w, o) })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { text(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(w, r, o.Checks) })
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	return mux
}

func index(w http.ResponseWriter, o Options) {
	body := fmt.Sprintf("jobzero %s\n\n/healthz  the process is alive\n/readyz   the parts it needs answer\n", o.Version)
	if o.Metrics != nil {
		body += "/metrics  measures for Prometheus\n"
	}
	if o.People != nil {
		body += "/scim/v2  directories tell of people here\n"
	}
	text(w, body)
}

func text(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(body)) // the caller has gone: there is nobody left to tell
}

func ready(w http.ResponseWriter, r *http.Request, checks []Check) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	answer := ask(ctx, checks)
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // as in text
}

// ask puts all checks at once, so that one slow part does not hide another, and does not wait for a check that ignores
// its context.
func ask(ctx context.Context, checks []Check) Readiness {
	var mu sync.Mutex
	found := make(map[string]error, len(checks))
	var all sync.WaitGroup
	for _, c := range checks {
		all.Go(func() {
			err := c.Ask(ctx)
			mu.Lock()
			defer mu.Unlock()
			found[c.Name] = err
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}

	mu.Lock()
	defer mu.Unlock()
	out := Readiness{Ready: true, Parts: []string{}}
	for _, c := range checks {
		out.Parts = append(out.Parts, c.Name)
		err, answered := found[c.Name]
		if !answered {
			err = fault.New(fault.Unavailable, "no answer in %s", checkTime)
		}
		if err != nil {
			out.Ready = false
			out.Broken = append(out.Broken, Broken{c.Name, string(fault.CodeOf(err)), err.Error()})
		}
	}
	return out
}
