package lake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/fault"
)

// Row is one event on its way.
type Row struct {
	Log     event.Log
	Class   int // class_uid
	Region  string
	Account string
	Time    int64  // milliseconds since 1970 UTC
	JSON    []byte // the view, one object
}

// unknown stands for a region or account that the event does not name.
const unknown = "unknown"

var (
	region  = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	account = regexp.MustCompile(`^[0-9]{12}$`)
)

// Place is the folder of the row, relative to the lake's, with slashes:
//
//	ext/<source>/region=<r>/accountId=<id>/eventDay=YYYYMMDD
//
// A source holds one class, as Security Lake wants, so its name is the log's and the class's: cloudtrail-api_activity. See
// https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html. What a log claims to be its
// region or account and cannot be one becomes "unknown": nobody outside chooses where files are written.
func (r Row) Place() string {
	where, who := r.Region, r.Account
	if !region.MatchString(where) {
		where = unknown
	}
	if !account.MatchString(who) {
		who = unknown
	}
	day := time.UnixMilli(r.Time).UTC()
	if day.Year() < 0 || day.Year() > 9999 {
		day = time.Time{}
	}
	return "ext/" + Source(r.Log, r.Class) + "/region=" + where + "/accountId=" + who + "/eventDay=" + day.Format("20060102")
}

// Source is the name of the custom source that holds a class of a log.
func Source(l event.Log, class int) string {
	name := strings.TrimPrefix(l.String(), "aws/")
	return name + "-" + strings.ReplaceAll(strings.ToLower(ocsf.ClassName(class)), " ", "_")
}

// item is a row in a run: its place stands for log, region and account.
type item struct {
	place string
	time  int64
	order uint64 // of rows of the same time: as they came
	class int
	line  []byte
}

func (a *item) less(b *item) bool {
	if a.place != b.place {
		return a.place < b.place
	}
	if a.time != b.time {
		return a.time < b.time
	}
	return a.order < b.order
}

// maxLine is the longest line in bytes. The readers take records of a megabyte; a view of one is some times that at most.
const maxLine = 64 << 20

// append writes an item as it stands in a run: numbers as varints, texts behind their length.
func (a *item) append(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(a.place)))
	to = append(to, a.place...)
	to = binary.AppendVarint(to, a.time)
	to = binary.AppendUvarint(to, a.order)
	to = binary.AppendUvarint(to, uint64(a.class)) //nolint:gosec // a class_uid
	to = binary.AppendUvarint(to, uint64(len(a.line)))
	return append(to, a.line...)
}

// byteReader is what runs are read through.
type byteReader interface {
	io.Reader
	io.ByteReader
}

// read reads the next item; io.EOF at the end of the run.
func (a *item) read(from byteReader) error {
	place, err := field(from, nil)
	if err != nil {
		return err // the end, when nothing was read
	}
	if a.place != string(place) { // most rows have the place of the one before
		a.place = string(place)
	}
	if a.time, err = binary.ReadVarint(from); err != nil {
		return cut(err)
	}
	if a.order, err = binary.ReadUvarint(from); err != nil {
		return cut(err)
	}
	class, err := binary.ReadUvarint(from)
	if err != nil {
		return cut(err)
	}
	a.class = int(class) //nolint:gosec // a class_uid
	if a.line, err = field(from, a.line[:0]); err != nil {
		return cut(err)
	}
	return nil
}

func field(from byteReader, into []byte) ([]byte, error) {
	n, err := binary.ReadUvarint(from)
	if err != nil {
		return nil, err
	}
	if n > maxLine {
		return nil, fault.New(fault.Internal, "a field of %d bytes in a temporary file: it was changed by somebody else", n)
	}
	if uint64(cap(into)) < n {
		into = make([]byte, n)
	}
	into = into[:n]
	if _, err := io.ReadFull(from, into); err != nil {
		return nil, cut(err)
	}
	return into, nil
}

// cut says that a run ended within an item.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read a temporary file: %w", err)
}
