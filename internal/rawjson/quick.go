package rawjson

import (
	"encoding/binary"
	"math/bits"
)

// quickDepth is how deep the quick reader follows brackets; the kinds of the open ones are bits of a word.
const quickDepth = 64

// QuickObject reads the object that begins at b[i] when it is compact ASCII without white space between its tokens, as AWS
// writes its logs. visit gets the name of each member, lent and as it was written, and where its value begins (there is a byte); it gives the
// index behind the value, by QuickValue or by a QuickObject of its own. QuickObject gives the index behind the object, or -1
// when the object is something else, well formed or not, and then visit may have been called: ask Object.
func QuickObject(b []byte, i int, visit func(name []byte, at int) (end int)) int {
	if i >= len(b) || b[i] != '{' {
		return -1
	}
	i++
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for i < len(b) && b[i] == '"' {
		name := i + 1
		if i = quickText(b, name); i < 0 || i+1 >= len(b) || b[i] != ':' {
			return -1
		}
		if i = visit(b[name:i-1], i+1); i < 0 || i >= len(b) {
			return -1
		}
		switch b[i] {
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

// QuickValue gives the index behind the value at b[i], -1 when it is not what the quick reader reads.
func QuickValue(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return quickText(b, i+1)
	case '{', '[':
		return quickNest(b, i)
	default:
		return quickWord(b, i)
	}
}

// quickNest goes through an object or array: the loop is one state machine, because a call a value costs more than the value.
func quickNest(b []byte, i int) int { //nolint:cyclop,funlen,gocognit // see above: the states are the grammar
	var (
		objects uint64 // bit depth-1: the bracket open at that depth is an object's
		depth   int
	)
value:
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		if i = quickText(b, i+1); i < 0 {
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
	if i = quickText(b, i+1); i < 0 || i >= len(b) || b[i] != ':' {
		return -1
	}
	i++
	goto value
}

// quickText gives the index behind the closing quote of the string whose content begins at b[i], -1 when it is not ASCII or
// not well formed.
func quickText(b []byte, i int) int {
	for {
		for i+8 <= len(b) {
			x := binary.LittleEndian.Uint64(b[i:])
			quote, slash := x^('"'*ones), x^('\\'*ones)
			// A byte of 0x80 and above is found by itself, one below a space by what it borrows; the lowest bit found is right.
			found := ((quote-ones)&^quote | (slash-ones)&^slash | (x - ' '*ones) | x) & highs
			if found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		for i+8 > len(b) && i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' && b[i] < 0x80 {
			i++
		}
		if i >= len(b) {
			return -1
		}
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			n := escape(b[i:])
			if n == 0 {
				return -1
			}
			i += n
		default:
			return -1
		}
	}
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
