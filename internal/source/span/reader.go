package span

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The limits of a Reader.
const (
	MaxRecord = 1 << 20   // the default for the largest record that is delivered whole
	MaxHead   = 64 << 10  // how much is kept of one that is not
	maxLevels = 1 << 20   // how deep brackets are followed before a stream is given up
	window    = 256 << 10 // the buffer's first size
	maxName   = 256       // longest member name that is looked at
	allowance = 16 << 20  // bytes that may be looked at twice, besides as many as were read
	blanks    = 100       // reads without a byte before a reader is called stuck
)

// State says what became of a piece.
type State int

// The states of a piece.
const (
	Whole    State = iota // balanced; whether it is valid JSON is for Object to say
	Broken                // its brackets or strings do not fit, or it is no JSON
	Oversize              // larger than the limit; its end was found
	Cut                   // the stream ended or failed inside it, or it can not be followed; nothing comes after it
)

// Piece is one record, or what is in a record's place.
type Piece struct {
	State  State
	Bytes  []byte // lent until the next call; all of it when Whole, else at most the first MaxHead
	Size   int64
	Offset int64  // where it begins in the stream
	Reason string // why it is not Whole
	List   string // the list that it is an element of: Records or Events; "array" for a plain one; empty at the top
	Known  int    // for Oversize: how many members at its top are among the reader's Names
}

// Reader finds the records of a stream: the elements of a top-level array or of {"Records": [...]} ({"Events": [...]} too),
// or the values that follow one another, one a line or not. It never holds more than one record's limit.
type Reader struct {
	in    io.Reader
	max   int
	names map[string]bool

	buf    []byte
	pos    int   // next byte to look at
	end    int   // end of what was read
	base   int64 // offset in the stream of buf[0]
	failed error // what the stream ended with

	list    string // the list being read, empty at the top
	wrapped bool   // the list is a member of an object that must be closed
	done    bool
	scan    scan  // the value being followed; its stack is used again by the next one
	again   int64 // bytes that were looked at twice: bounded, so that hostile lines cost linear time
}

// Options are a Reader's settings; the zero value is usable.
type Options struct {
	MaxRecord int      // largest record, MaxRecord when zero
	Names     []string // member names that tell the records that matter, for Piece.Known
	List      string   // the list, a member of an object, that the stream begins inside of; empty when it begins at the top
	Base      int64    // where the stream begins, for Piece.Offset
}

// NewReader reads records from in.
func NewReader(in io.Reader, o Options) *Reader {
	if o.MaxRecord <= 0 {
		o.MaxRecord = MaxRecord
	}
	r := &Reader{in: in, max: o.MaxRecord, buf: make([]byte, min(window, o.MaxRecord+MaxHead)), names: map[string]bool{}}
	for _, n := range o.Names {
		r.names[n] = true
	}
	r.list, r.wrapped, r.base = o.List, o.List != "", o.Base
	return r
}

// Read is how many bytes of the stream have been taken in.
func (r *Reader) Read() int64 { return r.base + int64(r.end) }

// Next is the next piece; io.EOF when there is none. A stream that fails makes a Cut piece with the failure as its reason.
func (r *Reader) Next() (Piece, error) {
	for !r.done {
		c, ok := r.peek()
		switch {
		case !ok:
			return r.finish()
		case isSpace(c):
			r.pos++
		case r.list != "" && c == ',':
			r.pos++
		case r.list != "" && c == ']':
			r.pos++
			if p, give := r.leave(); give {
				return p, nil
			}
		case r.list == "" && c == '[':
			r.pos++
			r.list, r.wrapped = "array", false
		case r.list == "" && c != '{':
			if p, give := r.garbage(); give {
				return p, nil
			}
		default:
			if p, give := r.record(); give {
				return p, nil
			}
		}
	}
	return Piece{}, io.EOF
}

// leave ends the list; the object around it is followed to its end.
func (r *Reader) leave() (Piece, bool) {
	r.list = ""
	if !r.wrapped {
		return Piece{}, false
	}
	r.wrapped = false
	s := newScan(r, true)
	s.levels, s.prev, s.tail = append(s.levels, '{'), 'v', true
	return s.run()
}

// record reads the value that begins here.
func (r *Reader) record() (Piece, bool) { return newScan(r, r.list == "").run() }

// finish ends the stream: silently where it may end, with a Cut piece where it may not.
func (r *Reader) finish() (Piece, error) {
	r.done = true
	at := r.base + int64(r.pos)
	switch {
	case !errors.Is(r.failed, io.EOF):
		return Piece{State: Cut, Offset: at, List: r.list, Reason: "the stream fails: " + r.failed.Error()}, nil
	case r.list != "":
		return Piece{State: Cut, Offset: at, List: r.list, Reason: fmt.Sprintf("the file ends inside the list %q: it was cut", r.list)}, nil
	}
	return Piece{}, io.EOF
}

// garbage is a run of bytes at the top that are no value, up to the next line that begins like one. A byte order mark is none.
func (r *Reader) garbage() (Piece, bool) {
	if r.base+int64(r.pos) == 0 {
		for r.end-r.pos < 3 && r.fill(r.pos) {
			continue
		}
		if bytes.HasPrefix(r.buf[r.pos:r.end], []byte("\xef\xbb\xbf")) {
			r.pos += 3
			return Piece{}, false
		}
	}
	reason := "not JSON: no value begins here"
	if head := r.buf[r.pos:r.end]; bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		reason = "not UTF-8: it begins like UTF-16 text; convert it to UTF-8"
	}
	return newScan(r, true).skipLines(reason)
}

// peek is the byte at pos, reading on where needed.
func (r *Reader) peek() (byte, bool) {
	for r.pos >= r.end {
		if !r.fill(r.pos) {
			return 0, false
		}
	}
	return r.buf[r.pos], true
}

// fill reads more, keeping what begins at keep; false at the end of the stream. It moves the kept bytes to the front
// (callers hold offsets relative to base) and grows the buffer up to the record limit.
func (r *Reader) fill(keep int) bool {
	if r.failed != nil {
		return false
	}
	if r.end == len(r.buf) {
		if keep > 0 {
			copy(r.buf, r.buf[keep:r.end])
			r.base += int64(keep)
			r.pos -= keep
			r.end -= keep
		} else {
			grown := make([]byte, 2*len(r.buf))
			copy(grown, r.buf)
			r.buf = grown
		}
	}
	for range blanks {
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		if err != nil {
			r.failed = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	r.failed = io.ErrNoProgress
	return false
}

// headMax is how much is kept of a piece that is not whole.
func (r *Reader) headMax() int { return min(MaxHead, r.max) }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
