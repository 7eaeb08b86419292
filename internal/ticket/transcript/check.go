package transcript

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// longest is how long a line may be: entries hold plans and records, of a megabyte at the most.
const longest = 64 << 20

// Check reads a file and names the first line that is not as it was written. It needs nothing besides the file: that the file is of this chain
// and not of another one shows only by its head, which somebody has to have from elsewhere.
func Check(r io.Reader) (Begin, End, error) {
	c := checker{}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longest)
	for lines.Scan() {
		c.n++
		if err := c.line(lines.Bytes()); err != nil {
			return c.begin, c.end, err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return c.begin, c.end, fault.New(fault.Invalid, "line %d has more than %d bytes", c.n+1, longest)
	case err != nil:
		return c.begin, c.end, fault.Wrap(fault.Unavailable, err, "read line %d", c.n+1)
	case c.n == 0:
		return c.begin, c.end, fault.New(fault.Invalid, "the file is empty: want what `jobzero audit export` writes")
	case !c.over:
		return c.begin, c.end, fault.New(fault.Conflict, "the file is cut off after line %d, link %d", c.n, c.last.Seq)
	}
	return c.begin, c.end, nil
}

// checker is how far a file was read.
type checker struct {
	n     int
	begin Begin
	last  ticket.Link
	end   End
	over  bool
}

func (c *checker) line(text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return fault.Wrap(fault.Invalid, err, "line %d", c.n)
	}
	again, err := json.Marshal(l)
	if err != nil || !bytes.Equal(again, text) { // also what another reader might take for something else, such as a key that is there twice
		return fault.New(fault.Conflict, "line %d was edited: it is not as the export writes it", c.n)
	}
	switch {
	case c.over:
		return fault.New(fault.Conflict, "line %d was put in after the end", c.n)
	case c.n == 1:
		return c.first(l)
	case l.End != nil && l.Link == nil && l.Entry == nil && l.Begin == nil:
		return c.close(*l.End)
	case l.Link != nil && l.End == nil && l.Begin == nil:
		return c.link(*l.Link, l.Entry)
	}
	return fault.New(fault.Conflict, "line %d was edited: it is no link", c.n)
}

func (c *checker) first(l line) error {
	if l.Begin == nil || l.Link != nil || l.Entry != nil || l.End != nil || l.Begin.Form != form {
		return fault.New(fault.Invalid, "line 1 does not say %s: want what `jobzero audit export` writes", form)
	}
	c.begin = *l.Begin
	c.last = ticket.Link{Seq: l.Begin.After, Hash: l.Begin.Prev}
	return nil
}

func (c *checker) link(l ticket.Link, e *ticket.Entry) error {
	switch {
	case l.Seq != c.last.Seq+1:
		return fault.New(fault.Conflict, "line %d: link %d was removed", c.n, c.last.Seq+1)
	case !l.Holds(c.last):
		return fault.New(fault.Conflict, "line %d: link %d (%s) was edited", c.n, l.Seq, l.About())
	case l.Row == "" && e == nil:
		return fault.New(fault.Conflict, "line %d: %s was removed", c.n, l.About())
	case l.Row != "" && e != nil:
		return fault.New(fault.Conflict, "line %d: an entry was put in", c.n)
	case e != nil && (e.Ticket != l.Ticket || e.Seq != l.Entry || e.Hash != l.Head || !e.Holds()):
		return fault.New(fault.Conflict, "line %d: %s was edited", c.n, l.About())
	}
	c.last = l
	c.end.Links++
	if e != nil {
		c.end.Entries++
	}
	return nil
}

func (c *checker) close(e End) error {
	c.end.Seq, c.end.Hash, c.over = c.last.Seq, c.last.Hash, true
	if e != c.end {
		return fault.New(fault.Conflict, "line %d was edited, or links before it were removed: it ends with link %d, the file with %d", c.n, e.Seq, c.end.Seq)
	}
	return nil
}
