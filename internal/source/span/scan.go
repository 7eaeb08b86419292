package span

import (
	"bytes"
	"fmt"
)

// scan follows one value: its brackets, its strings and, at its top level, the names of its members. It is lenient on purpose:
// it finds where a value ends even when the value is wrong inside, and leaves the letter of the law to Object.
type scan struct {
	r      *Reader
	top    bool   // the value stands at the top of the stream, not in a list
	tail   bool   // it is the rest of an object around a list: no record by itself
	start  int64  // where it begins in the stream
	head   []byte // its first bytes, once it outgrew the limit
	levels []byte // open brackets
	prev   byte   // what came before: a bracket, ',' or ':'; 'k' a member's name, 'v' a value, 0 nothing
	key    []byte // the last name at the value's top level
	known  int    // names at its top level that the reader's owner asked for, once it outgrew the limit
	reason string // the first thing that was wrong
}

func newScan(r *Reader, top bool) *scan {
	r.scan = scan{r: r, top: top, start: r.base + int64(r.pos), levels: r.scan.levels[:0], key: r.scan.key[:0]}
	return &r.scan
}

func (s *scan) here() int64 { return s.r.base + int64(s.r.pos) }

func (s *scan) inObject() bool { return len(s.levels) > 0 && s.levels[len(s.levels)-1] == '{' }

func (s *scan) bad(format string, args ...any) {
	if s.reason == "" {
		s.reason = fmt.Sprintf(format, args...)
	}
}

// run follows the value to its end; false when there was no piece in it (an object around a list).
func (s *scan) run() (Piece, bool) {
	r := s.r
	for {
		if r.pos >= r.end && !s.more() {
			return s.cut()
		}
		switch c := r.buf[r.pos]; c {
		case ' ', '\t', '\r', '\n':
		case '"':
			if !s.text() {
				return s.unfinished()
			}
			continue // behind the closing quote already
		case '{', '[':
			if s.boundary(c) {
				return s.broken()
			}
			if c == '[' && s.isList() {
				r.pos++
				r.list, r.wrapped = string(s.key), true
				return Piece{}, false
			}
			if len(s.levels) >= maxLevels {
				return s.hopeless(fmt.Sprintf("brackets nest deeper than %d levels: the rest can not be followed", maxLevels))
			}
			s.levels = append(s.levels, c)
			s.prev = c
		case '}', ']':
			if s.listEnd(c) {
				return s.piece()
			}
			if s.close(c) {
				r.pos++
				return s.piece()
			}
		case ',':
			if len(s.levels) == 0 {
				return s.piece() // a bare word ends here
			}
			s.prev = c
		case ':':
			s.prev = c
		default:
			s.prev = 'v'
		}
		r.pos++
	}
}

// boundary says whether a brace that cannot belong to this value begins the next one: behind a bare word, at the start of a
// line, after a comma between the members of a list's element, or in an element already found wrong. Anything else that is out of place is only noted.
func (s *scan) boundary(c byte) bool {
	switch {
	case len(s.levels) == 0 && s.prev == 0,
		s.inObject() && s.prev == ':',
		len(s.levels) > 0 && !s.inObject() && (s.prev == '[' || s.prev == ','):
		return false
	}
	before := s.reason
	s.bad("%q at byte %d is out of place", c, s.here())
	if c != '{' {
		return false
	}
	return len(s.levels) == 0 || s.lineStart() || !s.top && (before != "" || s.inObject() && s.prev == ',')
}

// listEnd says whether the bracket here is the list's own: behind a bare word, or behind an element that was found wrong before
// and holds no such bracket.
func (s *scan) listEnd(c byte) bool {
	if c != ']' || s.top {
		return false
	}
	return len(s.levels) == 0 || s.reason != "" && bytes.IndexByte(s.levels, '[') < 0
}

// lineStart says whether the byte here is the first of its line.
func (s *scan) lineStart() bool { return s.r.pos > 0 && s.r.buf[s.r.pos-1] == '\n' }

// isList says whether the bracket here opens the list of records of the object around it.
func (s *scan) isList() bool {
	return s.top && len(s.levels) == 1 && s.prev == ':' && (string(s.key) == "Records" || string(s.key) == "Events")
}

// close takes a closing bracket and says whether the value ends with it. One that skips open brackets of the other kind closes
// those too; one that closes nothing is only noted.
func (s *scan) close(c byte) bool {
	open := byte('{')
	if c == ']' {
		open = '['
	}
	i := bytes.LastIndexByte(s.levels, open)
	if i != len(s.levels)-1 || i < 0 {
		s.bad("%q at byte %d closes nothing", c, s.here())
	}
	if i < 0 {
		s.prev = 'v'
		return false
	}
	s.levels = s.levels[:i]
	s.prev = 'v'
	return i == 0
}
