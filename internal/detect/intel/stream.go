package intel

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"jobzero/internal/fault"
)

// stream reads JSON piece by piece and knows in which line it is, so that a bundle of a gigabyte needs no gigabyte.
type stream struct {
	file  string
	json  *json.Decoder
	lines lineReader
}

func newStream(file string, in io.Reader) *stream {
	s := &stream{file: file, lines: lineReader{file: file, from: in}}
	s.json = json.NewDecoder(&s.lines)
	return s
}

// lineReader remembers where lines end, of what was read and not asked about yet.
type lineReader struct {
	file string
	from io.Reader
	read int64
	mark int64   // where the value that is being read begins
	ends []int64 // offsets of line ends
	line int     // lines before the first of these
}

// Read is of io.Reader.
func (l *lineReader) Read(p []byte) (int, error) {
	const ahead = 64 << 10
	if l.read > l.mark+maxItem+ahead {
		return 0, fault.New(fault.Invalid, "%s: one object or text of it has more than %d bytes", l.file, maxItem)
	}
	n, err := l.from.Read(p[:min(len(p), ahead)])
	for at := 0; ; {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		l.ends = append(l.ends, l.read+int64(at))
	}
	l.read += int64(n)
	return n, err
}

// at is the line of an offset. Offsets must not go back.
func (l *lineReader) at(offset int64) int {
	n := 0
	for n < len(l.ends) && l.ends[n] <= offset {
		n++
	}
	l.line += n
	l.ends = l.ends[n:]
	return l.line + 1
}

// here is the line that was reached.
func (s *stream) here() int { return s.lines.at(s.json.InputOffset()) }

func (s *stream) wrong(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if fault.CodeOf(err) != fault.Internal { // it says for itself what and where
		return err
	}
	return fault.New(fault.Invalid, "%s:%d: broken JSON: %v", s.file, s.here(), err)
}

// object visits the members of an object. visit must read the value, by one of the methods below.
func (s *stream) object(visit func(name string) error) error { return s.nest('{', visit) }

// array visits the elements of an array.
func (s *stream) array(visit func() error) error {
	return s.nest('[', func(string) error { return visit() })
}

func (s *stream) nest(open json.Delim, visit func(name string) error) error {
	t, err := s.json.Token()
	if err != nil {
		return s.wrong(err)
	}
	if t != open {
		return s.wrong(fault.New(fault.Invalid, "%s:%d: %v stands where %v was expected", s.file, s.here(), t, open))
	}
	for s.json.More() {
		name := ""
		if open == '{' {
			t, err := s.json.Token()
			if err != nil {
				return s.wrong(err)
			}
			name, _ = t.(string)
		}
		if err := visit(name); err != nil {
			return s.wrong(err)
		}
	}
	_, err = s.json.Token()
	return s.wrong(err)
}

// value reads the next value, whatever it is, and gives the line that it begins in.
func (s *stream) value() (raw json.RawMessage, line int, err error) {
	s.lines.mark = s.json.InputOffset()
	if err := s.json.Decode(&raw); err != nil {
		return nil, 0, s.wrong(err)
	}
	return raw, s.lines.at(s.json.InputOffset() - int64(len(raw))), nil
}
