package baseline

import (
	"math"
	"strconv"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/fault"
)

// Row is one piece of what is known, to be kept in a table under its scope and ID.
type Row struct {
	Scope string // learner, organisation, account, group, principal, instance or log; with a slash and a trait, a scope's values
	ID    string // within the scope
	State []byte // nil: it is no longer known, delete the row
}

const (
	rowLearner   = "learner"
	rowPrincipal = "principal"
	rowInstance  = "instance"
	rowLog       = "log"
	rowExits     = "exits" // in place of a trait
)

// format is the version of the encoding, the first number of each row. A state of another version is refused.
const format = 1

func begin() *sketch.Writer {
	w := &sketch.Writer{}
	w.Uint(format)
	return w
}

func hex(x uint64) string { return strconv.FormatUint(x, 16) }

func (l *Learner) remove(scope, id string) {
	if l.o.Rows {
		l.removed = append(l.removed, Row{Scope: scope, ID: id})
	}
}

// learnerRow is what belongs to nobody.
func (l *Learner) learnerRow() Row {
	w := begin()
	w.Uint(uint64(l.began))
	w.Uint(uint64(l.newest))
	w.Uint(uint64(l.now))
	for _, n := range l.counts.list() {
		w.Uint(*n)
	}
	l.peaks.Pack(w)
	return Row{rowLearner, "", w.Bytes}
}

func (c *Counts) list() []*uint64 {
	return []*uint64{&c.Events, &c.Unusable, &c.Late, &c.Surprises, &c.Stories, &c.Forgotten, &c.Crowded}
}

func (l *Learner) readLearner(r *sketch.Reader) {
	l.began, l.newest, l.now = r.Uint32(), r.Uint32(), r.Uint32()
	if l.newest < l.began || max(l.newest, l.now) > latest {
		r.Fail("times that cannot be")
	}
	for _, n := range l.counts.list() {
		*n = r.Uint()
	}
	l.peaks.Unpack(r)
}

func (s *scope) row() Row {
	w := begin()
	for k := range s.sizes {
		s.sizes[k].Pack(w)
	}
	w.Uint(s.hours)
	w.Uint(s.members)
	w.Fixed(math.Float64bits(s.calls))
	w.Fixed(math.Float64bits(s.errors))
	for c := range s.level {
		s.level[c].Pack(w)
	}
	w.Uint(uint64(s.last))
	return Row{rankNames[s.rank], s.key, w.Bytes}
}

func (s *scope) read(r *sketch.Reader) {
	for k := range s.sizes {
		s.sizes[k].Unpack(r)
	}
	s.hours, s.members = r.Uint(), r.Uint()
	s.calls, s.errors = number(r), number(r)
	for c := range s.level {
		s.level[c].Unpack(r)
	}
	if s.last = r.Uint32(); s.calls < 0 || s.errors < 0 || s.errors > s.calls || s.last > latest {
		r.Fail("counts that cannot be")
	}
}

func number(r *sketch.Reader) float64 {
	x := math.Float64frombits(r.Fixed())
	if math.IsNaN(x) || math.IsInf(x, 0) {
		r.Fail("not a number")
		return 0
	}
	return x
}

// tableRows are the values of a scope, a row for each trait. The organisation's have their texts with them.
func (l *Learner) tableRows(s *scope) (out []Row) {
	for k := range s.tables {
		w := begin()
		s.tables[k].pack(w)
		if s.rank == organisation {
			for _, hash := range s.tables[k].sorted() {
				w.Text(l.texts[k][hash])
			}
		}
		out = append(out, Row{rankNames[s.rank] + "/" + Kind(k).String(), s.key, w.Bytes})
	}
	w := begin()
	s.exits.pack(w)
	return append(out, Row{rankNames[s.rank] + "/" + rowExits, s.key, w.Bytes})
}

func (l *Learner) readTable(s *scope, k int, r *sketch.Reader) {
	s.tables[k].unpack(r)
	if s.rank != organisation {
		return
	}
	for _, hash := range s.tables[k].sorted() {
		l.texts[k][hash] = cut(r.Text())
	}
}

func (b *box) row(key uint64) Row {
	w := begin()
	w.Text(b.account)
	w.Uint(uint64(b.last))
	for _, x := range b.exits {
		w.Fixed(x.address)
		w.Int(x.at)
	}
	return Row{rowInstance, hex(key), w.Bytes}
}

func (b *box) read(r *sketch.Reader) {
	b.account, b.last = r.Text(), r.Uint32()
	for i := range b.exits {
		b.exits[i] = exit{r.Fixed(), r.Int()}
	}
}

func corrupt(row Row, err error) error {
	return fault.Wrap(fault.Invalid, err, "the saved state of %s %q", row.Scope, row.ID)
}
