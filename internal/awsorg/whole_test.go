package awsorg_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"jobzero/internal/awsorg"
)

// closing is a body that cannot be read any more once it is closed, and that its owner closes as soon as an answer has begun.
type closing struct {
	io.Reader
	closed atomic.Bool
}

func (c *closing) Read(p []byte) (int, error) {
	if c.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	return c.Reader.Read(p)
}

func (c *closing) Close() error { c.closed.Store(true); return nil }

// TestAnAnswerIsNotLost: the whole body arrives, and the answer is read whatever becomes of the caller's body meanwhile.
func TestAnAnswerIsNotLost(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil || r.ContentLength != int64(len(text)) {
			t.Errorf("%d of %d bytes, %v", len(text), r.ContentLength, err)
		}
		_, _ = w.Write(text)
	}))
	defer server.Close()
	client := &http.Client{Transport: awsorg.Whole(server.Client().Transport)}
	want := strings.Repeat("x", 10_000)
	body := &closing{Reader: strings.NewReader(want)}
	resp, err := client.Post(server.URL, "text/plain", body) //nolint:noctx // a test of the transport alone
	if err != nil {
		t.Fatal(err)
	}
	if !body.closed.Load() {
		t.Error("the caller's body is not closed before the answer")
	}
	got, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || string(got) != want {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
	if resp, err = client.Get(server.URL); err != nil { //nolint:noctx // as above
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}
