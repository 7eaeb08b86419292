package live

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// made is a chain of some length.
type made struct{ last int64 }

// Last is its end.
func (m *made) Last(context.Context) (int64, error) { return m.last, nil }

// After gives one change a link.
func (m *made) After(_ context.Context, seq int64, limit int) (all []Change, upTo int64, err error) {
	for upTo = seq; upTo < m.last && len(all) < limit; {
		upTo++
		all = append(all, Change{Seq: upTo, Kind: "ticket", ID: "a"})
	}
	return all, upTo, nil
}

func always(*http.Request) bool { return true }

// written is an answer over a connection that can be given deadlines.
type written struct{ httptest.ResponseRecorder }

func (*written) SetReadDeadline(time.Time) error  { return nil }
func (*written) SetWriteDeadline(time.Time) error { return nil }

// TestAStreamEndsWhenItsViewerHasLeft: with the next line that says nothing, and not after the five minutes that a stream may last.
func TestAStreamEndsWhenItsViewerHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := time.Now().Add(time.Minute)
		h := New(&made{last: 1}, slog.New(slog.DiscardHandler), func(*http.Request) bool { return time.Now().Before(left) })
		w := &written{*httptest.NewRecorder()}
		began := time.Now()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if took := time.Since(began); took < time.Minute || took > time.Minute+beat || h.Viewers() != 0 {
			t.Errorf("it ended after %s, and %d watch", took, h.Viewers())
		}
	})
}

// TestASlowViewerIsToldToReadAgain: what does not fit is lost and said, memory stays bounded, and the others have everything.
func TestASlowViewerIsToldToReadAgain(t *testing.T) {
	chain := &made{last: 10}
	h := New(chain, slog.New(slog.DiscardHandler), always)
	slow, at, err := h.join(t.Context())
	if err != nil || at != 10 {
		t.Fatalf("begins at %d, %v", at, err)
	}
	quick, _, err := h.join(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard := 0
	for range 3 * buffer {
		chain.last++
		if err := h.read(t.Context()); err != nil {
			t.Fatal(err)
		}
		for len(quick.changes) > 0 {
			<-quick.changes
			heard++
		}
	}
	if heard != 3*buffer || quick.lost.Load() {
		t.Errorf("the quick one heard %d of %d", heard, 3*buffer)
	}
	if len(slow.changes) != buffer || !slow.lost.Load() {
		t.Errorf("%d wait for the slow one, lost: %t", len(slow.changes), slow.lost.Load())
	}
	if seq := slow.drain(0); seq != 10+buffer || len(slow.changes) != 0 {
		t.Errorf("drained to %d", seq)
	}
	h.leave(slow)
	h.leave(quick)
	chain.last += 1000
	if next, at, err := h.join(t.Context()); err != nil || at != chain.last || len(next.changes) != 0 {
		t.Errorf("who comes later begins at %d, %v", at, err)
	}
}

// TestTooManyAreTurnedAway: memory is bounded by how many may watch.
func TestTooManyAreTurnedAway(t *testing.T) {
	h := New(&made{}, slog.New(slog.DiscardHandler), always)
	for range maxViewers {
		if _, _, err := h.join(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.join(t.Context()); err == nil || h.Viewers() != maxViewers {
		t.Errorf("%d watch: %v", h.Viewers(), err)
	}
}
