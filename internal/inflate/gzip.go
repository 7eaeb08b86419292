package inflate

import (
	"encoding/binary"
	"hash/crc32"
)

// Decoder decompresses one object after the other. It keeps its tables between them and belongs to one goroutine; the zero value
// is ready.
type Decoder struct {
	src  []byte
	pos  int    // of the byte that goes into bits next
	bits buffer // read from src, not yet used

	limit int
	room  []byte // for all that comes out, limit at most
	out   []byte // room from the member's first byte on: a repetition reaches no further back
	n     int    // bytes of out that are written
	crc   uint32 // of the member's blocks until here

	code     code
	lens     [litCodes + distCodes]uint8
	lengths  [1 << lengthWidth]entry
	tables   tables
	distance int // that made rush stop
}

// Gzip writes the content of all members of src to dst[:0], or to a new slice where dst is too small, and returns it. If more
// than limit bytes come out, that is an error, and no more are allocated, whatever the source promises. With an error comes what
// was written until then: its whole members are checked, the rest is not. Dst must not overlap src.
func (d *Decoder) Gzip(dst, src []byte, limit int) ([]byte, error) {
	limit = max(limit, 0)
	d.src, d.pos, d.bits = src, 0, buffer{}
	d.limit, d.room = limit, dst[:min(cap(dst), limit)]
	if size := expected(src); int64(len(d.room)) < min(size, int64(limit)) {
		d.room = make([]byte, min(size+slackOut, int64(limit)))
	}
	done, err := 0, error(nil)
	for more := true; more; more = err == nil && !d.padding() {
		d.out, d.n = d.room[done:], 0
		err = d.member()
		done += d.n
	}
	content := d.room[:done]
	d.src, d.room, d.out = nil, nil, nil // they are the caller's
	return content, err
}

// expected is how much probably comes out. The last trailer is believed where text could well be packed that tight; where not, or
// where other members come before, room grows as it is needed.
func expected(src []byte) int64 {
	const tight = 32
	size := int64(len(src))
	if len(src) < 4 {
		return size
	}
	if said := int64(binary.LittleEndian.Uint32(src[len(src)-4:])); said/tight < size {
		return max(said, size)
	}
	return size
}

// member reads one member: header, blocks, trailer.
func (d *Decoder) member() error {
	if err := d.header(); err != nil {
		return err
	}
	d.crc = 0
	for last := false; !last; {
		from := d.n
		var err error
		if last, err = d.block(); err != nil {
			return err
		}
		d.crc = crc32.Update(d.crc, crc32.IEEETable, d.out[from:d.n]) // while it is in the cache
	}
	d.align()
	return d.trailer()
}

// trailer holds what has been written against what the member says of it.
func (d *Decoder) trailer() error {
	if len(d.src)-d.pos < 8 {
		return d.truncated()
	}
	if crc := binary.LittleEndian.Uint32(d.src[d.pos:]); crc != d.crc {
		return d.wrong("the content's CRC-32 is %08x, the trailer says %08x", d.crc, crc)
	}
	d.pos += 4
	if size := binary.LittleEndian.Uint32(d.src[d.pos:]); size != uint32(d.n) { //nolint:gosec // G115: RFC 1952: modulo 2^32
		return d.wrong("the content's length is %d, the trailer says %d", d.n, size)
	}
	d.pos += 4
	return nil
}

// padding tells whether there is nothing more but zeros, as on a tape.
func (d *Decoder) padding() bool {
	for _, b := range d.src[d.pos:] {
		if b != 0 {
			return false
		}
	}
	return true
}

// grow sees to it that there is room for n more bytes.
func (d *Decoder) grow(n int) error {
	if len(d.out)-d.n >= n {
		return nil
	}
	before := len(d.room) - len(d.out) // of members before
	written := before + d.n
	if d.limit-written < n {
		return d.wrong("more than the limit of %d bytes comes out", d.limit)
	}
	size := d.limit
	if need := written + n; need < size/2-slackOut {
		size = 2 * (need + slackOut)
	}
	room := make([]byte, size)
	copy(room, d.room[:written])
	d.room, d.out = room, room[before:]
	return nil
}
