package weather

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"jobzero/internal/testmoto"
)

// Weather stands before an emulator.
type Weather struct {
	*testmoto.Server // by which everything goes through the weather

	to     *url.URL
	client http.RoundTripper
	door   *http.Server
	memory *memory

	mu     sync.Mutex
	dice   *rand.Rand
	spells []*spelled
	count  map[Kind]int
}

// spelled is a spell, over how many calls it has lain, and how often it has struck.
type spelled struct {
	Spell
	lain, struck int
}

// due says whether a spell strikes now that has not struck yet: its share has it by then. Without it a short story would have a good day at
// times, by chance alone: in fifty calls, one day in eight is without a spell of a twenty-fifth.
func (s *spelled) due() bool { return s.struck == 0 && float64(s.lain)*s.Share >= 1 }

// Begin puts weather before an emulator, until it is closed. The seed decides which calls of a share are struck; calls that are made at the
// same time come in an order of their own.
func Begin(s *testmoto.Server, seed uint64, spells ...Spell) (*Weather, error) {
	to, err := url.Parse(s.Endpoint)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &Weather{
		Server: &testmoto.Server{Endpoint: "http://" + l.Addr().String()}, to: to, client: &http.Transport{DisableKeepAlives: true},
		memory: newMemory(), dice: rand.New(rand.NewPCG(seed, seed)), count: map[Kind]int{},
	}
	w.Set(spells...)
	w.door = &http.Server{ReadHeaderTimeout: time.Minute, Handler: w, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { _ = w.door.Serve(l) }() // ends when it is closed
	return w, nil
}

// Close ends the weather and the calls that go through it.
func (w *Weather) Close() error { return w.door.Close() }

// Set changes the weather.
func (w *Weather) Set(spells ...Spell) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spells = nil
	for _, s := range spells {
		w.spells = append(w.spells, &spelled{Spell: s})
	}
}

// Struck is how often each kind of weather has struck.
func (w *Weather) Struck() map[Kind]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.count)
}

// ServeHTTP hands a call on, or has it struck.
func (w *Weather) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	call, _ := testmoto.CallOf(r, body)
	struck, is := w.strike(call)
	if is && (struck.What == Throttled || struck.What == Broken || struck.What == Denied) {
		w.counted(struck.What)
		refuse(out, r, call, struck.What)
		return
	}
	a, err := w.ask(r, body)
	if err != nil {
		http.Error(out, fmt.Sprintf("ask the emulator: %v", err), http.StatusBadGateway)
		return
	}
	w.memory.enter(call, a)
	if Writes(call) {
		w.memory.change(call, time.Now())
	}
	var within time.Duration
	if is && struck.What == Stale {
		within = struck.For
	}
	if Reads(call) {
		if old, ok := w.memory.note(call, a, within, time.Now()); ok {
			w.counted(Stale)
			a = old
		}
	}
	if is && struck.What == Lost {
		w.counted(Lost)
		panic(http.ErrAbortHandler) // breaks the connection without an answer
	}
	a.give(out)
}

// strike says which spell strikes a call. The first one that lies over it and whose share it falls into does.
func (w *Weather) strike(c testmoto.Call) (Spell, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.spells {
		if !s.over(c) || s.Most > 0 && s.struck >= s.Most {
			continue
		}
		s.lain++
		if w.dice.Float64() < s.Share || s.due() {
			s.struck++
			return s.Spell, true
		}
	}
	return Spell{}, false
}

func (w *Weather) counted(k Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[k]++
}

// ask makes the call of the emulator.
func (w *Weather) ask(r *http.Request, body []byte) (answer, error) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host = w.to.Scheme, w.to.Host // the Host header stays: it carries the account of s3control
	out.RequestURI, out.Body, out.ContentLength = "", io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res, err := w.client.RoundTrip(out)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, text}, err
}
