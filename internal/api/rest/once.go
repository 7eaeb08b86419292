package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"jobzero/internal/auth"
)

// Replies remember what was answered to writes with a key of their own.
type Replies interface {
	// Begin takes a key, true when nobody had it; else it gives the hash of what was asked under it, and the answer, which is empty
	// while it is being worked on.
	Begin(ctx context.Context, who, key, request string) (first bool, before, answer string, err error)
	End(ctx context.Context, who, key, answer string) error
	Drop(ctx context.Context, who, key string) error
}

// said is an answer as it is remembered.
type said struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body"`
}

// once does a write with an Idempotency-Key once, and answers the same to the same again. A write that failed by our own fault, and one that
// was not let in, may be tried again under its key.
func (s *server) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		v, ok := auth.Of(r.Context())
		if key == "" || !ok || r.Method != http.MethodPost || len(key) > 200 {
			next.ServeHTTP(w, r)
			return
		}
		if showsSecret(r) {
			auth.Refuse(w, r, http.StatusUnprocessableEntity, "the answer has a secret and is kept nowhere: send this without an Idempotency-Key")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			auth.Refuse(w, r, http.StatusRequestEntityTooLarge, "the body is too large, or was not sent to its end")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		first, before, text, err := s.Replies.Begin(r.Context(), v.ID, key, digest(r, body))
		if err != nil {
			s.log.Error("take the key of a request", "error", err)
			auth.Refuse(w, r, http.StatusServiceUnavailable, "the key cannot be looked up now, and so nothing is done: try again")
			return
		}
		if !first {
			again(w, r, before == digest(r, body), text)
			return
		}
		s.work(v.ID, key, next, w, r) //nolint:contextcheck // the answer is kept even when whoever asked has gone
	})
}

// work does it and remembers the answer. Whatever ends it, the key is settled.
func (s *server) work(who, key string, next http.Handler, w http.ResponseWriter, r *http.Request) {
	held := &kept{header: w.Header(), status: http.StatusOK}
	whole := false
	defer func() {
		ctx := context.WithoutCancel(r.Context())
		let := held.status != http.StatusUnauthorized && held.status != http.StatusForbidden && held.status < http.StatusInternalServerError
		settle := func() error { return s.Replies.Drop(ctx, who, key) }
		if whole && let {
			settle = func() error { return s.Replies.End(ctx, who, key, remembered(held)) }
		}
		if err := settle(); err != nil {
			s.log.Error("settle the key of a request", "error", err)
		}
	}()
	next.ServeHTTP(held, r)
	whole = true
	held.send(w)
}

func remembered(k *kept) string {
	out := said{Status: k.status, Header: map[string]string{}, Body: k.body.String()}
	for _, name := range []string{"Content-Type", "ETag"} {
		if v := k.header.Get(name); v != "" {
			out.Header[name] = v
		}
	}
	text, _ := json.Marshal(out) // texts and numbers always marshal
	return string(text)
}

// again answers what was answered before.
func again(w http.ResponseWriter, r *http.Request, same bool, text string) {
	var before said
	switch {
	case !same:
		auth.Refuse(w, r, http.StatusUnprocessableEntity, "this Idempotency-Key was used for another request: take a new one")
	case text == "":
		auth.Refuse(w, r, http.StatusConflict, "the request with this Idempotency-Key is being worked on, or was broken off: look what became of it, then take a new key")
	case json.Unmarshal([]byte(text), &before) != nil:
		auth.Refuse(w, r, http.StatusInternalServerError, "what was answered before cannot be read")
	default:
		for name, v := range before.Header {
			w.Header().Set(name, v)
		}
		w.Header().Set("Idempotency-Replayed", "true")
		w.WriteHeader(before.Status)
		_, _ = io.WriteString(w, before.Body) // the caller has gone: there is nobody left to tell
	}
}

// digest is of all that makes a request what it is.
func digest(r *http.Request, body []byte) string {
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), string(body)} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}
