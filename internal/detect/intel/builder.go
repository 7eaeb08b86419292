package intel

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"net/netip"
	"slices"
	"time"

	"jobzero/internal/fault"
)

// Options are the limits of a set. The zero value is usable.
type Options struct {
	Max  int  // indicators, 2,000,000 when zero
	Deep bool // look for names, URLs, hashes and addresses in the parameters and answers of calls too
}

// maxScanned is how many patterns may have to be tried on every event, because no value of theirs can be looked up.
const maxScanned = 500

// ErrFull is the end of a reading that does not fit.
var ErrFull = fault.New(fault.Invalid, "there are more indicators than a set may have: leave old ones out")

// Builder collects indicators for a set. It is for one goroutine.
type Builder struct {
	o       Options
	seed    maphash.Seed
	rows    []row
	arena   []byte // texts, one behind the other
	texts   map[string]uint32
	tests   []*expr
	scanned []uint32
	ranges4 []span[uint32]
	ranges6 []span[wide]
	hashes  []entry
}

// row is an indicator, packed.
type row struct {
	value, id, source, note uint32 // where the text begins in the arena; its length stands before it
	from, until             int64  // seconds since 1970; 0 for none
	line                    uint32
	test                    uint32 // number of the test and one; 0 for none
	kind                    Kind
	confidence              int8
}

// entry is a text by its hash.
type entry struct {
	hash uint64
	row  uint32
}

// NewBuilder begins a set.
func NewBuilder(o Options) *Builder {
	if o.Max <= 0 {
		o.Max = 2_000_000
	}
	return &Builder{o: o, seed: maphash.MakeSeed(), arena: []byte{0, 0}, texts: map[string]uint32{}}
}

// take takes one indicator, whose value is normal.
func (b *Builder) take(i Indicator) error {
	if len(b.rows) >= b.o.Max || len(b.arena) > math.MaxInt32 {
		return ErrFull
	}
	n := uint32(len(b.rows)) //nolint:gosec // bounded above
	r := row{
		value: b.text(i.Value), id: b.text(i.ID), source: b.shared(i.Source), note: b.shared(i.Note), from: seconds(i.From), until: seconds(i.Until),
		line: uint32(min(i.Line, math.MaxInt32)), kind: i.Kind, confidence: int8(i.Confidence), //nolint:gosec // -1 to 100, and a line
	}
	if i.test != nil {
		if i.Kind == Nothing {
			if len(b.scanned) >= maxScanned {
				return fault.New(fault.Invalid, "more than %d patterns of LIKE or MATCHES alone: each is tried on every event; give them a value with = too", maxScanned)
			}
			b.scanned = append(b.scanned, n)
		}
		b.tests = append(b.tests, i.test)
		r.test = uint32(len(b.tests)) //nolint:gosec // fewer than rows
	}
	b.rows = append(b.rows, r)
	switch i.Kind {
	case Nothing:
	case Address:
		b.address(i.Value, n)
	default:
		b.hashes = append(b.hashes, entry{hash(b.seed, i.Kind, []byte(i.Value)), n})
	}
	return nil
}

func (b *Builder) address(value string, n uint32) {
	p, err := prefix(value)
	if err != nil {
		return // it was read by the same function before
	}
	if first := p.Addr(); first.Is4() {
		from := binary.BigEndian.Uint32(first.AsSlice())
		b.ranges4 = append(b.ranges4, span[uint32]{from, from | uint32(math.MaxUint32)>>p.Bits(), n})
		return
	}
	from := wideOf(p.Addr())
	b.ranges6 = append(b.ranges6, span[wide]{from, from.end(p.Bits()), n})
}

// text keeps a text that is unlikely to come again.
func (b *Builder) text(s string) uint32 {
	if s == "" {
		return 0
	}
	at := uint32(len(b.arena)) //nolint:gosec // bounded by take
	b.arena = binary.LittleEndian.AppendUint16(b.arena, uint16(min(len(s), math.MaxUint16)))
	b.arena = append(b.arena, s[:min(len(s), math.MaxUint16)]...)
	return at
}

// shared keeps a text that many have.
func (b *Builder) shared(s string) uint32 {
	at, ok := b.texts[s]
	if !ok {
		at = b.text(s)
		if len(b.texts) < 1<<16 {
			b.texts[s] = at
		}
	}
	return at
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func moment(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// hash is that of a value among those of its kind.
func hash(seed maphash.Seed, k Kind, value []byte) uint64 {
	return maphash.Bytes(seed, value) ^ uint64(k)*0x9E3779B97F4A7C15
}

// Set compiles what was collected. The builder is used up.
func (b *Builder) Set() *Set {
	s := &Set{
		deep: b.o.Deep, seed: b.seed, rows: slices.Clip(b.rows), arena: slices.Clip(b.arena), tests: b.tests, scanned: b.scanned,
		four: newTable(b.ranges4, less4, high4), six: newTable(b.ranges6, wide.less, wide.top), texts: newTexts(b.hashes),
	}
	for _, r := range s.rows {
		s.has[r.kind]++
	}
	for _, t := range s.tests {
		t.kinds(&s.wanted)
	}
	*b = Builder{}
	return s
}

func less4(a, b uint32) bool { return a < b }

func high4(a uint32) uint16 { return uint16(a >> 16) }

// wide is an IPv6 address.
type wide struct{ high, low uint64 }

func wideOf(a netip.Addr) wide {
	b := a.As16()
	return wide{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (a wide) less(b wide) bool { return a.high < b.high || a.high == b.high && a.low < b.low }

func (a wide) top() uint16 { return uint16(a.high >> 48) }

// end is the last address of a range that begins here.
func (a wide) end(bits int) wide {
	if bits >= 64 {
		return wide{a.high, a.low | math.MaxUint64>>(bits-64)}
	}
	return wide{a.high | math.MaxUint64>>bits, math.MaxUint64}
}
