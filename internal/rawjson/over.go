package rawjson

import "bytes"

// Iterator goes over the members of an object or the elements of an array that has been checked before. Make it with Over.
//
//	for it := rawjson.Over(v); it.Next(); {
//		use(it.Name, it.Value)
//	}
type Iterator struct {
	Name  []byte // of a member, escapes resolved; lent unless it had some; nil for elements
	Value Value  // lent
	At    int    // where Value begins in what Over was given

	all  []byte
	pos  int
	kind byte
}

// Over begins at the first member or element; a value of another kind has none.
func Over(v Value) Iterator {
	if len(v) < 2 || (v[0] != '{' && v[0] != '[') {
		return Iterator{}
	}
	return Iterator{all: v[:len(v)-1], pos: 1, kind: v[0]}
}

// Next goes on; false at the end.
func (it *Iterator) Next() bool {
	b := it.all
	i := blank(b, it.pos)
	if i >= len(b) {
		return false
	}
	if it.kind == '{' {
		end := skipText(b, i)
		it.Name = plain(b[i:end])
		i = blank(b, blank(b, end)+1) // behind the colon
	}
	end := skip(b, i)
	it.Value, it.At = Value(b[i:end]), i
	it.pos = blank(b, end) + 1 // behind the comma
	return true
}

func blank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skip gives the index behind the checked value at b[i].
func skip(b []byte, i int) int {
	if i >= len(b) {
		return len(b)
	}
	switch b[i] {
	case '"':
		return skipText(b, i)
	case '{', '[':
	default:
		for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
			i++
		}
		return i
	}
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i = skipText(b, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// skipText gives the index behind the checked string that opens at b[i].
func skipText(b []byte, i int) int {
	for i++; i < len(b); i++ {
		i += Special(b[i:])
		if i >= len(b) || b[i] == '"' {
			break
		}
		i++ // the escaped character
	}
	return min(i+1, len(b))
}

// Compact appends the value without white space and with nothing escaped that need not be, in the order in which it was
// written. It is what people who look for a piece of JSON as text have in mind.
func Compact(to []byte, v Value) []byte {
	for i := 0; i < len(v); {
		switch c := v[i]; c {
		case ' ', '\n', '\t', '\r':
			i++
		case '"':
			end := skipText(v, i)
			to = compactText(to, v[i:end])
			i = end
		default:
			to = append(to, c)
			i++
		}
	}
	return to
}

// compactText appends a string; without escapes it is as it was written.
func compactText(to []byte, q []byte) []byte {
	if bytes.IndexByte(q, '\\') < 0 {
		return append(to, q...)
	}
	return append(to, requote(unquote(q))...)
}
