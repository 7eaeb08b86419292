package transcript

import (
	"encoding/json"
	"io"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

const form = "jobzero/audit/1"

// line is one line of the file: the first has begin, the last has end, all others a link.
type line struct {
	Begin *Begin        `json:"begin,omitempty"`
	Link  *ticket.Link  `json:"link,omitempty"`
	Entry *ticket.Entry `json:"entry,omitempty"` // of a link that is of an entry
	End   *End          `json:"end,omitempty"`
}

// Begin says what the file is and after which link it begins.
type Begin struct {
	Form  string    `json:"form"`
	Made  time.Time `json:"made"`
	After int64     `json:"after"` // 0: from the first link on
	Prev  string    `json:"prev"`  // hash of that link
}

// End says with which link the file ends: a file without this line was cut off.
type End struct {
	Links   int64  `json:"links"`   // in the file
	Entries int64  `json:"entries"` // of timelines
	Seq     int64  `json:"seq"`
	Hash    string `json:"hash"`
}

// Writer writes a file. Its errors are those of what it writes to.
type Writer struct {
	to  *json.Encoder
	end End
}

// New begins a file that follows after a link, which is zero for the beginning of the chain.
func New(to io.Writer, after ticket.Link, now time.Time) (*Writer, error) {
	w := &Writer{to: json.NewEncoder(to), end: End{Seq: after.Seq, Hash: after.Hash}}
	return w, w.write(line{Begin: &Begin{Form: form, Made: now.UTC().Truncate(time.Second), After: after.Seq, Prev: after.Hash}})
}

// Add writes the next link; e is nil when it is not of an entry.
func (w *Writer) Add(l ticket.Link, e *ticket.Entry) error {
	w.end.Links, w.end.Seq, w.end.Hash = w.end.Links+1, l.Seq, l.Hash
	if e != nil {
		w.end.Entries++
	}
	return w.write(line{Link: &l, Entry: e})
}

// Close writes the last line, and says what was written.
func (w *Writer) Close() (End, error) { return w.end, w.write(line{End: &w.end}) }

func (w *Writer) write(l line) error {
	return fault.Wrap(fault.Unavailable, w.to.Encode(l), "write the export")
}
