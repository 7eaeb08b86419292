package inflate

import "encoding/binary"

// verdict is why rush stopped.
type verdict int

const (
	noSlack verdict = iota // too near to one of the ends
	ended
	noSuchCode
	tooFarBack
)

// What one round of rush may read and write at most.
const (
	slackIn   = 2 * wordBytes     // feeds the buffer twice, the second time up to 7 bytes further
	slackOut  = 3*3 + maxRepeat   // three entries of literals and a repetition
	maxRepeat = 258 + 2*moveBytes // and what the last move overshoots
	moveBytes = 16
)

// rush decodes symbols as long as there is slack at both ends, so that the ends are looked at once a round. A round is up to three
// entries of literals and a repetition. The 56 bits that it begins with are enough for two entries and a literal or length
// (2*10 + 15+5); a distance (15+13) may need the buffer to be fed again.
//
// The helpers are inlined and take and give values, and src and out are loaded anew each round: so the compiler has registers for
// the bits. Otherwise it puts them on the stack now and then, and every symbol waits for that.
func (d *Decoder) rush(t *tables) verdict { //nolint:funlen // one loop: a call in it would empty the registers
	pos, n, b := d.pos, d.n, d.bits
	why := noSlack
	var used int
	for pos >= 0 && pos <= len(d.src)-slackIn && n >= 0 && n <= len(d.out)-slackOut {
		to := (*[slackOut]byte)(d.out[n:])
		k := uint(0) // bytes of literals in to
		b, used = b.feed(word(d.src, pos))
		pos += used
		e := t.literal(b)
		if e.literal() {
			k, b = putLiterals(to, k, e, b)
			e = t.literal(b)
			if e.literal() {
				k, b = putLiterals(to, k, e, b)
				e = t.literal(b)
				if e.literal() {
					k, b = putLiterals(to, k, e, b)
					n += int(k)
					continue
				}
			}
		}
		if e.special() {
			if e.pointer() {
				b = b.drop(e)
				e = t.lit[e.follow(b)]
			}
			if e.literal() {
				k, b = putLiterals(to, k, e, b)
				n += int(k)
				continue
			}
			if e.special() {
				b = b.drop(e)
				n += int(k)
				why = noSuchCode
				if e.ends() {
					why = ended
				}
				break
			}
		}
		length := b.value(e)
		b = b.drop(e)
		n += int(k)
		if b.count() < maxCode+maxExtra {
			b, used = b.feed(word(d.src, pos))
			pos += used
		}
		e = t.distance(b)
		if e.special() {
			if e.pointer() {
				b = b.drop(e)
				e = t.dist[e.follow(b)]
			}
			if e.special() {
				why = noSuchCode
				break
			}
		}
		dist := b.value(e)
		b = b.drop(e)
		from := n - dist
		if from < 0 || from > len(d.out)-maxRepeat { // the latter cannot be: it spares checks below
			d.distance = dist
			why = tooFarBack
			break
		}
		if dist < moveBytes {
			repeatNear(d.out[from:], dist, length)
			n += length
			continue
		}
		n += length
		// How far to go is asked twice only: a wrong guess of the processor costs more than some moves too many.
		at, back := (*[maxRepeat]byte)(to[k:]), (*[maxRepeat]byte)(d.out[from:])
		move(at, back, 0)
		move(at, back, moveBytes)
		if length <= 2*moveBytes {
			continue
		}
		for i := 2 * moveBytes; i < 128; i += moveBytes {
			move(at, back, i)
		}
		if length <= 128 {
			continue
		}
		for i := 128; i < maxRepeat-moveBytes; i += moveBytes {
			move(at, back, i)
		}
	}
	d.pos, d.n, d.bits = pos, n, b
	return why
}

func (t *tables) literal(b buffer) entry { return t.lit[b.bits&(1<<litWidth-1)] }

func (t *tables) distance(b buffer) entry { return t.dist[b.bits&(1<<distWidth-1)] }

// putLiterals writes one literal or two behind the first k bytes: always both, counting those that are there.
func putLiterals(to *[slackOut]byte, k uint, e entry, b buffer) (uint, buffer) {
	binary.LittleEndian.PutUint16(to[k:], uint16(e>>16))
	return k + e.bytes(), b.drop(e)
}

func move(to, from *[maxRepeat]byte, i int) {
	*(*[moveBytes]byte)(to[i:]) = *(*[moveBytes]byte)(from[i:])
}

// repeatNear writes the first period bytes of b again and again behind themselves. What has a short period also has one twice as
// long: it is doubled until it is as long as a move.
//
//go:noinline
func repeatNear(b []byte, period, length int) {
	end := period + length
	for ; period < moveBytes; period *= 2 {
		*(*[moveBytes]byte)(b[period:]) = *(*[moveBytes]byte)(b)
	}
	for at := period; at < end; at += moveBytes {
		*(*[moveBytes]byte)(b[at:]) = *(*[moveBytes]byte)(b[at-period:])
	}
}
