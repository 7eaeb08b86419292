package file

import (
	"bytes"
	"encoding/binary"
	"io"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/span"
)

// What is read as a whole: CloudTrail writes objects of some megabytes. Larger files are streamed, so that memory stays bounded.
const (
	wholePacked = 4 << 20
	wholeJSON   = 16 << 20
)

// Records is what a Sink has that wants records undecoded where they are plain: those come here and not as events.
type Records interface {
	// Record takes a record that is lent until it returns.
	Record(r *event.Record, origin event.Origin) error
}

// buffers are the memory of one worker, used for one file after another.
type buffers struct {
	packed, plain []byte
	unpack        unpacker
	quick         cloudtrail.Quick
}

// whole reads a file that is small enough at one go. It gives false when the file is nothing for that, and then nothing was
// taken: the stream says what is in it, or what is wrong with it.
func (r *reader) whole(in io.ReaderAt, size int64, from input) (bool, error) {
	if _, ok := r.sink.(Records); !ok || r.memory == nil || size > wholePacked || size < 20 || !from.named {
		return false, nil
	}
	packed := r.memory.room(size)
	if n, err := in.ReadAt(packed, 0); n < len(packed) || err != nil && err != io.EOF {
		return false, nil // the stream meets the same error and reports it
	}
	return r.inMemory(packed, from)
}

// room is memory for a file as it is stored.
func (m *buffers) room(size int64) []byte {
	if int64(cap(m.packed)) < size {
		m.packed = make([]byte, max(size, 1<<20))
	}
	return m.packed[:size]
}

// inMemory is whole for what is in memory already.
func (r *reader) inMemory(packed []byte, from input) (bool, error) {
	sink, ok := r.sink.(Records)
	if size := int64(len(packed)); !ok || size < 20 {
		return false, nil
	}
	m, text, size := r.memory, packed, int64(len(packed))
	if packed[0] == 0x1f && packed[1] == 0x8b {
		if binary.LittleEndian.Uint32(packed[size-4:]) > wholeJSON {
			return false, nil
		}
		out, err := m.unpack.gunzip(m.plain, packed, wholeJSON)
		if err != nil {
			return false, nil //nolint:nilerr // the stream finds it too, and what can be saved
		}
		m.plain, text = out, out
	}
	at := listStart(text)
	if at < 0 || int64(len(text)) > r.o.MaxBytes || len(text) > ratioFree && int64(len(text))/size > r.o.MaxRatio {
		return false, nil
	}
	r.took(int(size))
	r.stats.BytesJSON += int64(len(text))
	r.stats.Files++
	return true, (&list{content: content{r: r, from: from}, b: text, sink: sink}).read(at)
}

// ratioFree is how much may come out of a small file before its ratio is looked at.
const ratioFree = 1 << 20

// listStart gives the index behind {"Records":[ at the start, -1 when the text begins in another way.
func listStart(b []byte) int {
	const open = `{"Records":[`
	if len(b) > len(open) && string(b[:len(open)]) == open {
		return len(open)
	}
	return -1
}

// list is the list of records of a file in memory. What is plain is taken where it lies; what is not but is JSON goes the way
// of the stream; and from where it is no JSON any more the stream reads the rest.
type list struct {
	content
	b    []byte
	sink Records
}

func (l *list) read(i int) error {
	var record event.Record
	quick := &l.r.memory.quick
	quick.Reset(l.b)
	for n := 0; ; n++ {
		if n&255 == 0 && l.r.ctx.Err() != nil {
			return l.r.ctx.Err()
		}
		begin := blank(l.b, i)
		if begin >= len(l.b) || l.b[begin] != '{' {
			return l.rest(i)
		}
		end := quick.Record(begin, &record)
		var err error
		if end > 0 {
			err = l.plain(&record, begin)
		} else {
			if end = rawjson.End(l.b, begin); end < 0 || end-begin > l.r.o.MaxRecord {
				return l.rest(i)
			}
			err = l.piece(span.Piece{State: span.Whole, Bytes: l.b[begin:end], Size: int64(end - begin), Offset: int64(begin), List: "Records"})
		}
		if err != nil {
			return err
		}
		i = blank(l.b, end)
		if i >= len(l.b) || l.b[i] != ',' {
			return l.rest(i)
		}
		i++
	}
}

// plain takes a record where it lies.
func (l *list) plain(record *event.Record, at int) error {
	if err := l.settle(); err != nil {
		return err
	}
	l.events++
	l.r.stats.Events++
	return l.sink.Record(record, event.Origin{Source: l.r.o.Source, Place: l.from.place, Offset: int64(at)})
}

// rest has the stream read from i on: the list's end, mostly.
func (l *list) rest(i int) error {
	if string(bytes.TrimSpace(l.b[i:])) == "]}" {
		return l.end()
	}
	records := span.NewReader(bytes.NewReader(l.b[i:]), span.Options{
		MaxRecord: l.r.o.MaxRecord, Names: names(), List: "Records", Base: int64(i),
	})
	return l.pieces(records)
}

func blank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
