package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"jobzero/internal/fault"
)

// tag is the ETag of a thing: a hash of all that is kept of it.
func tag(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	const bytesShown = 12
	return `"` + hex.EncodeToString(sum[:bytesShown]) + `"`
}

// fits says whether an If-Match allows a change of a thing as it is now. Empty allows any.
func fits(ifMatch string, v any) error {
	if ifMatch == "" || matches(ifMatch, tag(v)) {
		return nil
	}
	return fault.Wrap(fault.Conflict, errStale, "not done")
}

func matches(list, tag string) bool {
	for _, t := range strings.Split(list, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == "*" || t == tag && tag != "" {
			return true
		}
	}
	return false
}

// tagged gives every answer to a GET an ETag, its own where the handler sets none, and 304 to whoever has it already.
func tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path == eventsPath {
			next.ServeHTTP(w, r)
			return
		}
		held := &kept{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(held, r)
		if held.status == http.StatusOK {
			if w.Header().Get("ETag") == "" {
				w.Header().Set("ETag", tag(held.body.Bytes()))
			}
			w.Header().Set("Cache-Control", "private, no-cache")
			if none := r.Header.Get("If-None-Match"); none != "" && matches(none, w.Header().Get("ETag")) {
				w.Header().Del("Content-Type")
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		held.send(w)
	})
}

// kept is an answer that is held back until it is whole.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the answer.
func (k *kept) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *kept) WriteHeader(status int) { k.status = status }

// Write keeps a part of the body.
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

func (k *kept) send(w http.ResponseWriter) {
	w.WriteHeader(k.status)
	_, _ = w.Write(k.body.Bytes()) // the caller has gone: there is nobody left to tell
}
