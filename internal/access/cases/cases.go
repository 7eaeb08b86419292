// Package cases reads written cases: a call with all policies that have a say in it.
//
// It is: the format of `jobzero access evaluate`, read case by case so that a file may be long.
// It takes: JSON text: one case, an array of them, or one after another.
// It gives: policies and a call, ready to be decided; errors name the file, the case, line and column in it, and what to do.
// Next door: access decides; cli says what came of it.
package cases

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"jobzero/internal/access"
	"jobzero/internal/fault"
)

// Case is a call and the policies that have a say in it.
type Case struct {
	Number   int // from 1
	Call     access.Call
	Policies access.Policies
}

// Reader reads cases one after another.
type Reader struct {
	// Partial is set when a condition key that a case does not name may be in the call nevertheless. Otherwise it is not.
	Partial bool

	name   string
	text   *bufio.Reader
	lines  *lines
	in     *json.Decoder
	number int
	blank  int64 // bytes before the first case that the decoder does not count
	array  bool
	begun  bool
}

// NewReader reads from a text; the name is for errors.
func NewReader(name string, r io.Reader) *Reader {
	l := &lines{from: r}
	text := bufio.NewReaderSize(l, 1<<16)
	return &Reader{name: name, text: text, lines: l, in: json.NewDecoder(text)}
}

// Next is the next case; io.EOF when there are no more. An error that comes with a case, of which only the number is known then, is of that
// case alone, and the next can be read.
func (r *Reader) Next() (*Case, error) {
	if !r.begun {
		r.begun = true
		if err := r.begin(); err != nil {
			return nil, err
		}
	}
	if r.array && !r.in.More() {
		if _, err := r.in.Token(); err != nil {
			return nil, r.broken(err)
		}
		r.array = false
	}
	var raw json.RawMessage
	switch err := r.in.Decode(&raw); {
	case errors.Is(err, io.EOF) && !r.array:
		return nil, io.EOF
	case err != nil:
		return nil, r.broken(err)
	}
	r.number++
	line, col := r.lines.place(r.blank + r.in.InputOffset() - int64(len(raw)))
	c, err := read(r.name, raw, r.Partial)
	if err != nil { // once more, for the place in the file
		_, err = read(r.name, placed(raw, line, col), r.Partial)
		return &Case{Number: r.number}, err
	}
	c.Number = r.number
	return c, nil
}

// begin passes over the bracket of an array.
func (r *Reader) begin() error {
	for {
		b, err := r.text.Peek(1)
		switch {
		case errors.Is(err, io.EOF):
			return fault.New(fault.Invalid, "%s: it is empty: want a case, or an array of cases", r.name)
		case err != nil:
			return fault.Path(err, r.name, "a file of cases, in JSON")
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			if _, err := r.text.Discard(1); err != nil {
				return r.broken(err)
			}
			r.blank++
			continue
		case '[':
			r.array = true
			_, err := r.in.Token()
			return r.broken(err)
		}
		return nil
	}
}

func (r *Reader) broken(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Invalid, "%s: it ends in the middle of case %d: is it cut off?", r.name, r.number+1)
	}
	return fault.Wrap(fault.Invalid, err, "%s: read case %d as JSON", r.name, r.number+1)
}
