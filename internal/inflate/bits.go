package inflate

import "encoding/binary"

// buffer holds the next bits of the source, the first one lowest. Above its count it holds zeros or what the source holds
// there: to feed the same bits again changes nothing.
type buffer struct {
	bits uint64
	left uint64 // only the low byte counts: drop subtracts a whole entry, which saves an instruction for every symbol
}

const wordBytes = 8 // what feed looks at

// feed tops the buffer up to 56 to 63 bits from the next 8 bytes, of which it uses as many as it says, without a branch.
func (b buffer) feed(word uint64) (fed buffer, used int) {
	return buffer{bits: b.bits | word<<(b.left&63), left: b.left | 56}, int(^b.left >> 3 & 7)
}

// count is the number of bits that are there, 63 at most.
func (b buffer) count() int { return int(b.left & 0xff) }

// drop takes off what a symbol uses.
func (b buffer) drop(e entry) buffer {
	return buffer{bits: b.bits >> (e & 63), left: b.left - uint64(e)}
}

// value is what a symbol stands for: its base and the extra bits behind its code.
func (b buffer) value(e entry) int {
	return int(e>>16) + int(b.bits&(1<<(e&63)-1)>>(e>>8&15)) //nolint:gosec // G115: it has 13 bits at most
}

// word loads the 8 bytes from the place on.
func word(b []byte, at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }

// fill tops the buffer up as far as the source goes.
func (d *Decoder) fill() {
	if d.pos <= len(d.src)-wordBytes {
		var used int
		d.bits, used = d.bits.feed(word(d.src, d.pos))
		d.pos += used
		return
	}
	for d.bits.count() < 56 && d.pos < len(d.src) {
		d.bits.bits |= uint64(d.src[d.pos]) << d.bits.count()
		d.bits.left += 8
		d.pos++
	}
}

// take reads a number of n bits, 16 at most.
func (d *Decoder) take(n int) (uint64, error) {
	if d.bits.count() < n {
		if d.fill(); d.bits.count() < n {
			return 0, d.truncated()
		}
	}
	v := d.bits.bits & (1<<n - 1)
	d.bits = d.bits.drop(field(n, 0))
	return v, nil
}

// align gives back the whole bytes that the buffer holds and forgets the rest: what follows begins at a byte.
func (d *Decoder) align() {
	d.pos -= d.bits.count() / 8
	d.bits = buffer{}
}

// at is the byte of the source that is being read.
func (d *Decoder) at() int { return d.pos - (d.bits.count()+7)/8 }
