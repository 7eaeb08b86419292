package ledger

import (
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
)

// Options are the limits of a ledger. The zero value is usable.
type Options struct {
	Leaves int // different resources of a kind that one principal touched by one action and that are told one by one; 100 when zero
	Rows   int // different principals, roots, actions, resources, accounts and regions together; 2,000,000 when zero, of some 300 bytes
	Days   int // days of all rows; 8,000,000 when zero, of 24 bytes
	Roots  int // different people and workloads; 100,000 when zero
	Window int // events, and files, that are remembered, so that none counts twice; 1,048,576 of each when zero, of 16 to 32 bytes
}

func (o Options) filled() Options {
	for _, d := range []struct {
		n     *int
		usual int
	}{{&o.Leaves, 100}, {&o.Rows, 2_000_000}, {&o.Days, 8_000_000}, {&o.Roots, 100_000}, {&o.Window, 1 << 20}} {
		if *d.n <= 0 {
			*d.n = d.usual
		}
	}
	return o
}

// Counts are what became of records. Events is Kept and the sum of Left.
type Counts struct {
	Events int64            `json:"events"`         // records that were given
	Kept   int64            `json:"kept"`           // that came to an entry or more
	Left   map[Reason]int64 `json:"left,omitempty"` // that came to none, by the reason

	Overlap int64 `json:"overlap,omitempty"` // events that were in two ledgers that were merged, and count twice
	Roots   int64 `json:"roots,omitempty"`   // uses of which only the kind of the root was kept, because there were too many
	Beyond  int64 `json:"beyond,omitempty"`  // uses of which only the day was kept, because there were too many rows
}

// Ledger is who did what. It is for one goroutine; ledgers of parts can be merged.
type Ledger struct {
	o      Options
	reader *Reader
	words  table[string]
	acts   table[Act]
	roots  table[Root]
	rows   map[key]*row
	groups map[place]*group
	days   int // of all rows
	coarse Coarse
	seen   window // events
	files  window // that were read whole
	counts Counts
	index  map[string][]*row // by principal; nil when something was added since
	known  known
}

// Coarse says how far the whole ledger was folded, because it met a limit.
type Coarse struct {
	Rows int `json:"rows,omitempty"` // 1: resources by their kind or bucket, 2: by service, 3: without who was behind it
	Days int `json:"days,omitempty"` // 1: months, 2: no days
}

const (
	mostRows = 3
	mostDays = 2
)

// key is what a row is about, as numbers of words.
type key struct{ principal, root, act, resource, account, region uint32 }

// row is the uses of one key, by day.
type row struct {
	key  key
	days []cell
}

// cell is one day of a row.
type cell struct {
	day                     uint32 // since 1970; the first of the month when days are folded, and 0 when there are none
	times, refused, console uint32
	first, last             uint32 // seconds since 1970
}

// New makes an empty ledger.
func New(o Options) *Ledger {
	l := &Ledger{o: o.filled(), counts: Counts{Left: map[Reason]int64{}}}
	l.seen.half = max(1, l.o.Window/2)
	l.files.half = l.seen.half
	l.empty()
	return l
}

func (l *Ledger) empty() {
	l.words, l.acts, l.roots = newTable[string](), newTable[Act](), newTable[Root]()
	l.rows, l.groups, l.days, l.index = map[key]*row{}, map[place]*group{}, 0, nil
	l.known = newKnown()
}

// Behind says by which graph the records that are added are traced; without it, by what a record says itself.
func (l *Ledger) Behind(g *lineage.Graph) { l.reader = NewReader(g) }

// Add takes a record, and says why it came to no entry when it did not.
func (l *Ledger) Add(r *event.Record) Reason {
	if l.reader == nil {
		l.reader = NewReader(nil)
	}
	e, why := l.reader.Read(r)
	if why != Kept {
		l.Leave(why, 1)
		return why
	}
	return l.Take(&e)
}

// Leave counts records that came to no entry.
func (l *Ledger) Leave(why Reason, n int64) {
	l.counts.Events += n
	l.counts.Left[why] += n
}

// Take takes an entry of a reader.
func (l *Ledger) Take(e *Entry) Reason {
	l.counts.Events++
	if e.stamp != 0 && !l.seen.first(e.stamp) {
		l.counts.Left[Duplicate]++
		return Duplicate
	}
	l.counts.Kept++
	at := uint32(e.at) //nolint:gosec // a reader makes no other
	c := cell{day: at / day, times: 1, first: at, last: at}
	if e.refused {
		c.refused = 1
	}
	if e.console {
		c.console = 1
	}
	for i := range e.uses {
		for _, resource := range e.uses[i].resources {
			if !l.quick(e, &e.uses[i], resource, c) {
				l.put(e.tuple(&e.uses[i], resource), c)
			}
		}
	}
	return Kept
}

// Counts gives the counts.
func (l *Ledger) Counts() Counts {
	c := l.counts
	c.Left = map[Reason]int64{}
	for why, n := range l.counts.Left {
		c.Left[why] = n
	}
	return c
}

// Coarse says how far the whole ledger was folded.
func (l *Ledger) Coarse() Coarse { return l.coarse }

// Size is how much a ledger holds.
type Size struct {
	Rows   int `json:"rows"`
	Days   int `json:"days"`   // of all rows
	Words  int `json:"words"`  // different texts
	Folded int `json:"folded"` // places in which one resource stands for many
}

// Size says how much the ledger holds.
func (l *Ledger) Size() Size {
	s := Size{Rows: len(l.rows), Days: l.days, Words: len(l.words.list)}
	for _, g := range l.groups {
		if g.level > 0 {
			s.Folded++
		}
	}
	return s
}
