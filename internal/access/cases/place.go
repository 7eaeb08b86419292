package cases

import (
	"bytes"
	"io"

	"jobzero/internal/fault"
)

// lines passes a text on and notes where its lines begin, as far as they are asked for.
type lines struct {
	from   io.Reader
	at     int64   // bytes that were passed on
	breaks []int64 // offsets behind the ends of lines, of those that were not counted yet
	line   int     // lines that were counted
	begins int64   // where the last of them begins
	asked  int64   // the offset that was asked for last: a case ends there, or begins
}

// Read passes on what there is, as long as no case is too long.
func (l *lines) Read(p []byte) (int, error) {
	if l.at-l.asked > 2*maxBytes {
		return 0, fault.New(fault.Invalid, "a case of more than %d MB: want one of that at most", maxBytes>>20)
	}
	n, err := l.from.Read(p)
	for i := range p[:n] {
		if p[i] == '\n' {
			l.breaks = append(l.breaks, l.at+int64(i)+1)
		}
	}
	l.at += int64(n)
	return n, err
}

// place gives line and column of an offset, both from 0, which never goes back. What lies before it is forgotten.
func (l *lines) place(offset int64) (line, col int) {
	l.asked = offset
	n := 0
	for n < len(l.breaks) && l.breaks[n] <= offset {
		l.begins = l.breaks[n]
		n++
	}
	l.line += n
	l.breaks = append(l.breaks[:0], l.breaks[n:]...)
	return l.line, int(offset - l.begins)
}

// maxBlank is how many blank bytes are put before a case so that its errors name the right place.
const maxBlank = 64 << 20

// placed is a text that begins at a place.
func placed(text []byte, line, col int) []byte {
	if line+col > maxBlank {
		return text
	}
	return append(append(bytes.Repeat([]byte{'\n'}, line), bytes.Repeat([]byte{' '}, col)...), text...)
}
