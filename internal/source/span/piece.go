package span

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// bytes is what is kept of the value so far.
func (s *scan) bytes() []byte {
	if s.head != nil {
		return s.head
	}
	return s.r.buf[s.start-s.r.base : s.r.pos]
}

// made is the piece of the value so far.
func (s *scan) made(state State, reason string) Piece {
	p := Piece{State: state, Bytes: s.bytes(), Size: s.here() - s.start, Offset: s.start, Reason: reason, List: s.r.list, Known: s.known}
	if state == Whole {
		return p
	}
	if limit := s.r.headMax(); p.Size > int64(limit) {
		p.Bytes = p.Bytes[:limit]
		return p
	}
	p.Bytes = bytes.TrimRight(p.Bytes, " \t\r\n")
	p.Size = int64(len(p.Bytes))
	return p
}

// piece is the value, ended where it should.
func (s *scan) piece() (Piece, bool) {
	size := s.here() - s.start
	switch {
	case s.tail && s.reason == "":
		return Piece{}, false
	case size > int64(s.r.max):
		return s.made(Oversize, fmt.Sprintf("the record has %d bytes, more than the limit of %d", size, s.r.max)), true
	case s.reason != "":
		return s.made(Broken, "broken JSON: "+s.reason), true
	}
	return s.made(Whole, ""), true
}

// unfinished is a value whose string did not end.
func (s *scan) unfinished() (Piece, bool) {
	if s.r.pos >= s.r.end {
		return s.cut()
	}
	return s.broken()
}

// broken ends a value where another begins or its line ends. At the top, what it swallowed from the next line that begins with a
// brace is given back, so that a record cut in the middle never takes the next one with it.
func (s *scan) broken() (Piece, bool) {
	s.bad("it never ends")
	reason := "broken JSON: " + s.reason
	if !s.top {
		return s.made(Broken, reason), true
	}
	s.giveBack()
	if s.lineStart() {
		return s.made(Broken, reason), true
	}
	return s.skipLines(reason)
}

// giveBack moves the position back to the first line inside the value that begins with a brace.
func (s *scan) giveBack() bool {
	r := s.r
	if s.tail || s.here()-s.start > int64(r.max) {
		return false
	}
	i := bytes.Index(s.bytes(), []byte("\n{"))
	if i < 0 {
		return false
	}
	back := int(s.start-r.base) + i + 1
	if r.again += int64(r.pos - back); r.again > allowance+r.base {
		return false
	}
	r.pos = back
	return true
}

// skipLines ends the piece before the next line that begins with a brace.
func (s *scan) skipLines(reason string) (Piece, bool) {
	r := s.r
	for {
		if r.pos >= r.end && !s.more() {
			if !errors.Is(r.failed, io.EOF) {
				return s.hopeless(reason + "; the stream fails: " + r.failed.Error())
			}
			return s.made(Broken, reason), true
		}
		if r.buf[r.pos] == '{' && s.lineStart() {
			return s.made(Broken, reason), true
		}
		if i := bytes.IndexByte(r.buf[r.pos:r.end], '\n'); i > 0 {
			r.pos += i
		} else if i < 0 {
			r.pos = r.end
			continue
		}
		r.pos++
	}
}

// cut is what is left when the stream ends inside the value.
func (s *scan) cut() (Piece, bool) {
	failed := s.r.failed
	switch {
	case !errors.Is(failed, io.EOF):
		return s.hopeless("the stream fails inside a record: " + failed.Error())
	case len(s.levels) == 0 && !s.top:
		return s.piece() // a bare word; the list's own end says the rest
	case s.top && s.giveBack():
		return s.made(Broken, "broken JSON: the record never ends"), true
	case s.reason != "":
		return s.hopeless("broken JSON: " + s.reason + "; after that no record's end was found in the rest of the file")
	}
	return s.hopeless("the file ends inside a record: it was cut")
}

// hopeless ends the stream: behind this piece nothing can be told apart.
func (s *scan) hopeless(reason string) (Piece, bool) {
	s.r.done = true
	return s.made(Cut, reason), true
}
