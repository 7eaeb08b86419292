package notifytest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// Vendor is the other side of a channel over HTTP, on a real socket.
type Vendor struct {
	URL string

	mu    sync.Mutex
	mood  Mood
	calls []Call
	end   chan struct{}

	socket func(w http.ResponseWriter, r *http.Request)
}

// Call is one request as it came.
type Call struct {
	Path   string
	Header http.Header
	Body   string
}

// Answers are how a vendor answers, as it documents. Each writes a whole answer.
type Answers struct {
	Fine   func(w http.ResponseWriter, c Call)
	Busy   func(w http.ResponseWriter)
	Refuse func(w http.ResponseWriter)
}

// Stand begins one that ends with the test.
func Stand(tb testing.TB, a Answers) *Vendor {
	tb.Helper()
	v := &Vendor{mood: Fine, end: make(chan struct{})}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := v.dials(); f != nil && websocket.IsWebSocketUpgrade(r) {
			f(w, r)
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		c := Call{r.URL.Path, r.Header, string(body)}
		switch v.now() {
		case Busy:
			a.Busy(w)
		case Refuse:
			a.Refuse(w)
		case Hang:
			select {
			case <-r.Context().Done():
			case <-v.end:
			}
		case Fine:
			v.keep(c)
			a.Fine(w, c)
		}
	}))
	tb.Cleanup(func() { close(v.end); srv.Close() })
	v.URL = srv.URL
	return v
}

// sockets has connections of WebSocket answered by f.
func (v *Vendor) sockets(f func(w http.ResponseWriter, r *http.Request)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.socket = f
}

func (v *Vendor) dials() func(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.socket
}

// Mood changes how it answers.
func (v *Vendor) Mood(m Mood) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.mood = m
}

func (v *Vendor) now() Mood {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.mood
}

func (v *Vendor) keep(c Call) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append(v.calls, c)
}

// Calls are those that it took, in order.
func (v *Vendor) Calls() []Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.calls)
}
