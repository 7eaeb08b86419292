package api

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// stream is one viewer's.
type stream struct {
	*bufio.Reader

	close  func() error
	header http.Header
}

// watch opens a stream; more are pairs of header and value.
func (w *town) watch(who string, more ...string) (int, *stream, error) {
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.at+"/api/v1/events", nil)
	if err != nil {
		return 0, nil, err
	}
	req.AddCookie(&http.Cookie{Name: w.name, Value: "session of " + who})
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	res, err := w.Do(req) //nolint:bodyclose // the stream closes it
	if err != nil {
		return 0, nil, err
	}
	return res.StatusCode, &stream{bufio.NewReader(res.Body), res.Body.Close, res.Header}, nil
}

// next is the next event: its kind, its ID and what it says.
func (s *stream) next() (kind, id, data string, err error) {
	for {
		line, err := s.ReadString('\n')
		if err != nil {
			return "", "", "", err
		}
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "event":
			kind = rest
		case "id":
			id = rest
		case "data":
			data = rest
		case "":
			if kind != "" {
				return kind, id, data, nil
			}
		}
	}
}

// happen writes a line into the shop's timeline.
func (w *town) happen(text string) {
	w.do(func(tx *store.Tx) error {
		k, err := tx.Ticket(w.t.Context(), "01TICKET-shop")
		if err != nil {
			return err
		}
		return tx.AppendEntry(w.t.Context(), &k, ticket.Entry{At: time.Now(), Actor: "jobzero/triage", Kind: "joined", Text: text})
	})
}

// TestOnlyWhoMayLookWatches is the row of the table for the stream, which does not end by itself.
func TestOnlyWhoMayLookWatches(t *testing.T) {
	w := settle(t)
	for i, who := range visitors[:7] {
		status, s, err := w.watch(who)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
		if is := let(status); is != gates["watch"][i] {
			t.Errorf("%s: %d, want %c", who, status, gates["watch"][i])
		}
	}
}

// TestAViewerMissesNothing: what happened while it was away is told first; where that is too much, or of another life, it is told to read again.
// What is nobody's business is not told.
func TestAViewerMissesNothing(t *testing.T) {
	w := settle(t)
	_, s, err := w.watch("vic")
	if err != nil {
		t.Fatal(err)
	}
	kind, _, _, err := s.next()
	if kind != "hello" || err != nil {
		t.Fatalf("%s, %v", kind, err)
	}
	w.happen("seen")
	kind, seen, _, err := s.next()
	if kind != "change" || err != nil {
		t.Fatalf("%s, %v", kind, err)
	}
	_ = s.close()
	w.ask("vic", "POST", "/api/v1/tickets/01TICKET-shop/close", `{"reason":"x"}`) // recorded, and not told
	w.happen("missed")
	_, s, err = w.watch("vic", "Last-Event-ID", seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`change {"seq":`, "hello {}"} {
		kind, _, data, err := s.next()
		if got := kind + " " + data; err != nil || !strings.HasPrefix(got, want) || strings.Contains(got, "asked") {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
	_ = s.close()
	_, s, err = w.watch("vic", "Last-Event-ID", "999999")
	if err != nil {
		t.Fatal(err)
	}
	if kind, _, _, err := s.next(); kind != "reset" || err != nil {
		t.Errorf("a place that there is not: %s, %v", kind, err)
	}
	_ = s.close()
}

// viewers are how many watch at once.
const viewers = 1000

// TestAThousandWatch has a thousand viewers on sockets of their own, a few of which read nothing: all others hear of every change soon, and the
// slow ones hold up nobody.
func TestAThousandWatch(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < 3*viewers {
		t.Skipf("%d viewers need %d open files, and there may be %d: %v", viewers, 3*viewers, limit.Cur, err)
	}
	w := settle(t)
	var slow []net.Conn
	for range 20 {
		slow = append(slow, w.idle())
	}
	all := make([]*stream, viewers)
	for i := range all {
		status, s, err := w.watch("vic")
		if err != nil || status != http.StatusOK {
			t.Fatalf("viewer %d: %d, %v", i, status, err)
		}
		if kind, _, _, err := s.next(); kind != "hello" || err != nil {
			t.Fatalf("viewer %d: %s, %v", i, kind, err)
		}
		all[i] = s
	}
	const changes = 5
	for n := range changes {
		began := time.Now()
		w.happen(fmt.Sprint("change ", n))
		var (
			wait sync.WaitGroup
			mu   sync.Mutex
			last time.Duration
			bad  error
		)
		for _, s := range all {
			wait.Go(func() {
				kind, _, data, err := s.next()
				mu.Lock()
				defer mu.Unlock()
				last = max(last, time.Since(began))
				if err != nil || kind != "change" || !strings.Contains(data, `"id":"01TICKET-shop"`) {
					bad = errors.Join(fmt.Errorf("%s %s", kind, data), err)
				}
			})
		}
		wait.Wait()
		t.Logf("change %d: the last of %d viewers heard of it after %s", n, viewers, last.Round(time.Millisecond))
		if bad != nil || last > 5*time.Second {
			t.Errorf("change %d: %s, %v", n, last, bad)
		}
	}
	for _, s := range all {
		_ = s.close()
	}
	for _, c := range slow {
		_ = c.Close()
	}
}

// idle asks for the stream and then reads nothing.
func (w *town) idle() net.Conn {
	w.t.Helper()
	c, err := (&net.Dialer{}).DialContext(w.t.Context(), "tcp", strings.TrimPrefix(w.at, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: jobzero=session of vic\r\n\r\n"); err != nil {
		w.t.Fatal(err)
	}
	return c
}
