package testmoto

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// Answer answers one operation of a JSON protocol: its input, and what AWS documents to come back, or the name of the fault.
type Answer func(in json.RawMessage) (out any, fault string)

// Reply answers a call by what its API documents, in whatever protocol, or leaves it to the emulator. It keeps state of its own; calls
// come one at a time.
type Reply func(w http.ResponseWriter, c Call) bool

// Contract stands where the emulator lacks a service's operations: it answers them as a test has written down from the service's API
// reference, and hands everything else on. It records what went through it, in the same form. What passes against it is held against the
// contract of the API, and not against how AWS behaves besides.
type Contract struct {
	*Server // by which everything goes through it

	mu    sync.Mutex
	calls []Call
}

// NewContract begins one that ends with the test. Operations are named without their service, such as UpdateRuleGroup.
func NewContract(tb testing.TB, s *Server, answers map[string]Answer) *Contract {
	tb.Helper()
	return NewStandIn(tb, s, func(w http.ResponseWriter, call Call) bool {
		answer, ok := answers[call.Action]
		if !ok {
			return false
		}
		out, fault := answer(call.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if fault != "" {
			w.WriteHeader(http.StatusBadRequest)
			out = map[string]string{"__type": fault, "message": "as the test has written down"}
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			tb.Error(err)
		}
		return true
	})
}

// NewStandIn is NewContract for protocols of all kinds.
func NewStandIn(tb testing.TB, s *Server, reply Reply) *Contract {
	tb.Helper()
	to, err := url.Parse(s.Endpoint)
	if err != nil {
		tb.Fatal(err)
	}
	pass := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	c := &Contract{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		call := c.note(r, body)
		c.mu.Lock()
		done := reply(w, call)
		c.mu.Unlock()
		if !done {
			pass.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(srv.Close)
	c.Server = &Server{Endpoint: srv.URL}
	return c
}

// CallOf reads a request as the recorder does; body is that of the request. False means that it is no AWS call.
func CallOf(r *http.Request, body []byte) (Call, bool) {
	e := entry{Method: r.Method, URL: "http://" + r.Host + r.URL.String(), Body: string(body), Headers: map[string]string{}}
	for name := range r.Header {
		e.Headers[name] = r.Header.Get(name)
	}
	return e.call()
}

// note records a call.
func (c *Contract) note(r *http.Request, body []byte) Call {
	call, ok := CallOf(r, body)
	if ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls = append(c.calls, call)
	}
	return call
}

// Record forgets what was recorded.
func (c *Contract) Record(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = nil
	return nil
}

// Calls is everything that went through since, in order; what the SDK sent again is one call.
func (c *Contract) Calls(context.Context) (out []Call, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[string]bool{}
	for _, call := range c.calls {
		if call.invocation == "" || !seen[call.invocation] {
			seen[call.invocation] = true
			out = append(out, call)
		}
	}
	return out, nil
}
