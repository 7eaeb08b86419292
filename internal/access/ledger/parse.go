package ledger

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/principal/lineage"
)

// maxLine is how long a line of a file may be: a row of ten years has some 200,000 bytes.
const maxLine = 1 << 20

// Read reads a ledger that Write wrote. name is for errors, which name the line. A file that does not end with its last line is cut
// off, and an error.
func Read(name string, in io.Reader, o Options) (*Ledger, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: want a ledger that jobzero access ledger wrote", name)
	}
	p := &parser{name: name, l: New(o)}
	s := bufio.NewScanner(z)
	s.Buffer(make([]byte, 0, 1<<16), maxLine)
	for s.Scan() {
		p.at++
		if err := p.line(s.Bytes()); err != nil {
			return nil, err
		}
	}
	switch err := s.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, p.wrong("the line is longer than %d bytes", maxLine)
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s:%d: read the ledger", name, p.at+1)
	case p.end == nil:
		return nil, p.wrong("the ledger is cut off: its last line is missing")
	}
	p.l.counts = p.counts
	return p.l, nil
}

// parser is one reading.
type parser struct {
	name   string
	at     int // the line
	l      *Ledger
	begun  bool
	counts Counts
	have   end
	end    *end
}

func (p *parser) wrong(format string, args ...any) error {
	return fault.New(fault.Invalid, "%s:%d: "+format, append([]any{p.name, p.at}, args...)...)
}

func (p *parser) line(text []byte) error {
	var x line
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s:%d: want a line of a ledger", p.name, p.at)
	}
	switch {
	case p.end != nil:
		return p.wrong("a line behind the last one")
	case !p.begun && x.Header == nil:
		return p.wrong("want the header of a ledger first")
	case !p.begun:
		return p.header(x.Header)
	case x.Fold != nil:
		return p.fold(x.Fold)
	case x.Row != nil:
		return p.row(x.Row)
	case x.Seen != "":
		return p.hashes(x.Seen, &p.l.seen, &p.have.Seen)
	case x.Files != "":
		return p.hashes(x.Files, &p.l.files, &p.have.Files)
	case x.End != nil:
		if *x.End != p.have {
			return p.wrong("it has %s, and should have %s", p.have, *x.End)
		}
		p.end = x.End
		return nil
	}
	return p.wrong("want a fold, a row, events, files or the end")
}

func (p *parser) header(h *header) error {
	switch c := h.Coarse; {
	case h.Version != Version:
		return p.wrong("the ledger is of version %d, and this program reads %d: make it anew from the logs", h.Version, Version)
	case c.Rows < 0 || c.Rows > mostRows || c.Days < 0 || c.Days > mostDays:
		return p.wrong("no ledger is folded as far as %d and %d", c.Rows, c.Days)
	}
	p.begun, p.l.coarse, p.counts = true, h.Coarse, h.Counts
	left := map[Reason]int64{}
	for why, n := range h.Counts.Left {
		if !slices.Contains(reasons, why) || n < 0 {
			return p.wrong("%q is no reason that counts", why)
		}
		left[why] = n
	}
	p.counts.Left = left
	for _, n := range []int64{h.Counts.Events, h.Counts.Kept, h.Counts.Overlap, h.Counts.Roots, h.Counts.Beyond} {
		if n < 0 {
			return p.wrong("a count is below zero")
		}
	}
	return nil
}

func (p *parser) fold(f *foldLine) error {
	switch {
	case p.have.Rows > 0:
		return p.wrong("want folds before rows")
	case p.have.Folds >= p.l.o.Rows:
		return p.wrong("more than %d folds", p.l.o.Rows)
	case f.Step < branch || f.Step > topOfAll || climb(f.Resource, trunk) != f.Resource || !f.sound():
		return p.wrong("%s of %s is no place that is folded", f.Resource, f.Principal)
	}
	p.have.Folds++
	if p.l.coarse.Rows == 0 {
		p.l.level(f.Principal, f.Act, f.Resource, f.Step)
	}
	return nil
}

func (a Act) sound() bool {
	return a.Name != "" && len(a.Name) <= maxName && slices.Contains(levels, a.Level)
}

func (r Root) sound() bool {
	kinds := []lineage.Kind{"", lineage.Unknown, lineage.Person, lineage.Workload, lineage.Service, lineage.AccountRoot}
	strengths := []lineage.Strength{"", lineage.Proved, lineage.Claimed, lineage.Untraced}
	return slices.Contains(kinds, r.Kind) && slices.Contains(strengths, r.Strength) && len(r.ID) <= maxName
}

func (r *rowLine) sound() bool {
	return r.Principal != "" && r.Resource != "" && len(r.Principal) <= maxName && len(r.Resource) <= 2*maxResource && r.Act.sound() && r.Root.sound() &&
		len(r.Account) <= maxName && len(r.Region) <= maxName
}

func (c *cell) sound() bool {
	return c.times > 0 && c.refused <= c.times && c.console <= c.times && c.first <= c.last && c.day <= latest/day
}

func (p *parser) row(r *rowLine) error {
	t := tuple{r.Principal, r.Root, r.Act, r.Resource, r.Account, r.Region}
	beyond := t == tuple{}
	if !beyond && !r.sound() {
		return p.wrong("want a row with a principal, an action and a resource")
	}
	if len(r.Days) == 0 {
		return p.wrong("the row has no days")
	}
	for _, d := range r.Days {
		c := cell{d[0], d[1], d[2], d[3], d[4], d[5]}
		if !c.sound() || p.l.coarse.Days == 0 && (c.first/day != c.day || c.last/day != c.day) {
			return p.wrong("the day %v cannot be: want day, times, refused, console, first, last", d)
		}
		if beyond {
			p.l.beyond(c)
		} else {
			p.l.put(t, c)
		}
	}
	p.have.Rows++
	return nil
}

// hashes reads a line of hashes, and counts them.
func (p *parser) hashes(text string, into *window, n *int) error {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw)%8 != 0 {
		return p.wrong("want hashes as base64 of eight bytes each")
	}
	for ; len(raw) > 0; raw = raw[8:] {
		if s := binary.LittleEndian.Uint64(raw); !into.has(s) {
			into.add(s)
		}
		*n++
	}
	return nil
}
