package testmoto

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// called reads what a request asks for, and leaves the request as it was.
func called(w http.ResponseWriter, r *http.Request) (c Call, e entry, ok bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return c, e, false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	e = entry{Headers: map[string]string{}, Method: r.Method, URL: "http://" + r.Host + r.URL.String(), Body: string(body)}
	for k := range r.Header {
		e.Headers[k] = r.Header.Get(k)
	}
	c, _ = e.call()
	return c, e, true
}

// answered asks whoever may know the call.
func (b *Beside) answered(w http.ResponseWriter, r *http.Request, c Call) bool {
	for _, a := range b.more {
		if a(w, c) {
			return true
		}
	}
	return b.answers(w, r)
}

// note keeps what was answered here, which the emulator has not seen, and adds it to the emulator's recording.
func (b *Beside) note(w http.ResponseWriter, r *http.Request, own *entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case own != nil:
		b.seen = append(b.seen, *own)
	case strings.HasSuffix(r.URL.Path, "/reset-recording"):
		b.seen = nil
	case strings.HasSuffix(r.URL.Path, "/download-recording"):
		for _, e := range b.seen {
			if line, err := json.Marshal(e); err == nil {
				_, _ = w.Write(append(line, '\n'))
			}
		}
	}
}
