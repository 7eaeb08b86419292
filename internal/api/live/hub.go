package live

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"jobzero/internal/fault"
)

// Change is something that was written: a ticket, a run, an effect. What it is now the viewer reads for itself, as far as it may.
type Change struct {
	Seq  int64  `json:"seq"` // in the chain; events come in this order
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Chain is where changes come from.
type Chain interface {
	// Last is the end of the chain.
	Last(ctx context.Context) (int64, error)
	// After gives what follows a place, the oldest first, and how far that goes: what is nobody's business is left out.
	After(ctx context.Context, seq int64, limit int) (all []Change, upTo int64, err error)
}

const (
	every      = 500 * time.Millisecond // how often the chain is read while somebody watches
	batch      = 1000                   // links that are read at once
	buffer     = 64                     // changes that wait for one viewer
	maxViewers = 2000
)

// Hub gives every viewer what changes. Make it with New, and have Run running.
type Hub struct {
	chain Chain
	log   *slog.Logger
	still func(*http.Request) bool
	done  chan struct{}

	mu      sync.Mutex
	viewers map[*viewer]bool
	seq     int64 // how far the chain was read; counts while there are viewers
}

// viewer is one open stream.
type viewer struct {
	changes chan Change
	lost    atomic.Bool // something did not fit into changes
}

// New makes a hub. Still says, now and then, whether whoever opened a stream may go on: somebody may have left meanwhile.
func New(c Chain, log *slog.Logger, still func(*http.Request) bool) *Hub {
	return &Hub{chain: c, log: log, still: still, done: make(chan struct{}), viewers: map[*viewer]bool{}}
}

// Run reads the chain until ctx ends, and then ends all streams.
func (h *Hub) Run(ctx context.Context) {
	defer close(h.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.read(ctx); err != nil && ctx.Err() == nil {
				h.log.Warn("what changes is not told at the moment", "error", err)
			}
		}
	}
}

// Viewers is how many there are.
func (h *Hub) Viewers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.viewers)
}

// read tells what the chain has new.
func (h *Hub) read(ctx context.Context) error {
	for {
		h.mu.Lock()
		from, some := h.seq, len(h.viewers) > 0
		h.mu.Unlock()
		if !some {
			return nil
		}
		all, upTo, err := h.chain.After(ctx, from, batch)
		if err != nil || upTo <= from {
			return err
		}
		h.mu.Lock()
		if h.seq == from { // else the last viewer went and another one came: it begins where the chain ended then
			h.seq = upTo
			for v := range h.viewers {
				v.take(all)
			}
		}
		h.mu.Unlock()
	}
}

// take puts changes where the viewer finds them, or notes that they are lost on it.
func (v *viewer) take(all []Change) {
	for _, c := range all {
		select {
		case v.changes <- c:
		default:
			v.lost.Store(true)
			return
		}
	}
}

// join adds a viewer and gives the place from which it is told.
func (h *Hub) join(ctx context.Context) (*viewer, int64, error) {
	last, err := h.chain.Last(ctx)
	if err != nil {
		return nil, 0, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.viewers) >= maxViewers {
		return nil, 0, fault.New(fault.Unavailable, "%d others are watching already", maxViewers)
	}
	if len(h.viewers) == 0 {
		h.seq = last
	}
	v := &viewer{changes: make(chan Change, buffer)}
	h.viewers[v] = true
	return v, h.seq, nil
}

func (h *Hub) leave(v *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.viewers, v)
}
