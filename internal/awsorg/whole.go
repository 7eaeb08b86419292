package awsorg

import (
	"bytes"
	"io"
	"net/http"
)

// Whole sends the bodies of requests from memory. The SDK closes a request's body when its answer begins. Go's transport may still be looking
// for the end of that body then: it gives the connection up, the answer to a call that was carried out is lost, and the SDK makes the call
// again. What is sent here are descriptions of calls, kilobytes at the most.
func Whole(by http.RoundTripper) http.RoundTripper { return whole{by} }

type whole struct{ by http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w whole) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return w.by.RoundTrip(r)
	}
	text, err := io.ReadAll(r.Body)
	if closed := r.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	out := r.Clone(r.Context())
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return w.by.RoundTrip(out)
}
