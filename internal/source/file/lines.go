package file

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"jobzero/internal/event"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
)

// headBytes is how much of a stream is looked at to recognise a log in lines.
const headBytes = 4 << 10

// text reads a stream that may be a log in lines, and JSON if it is none.
func (r *reader) text(in *bufio.Reader, from input) error {
	head, _ := in.Peek(1)
	if len(head) == 1 && head[0] == '{' {
		return r.json(in, from)
	}
	head, _ = in.Peek(headBytes)
	p := line.PlaceOf(from.place)
	l := &lined{r: r, from: from, in: in}
	if logs.IsEnvelopes(head) {
		r.stats.Files++
		l.envelopes = r.o.Logs.Envelopes(p)
		return l.read()
	}
	log, ok := r.o.Logs.OfLines(head, p)
	if !ok {
		return r.json(in, from)
	}
	var err error
	if l.entries, err = r.o.Logs.Open(log, p); err != nil {
		return r.lost(from.place, err)
	}
	r.stats.Files++
	l.known = beside(log, from.place)
	return l.read()
}

// lined is one log in lines being read.
type lined struct {
	r         *reader
	from      input
	in        *bufio.Reader
	entries   line.Reader    // nil where lines are envelopes
	known     *event.Beside  // of the entries
	envelopes *cwlogs.Reader // nil where lines are entries
	number    int64          // of the line, from 1
	offset    int64          // of the line's first byte
	others    others
}

// read reads lines to the end of the stream. What is wrong with one is a dead letter, and the next one goes on.
func (l *lined) read() error {
	for {
		if l.number&255 == 0 && l.r.ctx.Err() != nil {
			return l.r.ctx.Err()
		}
		text, size, err := l.next()
		if stop := l.r.ctx.Err(); stop != nil && err != nil {
			return stop // not the input's fault: no dead letter
		}
		if err != nil && !errors.Is(err, io.EOF) {
			l.others.tell(l.r, l.from.place)
			return l.dead(text, size, "the stream fails: "+err.Error()) // what came of the line may look whole and is not
		}
		if size > 0 {
			if bad := l.line(text, size); bad != nil {
				return bad
			}
		}
		l.offset += size
		if err != nil {
			l.others.tell(l.r, l.from.place)
			return nil //nolint:nilerr // it is the end
		}
	}
}

// next is the next line without its end, never more of it than an entry may have, and its size with the end.
func (l *lined) next() (text []byte, size int64, err error) {
	l.number++
	for {
		part, err := l.in.ReadSlice('\n')
		size += int64(len(part))
		if room := l.r.o.MaxRecord + 2 - len(text); room > 0 {
			text = append(text, part[:min(room, len(part))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(text, "\r\n"), size, err
		}
	}
}

// line takes one line.
func (l *lined) line(text []byte, size int64) error {
	if l.number == 1 {
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	if len(text) > l.r.o.MaxRecord {
		return l.dead(text, size, fmt.Sprintf("the line has %d bytes, more than the limit of %d", size, l.r.o.MaxRecord))
	}
	origin := event.Origin{Source: l.r.o.Source, Place: l.from.place, Offset: l.offset}
	if l.envelopes != nil {
		return l.took(line.Entry{Text: text, Origin: origin}, nil, l.envelopes.Open(text, origin, l.said))
	}
	in := line.Entry{Text: text, Origin: origin}
	e, err := l.entries.Read(in)
	if errors.Is(err, line.ErrHeader) {
		l.known.Header = string(text)
	}
	return l.took(in, e, err)
}

// took does what follows from a line.
func (l *lined) took(in line.Entry, e *event.Event, err error) error {
	v := verdictOf(err)
	if v.dead != "" {
		return l.dead(in.Text, int64(len(in.Text)), v.dead)
	}
	return l.r.follow(v, e, &l.others)
}

// said does what follows from one log event of an envelope.
func (l *lined) said(s cwlogs.Said) error {
	v := verdictOf(s.Err)
	if v.dead != "" {
		return halt(l.r.bury(l.r.letter(s.Entry, v.dead, &s.Beside)))
	}
	return halt(l.r.follow(v, s.Event, &l.others))
}

func (l *lined) dead(text []byte, size int64, reason string) error {
	var known *event.Beside
	if l.known != nil {
		now := *l.known // the next line may be a header
		known = &now
	}
	d := l.r.letter(line.Entry{Text: text, Origin: event.Origin{Source: l.r.o.Source, Place: l.from.place, Offset: l.offset}}, fmt.Sprintf("line %d: %s", l.number, reason), known)
	d.Size = size
	return l.r.bury(d)
}
