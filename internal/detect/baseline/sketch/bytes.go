package sketch

import (
	"encoding/binary"
	"math"

	"jobzero/internal/fault"
)

// Writer appends values to Bytes.
type Writer struct{ Bytes []byte }

// Uint writes a number that is mostly small.
func (w *Writer) Uint(x uint64) { w.Bytes = binary.AppendUvarint(w.Bytes, x) }

// Int writes a number that is mostly near zero.
func (w *Writer) Int(x int64) { w.Bytes = binary.AppendVarint(w.Bytes, x) }

// Fixed writes eight bytes.
func (w *Writer) Fixed(x uint64) { w.Bytes = binary.BigEndian.AppendUint64(w.Bytes, x) }

// Float writes four bytes.
func (w *Writer) Float(x float32) {
	w.Bytes = binary.BigEndian.AppendUint32(w.Bytes, math.Float32bits(x))
}

// Text writes a text.
func (w *Writer) Text(s string) {
	w.Uint(uint64(len(s)))
	w.Bytes = append(w.Bytes, s...)
}

// Raw writes bytes whose number the reader knows.
func (w *Writer) Raw(b []byte) { w.Bytes = append(w.Bytes, b...) }

// Reader reads what a Writer wrote. After the first thing that is wrong it reads only zeros, and Err says what that was.
type Reader struct {
	rest []byte
	err  error
}

// NewReader reads the bytes.
func NewReader(b []byte) *Reader { return &Reader{rest: b} }

// Err is what was wrong first; it is fault.Invalid.
func (r *Reader) Err() error { return r.err }

// Empty reports whether all was read.
func (r *Reader) Empty() bool { return len(r.rest) == 0 }

// Fail notes what is wrong.
func (r *Reader) Fail(what string) {
	if r.err == nil {
		r.err = fault.New(fault.Invalid, "broken state: %s, %d bytes before the end", what, len(r.rest))
	}
	r.rest = nil
}

// Uint reads a number.
func (r *Reader) Uint() uint64 {
	x, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.Fail("no number")
		return 0
	}
	r.rest = r.rest[n:]
	return x
}

// Uint32 reads a number that must fit.
func (r *Reader) Uint32() uint32 {
	x := r.Uint()
	if x > math.MaxUint32 {
		r.Fail("a number too large")
		return 0
	}
	return uint32(x)
}

// Int reads a number.
func (r *Reader) Int() int64 {
	x, n := binary.Varint(r.rest)
	if n <= 0 {
		r.Fail("no number")
		return 0
	}
	r.rest = r.rest[n:]
	return x
}

// Count reads how many things follow. Each takes a byte at least, so that a broken number makes nobody ask for memory.
func (r *Reader) Count(most int) int {
	x := r.Uint()
	if most < 0 || x > uint64(most) || x > uint64(len(r.rest)) {
		r.Fail("more things than there can be")
		return 0
	}
	return int(x) //nolint:gosec // most at most
}

// Fixed reads eight bytes.
func (r *Reader) Fixed() uint64 { return binary.BigEndian.Uint64(r.Raw(8)) }

// Float reads four bytes; it must be a finite number.
func (r *Reader) Float() float32 {
	x := math.Float32frombits(binary.BigEndian.Uint32(r.Raw(4)))
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		r.Fail("not a number")
		return 0
	}
	return x
}

// Text reads a text.
func (r *Reader) Text() string { return string(r.Raw(r.Count(len(r.rest)))) }

// Raw reads so many bytes; zeros when there are not so many.
func (r *Reader) Raw(n int) []byte {
	if n > len(r.rest) {
		r.Fail("not whole")
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
