package ledger

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"jobzero/internal/policy/names"
)

// Version is that of the form of a ledger's file: JSON lines in gzip. The first line is the header; then come lines with folds, rows,
// and the events and files that are remembered; the last says how many of each there were. The same ledger is always written in the same bytes.
const Version = 1

// line is one line of a file; it has one member.
type line struct {
	Header *header   `json:"ledger,omitempty"`
	Fold   *foldLine `json:"fold,omitempty"`
	Row    *rowLine  `json:"row,omitempty"`
	Seen   string    `json:"seen,omitempty"`  // stamps of eight bytes, in base64
	Files  string    `json:"files,omitempty"` // likewise, of names
	End    *end      `json:"end,omitempty"`
}

type header struct {
	Version int    `json:"version"`
	Coarse  Coarse `json:"coarse"`
	Counts  Counts `json:"counts"`
}

type foldLine struct {
	Principal string `json:"principal"`
	Act
	Resource string `json:"resource"` // that stands for many
	Step     int    `json:"step"`     // see climb
}

type rowLine struct {
	Principal string `json:"principal"`
	Root      Root   `json:"root"`
	Act
	Resource string `json:"resource"`
	Account  string `json:"account,omitempty"`
	Region   string `json:"region,omitempty"`
	// Days are: day since 1970, times, refused, in the console, first and last in seconds since 1970.
	Days [][6]uint32 `json:"days"`
}

type end struct {
	Rows  int `json:"rows"`
	Folds int `json:"folds"`
	Seen  int `json:"seen"`
	Files int `json:"files"`
}

// hashesAtOnce is how many hashes stand in one line.
const hashesAtOnce = 4096

// Write writes the ledger. Whoever reads it can add to it.
func (l *Ledger) Write(w io.Writer) error {
	z := gzip.NewWriter(w)
	b := bufio.NewWriterSize(z, 1<<16)
	if err := l.write(json.NewEncoder(b)); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}

func (l *Ledger) write(to *json.Encoder) error {
	to.SetEscapeHTML(false)
	if err := to.Encode(line{Header: &header{Version, l.coarse, l.counts}}); err != nil {
		return err
	}
	folds := l.folds()
	for i := range folds {
		if err := to.Encode(line{Fold: &folds[i]}); err != nil {
			return err
		}
	}
	rows := l.sorted()
	for _, r := range rows {
		x := l.lineOf(r)
		if err := to.Encode(line{Row: &x}); err != nil {
			return err
		}
	}
	seen, files := l.seen.list(), l.files.list()
	if err := hashes(seen, func(text string) error { return to.Encode(line{Seen: text}) }); err != nil {
		return err
	}
	if err := hashes(files, func(text string) error { return to.Encode(line{Files: text}) }); err != nil {
		return err
	}
	return to.Encode(line{End: &end{len(rows), len(folds), len(seen), len(files)}})
}

// hashes writes some thousand hashes a line.
func hashes(all []uint64, write func(string) error) error {
	for part := range slices.Chunk(all, hashesAtOnce) {
		raw := make([]byte, 0, 8*len(part))
		for _, s := range part {
			raw = binary.LittleEndian.AppendUint64(raw, s)
		}
		if err := write(base64.StdEncoding.EncodeToString(raw)); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) lineOf(r *row) rowLine {
	t := l.tupleOf(r.key)
	out := rowLine{Principal: t.principal, Root: t.root, Act: t.act, Resource: t.resource, Account: t.account, Region: t.region}
	for _, c := range r.days {
		out.Days = append(out.Days, [6]uint32{c.day, c.times, c.refused, c.console, c.first, c.last})
	}
	return out
}

// folds are the places that were folded, in order.
func (l *Ledger) folds() (out []foldLine) {
	for at, g := range l.groups {
		if g.level > 0 {
			out = append(out, foldLine{l.words.of(at.principal), l.acts.of(at.act), l.words.of(at.trunk), g.level})
		}
	}
	slices.SortFunc(out, func(a, b foldLine) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Level, b.Level), a.Act.compare(b.Act))
	})
	return out
}

// compare orders actions of one name and level.
func (a Act) compare(b Act) int {
	bits := func(a Act) (n int) {
		for i, f := range []bool{a.Data, a.Free} {
			if f {
				n |= 1 << i
			}
		}
		return n
	}
	return bits(a) - bits(b)
}

// levels are those that an action may have.
var levels = []names.Level{"", names.List, names.Read, names.Tagging, names.Write, names.Permissions}

// String is for errors.
func (e end) String() string {
	return fmt.Sprintf("%d rows, %d folds, %d events and %d files", e.Rows, e.Folds, e.Seen, e.Files)
}
