package rawjson

import (
	"encoding/binary"
	"math/bits"
)

// quickDepth is how deep the quick reader follows brackets; the kinds of the open ones are bits of a word.
const quickDepth = 64

// Quick reads what machines write: compact ASCII without white space between its tokens, as AWS writes its logs. Its methods
// give the index behind what they read, or -1 when it is something else, well formed or not: then ask Object. It is used for
// one buffer after another, and not by two goroutines.
type Quick struct {
	b           []byte
	quotes, odd []uint64 // see index
}

// Reset turns to another buffer.
func (q *Quick) Reset(b []byte) {
	n := (len(b) + 63) / 64
	if cap(q.quotes) < n {
		q.quotes, q.odd = make([]uint64, n+n/4), make([]uint64, n+n/4)
	}
	q.b, q.quotes, q.odd = b, q.quotes[:n], q.odd[:n]
	index(b, q.quotes, q.odd)
}

// At is the byte at i, 0 behind the end.
func (q *Quick) At(i int) byte {
	if uint(i) < uint(len(q.b)) {
		return q.b[i]
	}
	return 0
}

// Object reads the object that begins at i. visit gets the name of each member, lent and as it was written, and where its value
// begins (there is a byte); it gives the index behind the value, by Value or by an Object of its own. When Object gives -1
// visit may have been called.
func (q *Quick) Object(i int, visit func(name []byte, at int) (end int)) int {
	if q.At(i) != '{' {
		return -1
	}
	i++
	if q.At(i) == '}' {
		return i + 1
	}
	for q.At(i) == '"' {
		name := i + 1
		if i = q.Text(name); i < 0 || i+1 >= len(q.b) || q.b[i] != ':' {
			return -1
		}
		if i = visit(q.b[name:i-1], i+1); i < 0 {
			return -1
		}
		switch q.At(i) {
		case '}':
			return i + 1
		case ',':
			i++
		default:
			return -1
		}
	}
	return -1
}

// Value reads the value that begins at i.
func (q *Quick) Value(i int) int {
	switch q.At(i) {
	case '"':
		return q.Text(i + 1)
	case '{', '[':
		return q.nest(i)
	default:
		return quickWord(q.b, i)
	}
}

// nest goes through an object or array: the loop is one state machine, because a call a value costs more than the value.
func (q *Quick) nest(i int) int { //nolint:cyclop,funlen,gocognit // see above: the states are the grammar
	var (
		objects uint64 // bit depth-1: the bracket open at that depth is an object's
		depth   int
		b       = q.b
	)
value:
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		if i = q.Text(i + 1); i < 0 {
			return -1
		}
	case '{':
		if depth == quickDepth {
			return -1
		}
		objects |= 1 << depth
		depth++
		i++
		if i < len(b) && b[i] == '}' {
			depth--
			i++
			break
		}
		goto name
	case '[':
		if depth == quickDepth {
			return -1
		}
		objects &^= 1 << depth
		depth++
		i++
		if i < len(b) && b[i] == ']' {
			depth--
			i++
			break
		}
		goto value
	default:
		if i = quickWord(b, i); i < 0 {
			return -1
		}
	}
	for depth > 0 {
		if i >= len(b) {
			return -1
		}
		c := b[i]
		i++
		if objects>>(depth-1)&1 == 1 {
			if c == ',' {
				goto name
			}
			if c != '}' {
				return -1
			}
		} else {
			if c == ',' {
				goto value
			}
			if c != ']' {
				return -1
			}
		}
		depth--
	}
	return i
name:
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	if i = q.Text(i + 1); i < 0 || i >= len(b) || b[i] != ':' {
		return -1
	}
	i++
	goto value
}

// Text reads the string whose content begins at i.
func (q *Quick) Text(i int) int {
	w := uint(i) / 64
	if w >= uint(len(q.quotes)) || w >= uint(len(q.odd)) {
		return -1
	}
	skip := uint(i) % 64
	quotes, odd := q.quotes[w]>>skip, q.odd[w]>>skip
	if below := quotes - 1; quotes != 0 && odd&below&^quotes == 0 {
		return i + bits.TrailingZeros64(quotes) + 1
	}
	return q.longText(i, w, quotes, odd)
}

// longText reads a string that ends in another word than it begins in, or has something odd in it.
func (q *Quick) longText(i int, w uint, quotes, odd uint64) int {
	if quotes == 0 && odd == 0 {
		for w++; w < uint(len(q.quotes)); w++ {
			quotes, odd = q.quotes[w], q.odd[w]
			if quotes|odd != 0 {
				break
			}
		}
		if below := quotes - 1; quotes != 0 && odd&below&^quotes == 0 {
			return int(w*64) + bits.TrailingZeros64(quotes) + 1
		}
	}
	return q.oddText(i)
}

// oddText reads a string that may have something odd in it.
func (q *Quick) oddText(i int) int {
	start := i
	for {
		i += Special(q.b[i:])
		if i >= len(q.b) || q.b[i] < ' ' {
			return -1
		}
		if q.b[i] == '"' {
			break
		}
		n := escape(q.b[i:])
		if n == 0 {
			return -1
		}
		i += n
	}
	if !isASCII(q.b[start:i]) {
		return -1
	}
	return i + 1
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&highs != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// quickWord gives the index behind a number, true, false or null at b[i], -1 when it is none.
func quickWord(b []byte, i int) int {
	if i+5 > len(b) { // the end of a record is always further away
		return -1
	}
	switch c := b[i]; {
	case c == 'n' || c == 't':
		if x := binary.LittleEndian.Uint32(b[i:]); x != null && x != yes {
			return -1
		}
		return i + 4
	case c == 'f':
		if binary.LittleEndian.Uint32(b[i+1:]) != no {
			return -1
		}
		return i + 5
	case c == '-' || '0' <= c && c <= '9':
		w := walker{b: b, pos: i}
		if w.number() != nil {
			return -1
		}
		return w.pos
	}
	return -1
}

// The words as a little-endian machine reads them: null, true, and false without its first letter.
const (
	null = 'n' | 'u'<<8 | 'l'<<16 | 'l'<<24
	yes  = 't' | 'r'<<8 | 'u'<<16 | 'e'<<24
	no   = 'a' | 'l'<<8 | 's'<<16 | 'e'<<24
)
