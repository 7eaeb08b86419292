package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

const (
	legLedger = "ledger" // ref: organisation

	// sheavesAtOnce is how many batches of events are folded in one transaction.
	sheavesAtOnce = 64
	// foldEvery is how long the ledger waits for more.
	foldEvery = time.Minute
	// remembered is how many events are known to be folded, at the least. A queue brings a batch again that was not acknowledged, and
	// the two ways bring the same events within minutes; both are far less.
	remembered = 1 << 20
)

// Deeds reads what events say of who did what. It is safe for concurrent use.
type Deeds struct{ readers sync.Pool }

// NewDeeds knows who is behind an event as far as sessions do when it comes.
func NewDeeds(s *Sessions) *Deeds {
	return &Deeds{readers: sync.Pool{New: func() any { return ledger.NewReader(s.graph) }}}
}

// sheaf is what events came to, packed; of logs other than CloudTrail's nothing does.
func (d *Deeds) sheaf(events []*event.Event) ([]byte, error) {
	r := d.readers.Get().(*ledger.Reader) //nolint:forcetypeassert // the pool has no others
	defer d.readers.Put(r)
	s := ledger.Sheaf{Left: map[ledger.Reason]int64{}}
	for _, e := range events {
		if e.Log != event.CloudTrail {
			continue
		}
		entry, why := r.Event(e)
		if why != ledger.Kept {
			s.Left[why]++
			continue
		}
		s.Entries = append(s.Entries, entry)
	}
	return s.Pack()
}

// folding is what this process remembers of the ledger. The store has the truth; see store.SaveLedger.
type folding struct {
	sync.Mutex
	version int64
	memory  *ledger.Memory // nil: it has to be loaded
	blocks  []block        // of stamps in the store
}

// block is the stamps that were kept with a version.
type block struct {
	version int64
	stamps  int
}

// planLedger has the ledger folded from now on.
func (h *House) planLedger(ctx context.Context) error {
	if h.config.Ledger.Days == 0 {
		return nil
	}
	return h.later(ctx, legLedger, organisation, 0)
}

// foldLedger is the durable leg that adds up what events came to. Rows, what is remembered of events, and that a batch is folded are
// written in one transaction: however often a batch comes, and whenever it is killed, an event counts once.
func (h *House) foldLedger(ctx context.Context, ref string) (time.Time, error) {
	if h.config.Ledger.Days == 0 || ref != organisation {
		return time.Time{}, nil
	}
	w := &h.folding
	w.Lock()
	defer w.Unlock()
	waiting, err := h.loadLedger(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := h.clock.Now()
	if len(waiting) == 0 {
		return now.Add(foldEvery), nil
	}
	harvest := h.harvest(waiting)
	if err := h.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveLedger(ctx, harvest) }); err != nil {
		w.memory = nil // it is ahead of the store
		return time.Time{}, fmt.Errorf("save the ledger: %w", err)
	}
	w.version++
	if len(waiting) == sheavesAtOnce {
		return now, nil
	}
	return now.Add(foldEvery), nil
}

// loadLedger sees to it that what is remembered is what the store has, and reads what waits.
func (h *House) loadLedger(ctx context.Context) (waiting []store.Sheaf, err error) {
	w := &h.folding
	err = h.store.View(ctx, func(tx *store.Tx) error {
		version, err := tx.LedgerVersion(ctx)
		if err != nil {
			return err
		}
		if w.memory == nil || w.version != version {
			stamps, err := tx.LedgerStamps(ctx)
			if err != nil {
				return err
			}
			w.memory, w.version, w.blocks = ledger.NewMemory(remembered), version, nil
			for _, s := range stamps {
				if err := w.memory.Load(s.Doc); err != nil {
					return err
				}
				w.blocks = append(w.blocks, block{s.Version, len(s.Doc) / 8})
			}
		}
		waiting, err = tx.Sheaves(ctx, sheavesAtOnce)
		return err
	})
	return waiting, err
}

// harvest folds what waits. What an older version wrote and this one cannot read is not told, and counted.
func (h *House) harvest(waiting []store.Sheaf) store.Harvest {
	w := &h.folding
	l := ledger.New(ledger.Options{Leaves: 1 << 30, Window: 2}) // the store folds, which knows what was before
	out := store.Harvest{Was: w.version, Leaves: h.config.Ledger.Leaves, Counts: map[string]int64{}}
	for _, x := range waiting {
		out.Taken = append(out.Taken, x.ID)
		s, err := ledger.Unpack(x.Doc)
		if err != nil {
			h.log.Warn("the ledger leaves a batch of events out", "error", err)
			out.Counts[unreadBatches]++
			continue
		}
		for i := range s.Entries {
			if w.memory.First(&s.Entries[i]) {
				l.Take(&s.Entries[i])
			} else {
				l.Leave(ledger.Duplicate, 1)
			}
		}
		for why, n := range s.Left {
			l.Leave(why, n)
		}
	}
	out.Facts, out.Stamps = l.Facts(), w.memory.Fresh()
	c := l.Counts()
	out.Counts[countEvents], out.Counts[countKept] = c.Events, c.Kept
	for why, n := range c.Left {
		out.Counts[countLeft+string(why)] = n
	}
	w.blocks = append(w.blocks, block{w.version + 1, len(out.Stamps) / 8})
	out.Forget = w.forget()
	return out
}

// forget is the version from which on stamps are still needed.
func (w *folding) forget() int64 {
	n := 0
	for i := len(w.blocks) - 1; i >= 0; i-- {
		if n >= remembered {
			w.blocks = w.blocks[i+1:]
			break
		}
		n += w.blocks[i].stamps
	}
	return w.blocks[0].version
}

// The names of what is counted in the store.
const (
	countEvents   = "events"
	countKept     = "kept"
	countLeft     = "left "
	unreadBatches = "batches that could not be read"
)

// Ledger is what the store has of who did what, of one principal or of all when it is empty; forgotten is how many uses are too long ago
// to be told, and waiting how many batches of events are not folded yet.
func Ledger(ctx context.Context, st *store.Store, principal string, o ledger.Options) (l *ledger.Ledger, told Told, err error) {
	l = ledger.New(o)
	names := []string{""}
	if principal != "" {
		names = ledger.Names(principal)
	}
	err = st.View(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			if err := tx.Facts(ctx, name, l.Put); err != nil {
				return err
			}
		}
		counts, err := tx.LedgerCounts(ctx)
		if err != nil {
			return err
		}
		c := ledger.Counts{Events: counts[countEvents], Kept: counts[countKept], Left: map[ledger.Reason]int64{}}
		for name, n := range counts {
			if why, ok := strings.CutPrefix(name, countLeft); ok {
				c.Left[ledger.Reason(why)] = n
			}
		}
		l.Resume(c)
		told.Forgotten, told.Unread = counts[store.Forgotten], counts[unreadBatches]
		waiting, err := tx.Sheaves(ctx, mostTold)
		told.Waiting = len(waiting)
		return err
	})
	return l, told, err
}

// Told is what a ledger of the store does not tell.
type Told struct {
	Forgotten int64 // uses that are too long ago
	Unread    int64 // batches of events that could not be read
	Waiting   int   // batches of events that are not folded yet, as far as they are counted
}

// mostTold is as far as what waits is counted.
const mostTold = 1000
