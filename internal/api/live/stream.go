package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	beat      = 15 * time.Second // a line that says nothing, so that nothing on the way takes the stream for dead
	writeTime = 10 * time.Second // for one line; a viewer that does not take it is gone
	longest   = 5 * time.Minute  // of one stream: the browser comes back, and who it is is looked up anew
)

// ServeHTTP is one viewer's stream.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, seq, err := h.join(r.Context())
	if err != nil {
		h.log.Warn("a viewer was turned away", "error", err)
		w.Header().Set("Retry-After", "10")
		http.Error(w, "nobody more can watch now", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(v)
	s := stream{w, http.NewResponseController(w)}
	_ = s.c.SetReadDeadline(time.Time{}) // a stream outlives what a request may take; where the deadline stays, the viewer comes back earlier
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	if h.begin(r, s, seq) != nil {
		return
	}
	h.tell(r, s, v)
}

// begin says how far the chain goes, and before that what came after the last event that the viewer has seen, if that is not too much.
func (h *Hub) begin(r *http.Request, s stream, seq int64) error {
	seen, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	switch {
	case err != nil || seen == seq:
		return s.send("hello", seq, "{}")
	case seen > seq || seen < 0 || seq-seen > batch:
		return s.send("reset", seq, "{}")
	}
	missed, _, err := h.chain.After(r.Context(), seen, batch)
	if err != nil {
		return s.send("reset", seq, "{}")
	}
	for _, c := range missed {
		if c.Seq > seq { // comes by itself
			break
		}
		if err := s.change(c); err != nil {
			return err
		}
	}
	return s.send("hello", seq, "{}")
}

// tell writes until somebody has enough.
func (h *Hub) tell(r *http.Request, s stream, v *viewer) {
	still, end := time.NewTicker(beat), time.NewTimer(longest)
	defer still.Stop()
	defer end.Stop()
	for {
		var err error
		select {
		case <-h.done:
			return
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case <-still.C:
			if !h.still(r) {
				return
			}
			err = s.write(": still here\n\n")
		case c := <-v.changes:
			if v.lost.Swap(false) {
				err = s.send("reset", v.drain(c.Seq), "{}")
			} else {
				err = s.change(c)
			}
		}
		if err != nil {
			return
		}
	}
}

// drain takes out all that waits, and gives the place of the last.
func (v *viewer) drain(seq int64) int64 {
	for {
		select {
		case c := <-v.changes:
			seq = c.Seq
		default:
			return seq
		}
	}
}

// stream writes events.
type stream struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func (s stream) change(c Change) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.send("change", c.Seq, string(text))
}

func (s stream) send(event string, id int64, data string) error {
	return s.write(fmt.Sprintf("event: %s\nid: %d\ndata: %s\n\n", event, id, data))
}

func (s stream) write(text string) error {
	if err := s.c.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.c.Flush()
}
