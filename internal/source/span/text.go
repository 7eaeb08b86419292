package span

import (
	"bytes"

	"jobzero/internal/rawjson"
)

// text follows a string to behind its closing quote; false when the value cannot go on. A line's end inside a string is never
// valid: at the top it ends the value; in a list it ends only the string, so that one missing quote costs one record.
func (s *scan) text() bool {
	r := s.r
	isKey := s.inObject() && (s.prev == '{' || s.prev == ',')
	from := s.here() + 1
	r.pos++
	for {
		if r.pos >= r.end && !s.more() {
			return false
		}
		i := r.pos + rawjson.Special(r.buf[r.pos:r.end])
		r.pos = i
		if i == r.end {
			continue
		}
		switch r.buf[i] {
		case '\\':
			r.pos++
			if r.pos >= r.end && !s.more() {
				return false
			}
			if r.buf[r.pos] != '\n' {
				r.pos++
			}
		case '\n':
			s.bad("a line ends inside a string at byte %d", s.here())
			s.prev = 'v'
			return !s.top
		case '"':
			s.prev = 'v'
			if isKey {
				s.prev = 'k'
				s.name(from)
			}
			r.pos++
			return true
		default: // a control character: Object will refuse it
			r.pos++
		}
	}
}

// name notes the member's name that ends here, when it is one of the value's own.
func (s *scan) name(from int64) {
	if len(s.levels) != 1 || !s.top && s.head == nil {
		return
	}
	s.key = s.key[:0]
	if i := int(from - s.r.base); i >= 0 && s.r.pos-i <= maxName {
		s.key = append(s.key, s.r.buf[i:s.r.pos]...)
	}
	if s.head != nil && s.r.names[string(s.key)] {
		s.known++
	}
}

// more reads on inside the value. Once the value is past the limit, only its head is kept.
func (s *scan) more() bool {
	r := s.r
	if s.head == nil && s.here()-s.start > int64(r.max) {
		kept := r.buf[s.start-r.base : r.pos]
		s.head = bytes.Clone(kept[:r.headMax()])
		for name := range r.names {
			if bytes.Contains(kept, []byte(`"`+name+`"`)) {
				s.known++
			}
		}
	}
	if s.head != nil {
		return r.fill(max(0, r.pos-maxName)) // a little is kept: the line's start, a name that was being read
	}
	return r.fill(int(s.start - r.base))
}
