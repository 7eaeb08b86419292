package baseline

import (
	"math"
	"strconv"
	"time"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
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

func (a *actor) row() Row {
	w := begin()
	w.Text(a.who.Group)
	w.Text(a.who.Account)
	a.seen.pack(w)
	for k := range a.sets {
		a.sets[k].pack(w)
	}
	for k := range a.sizes {
		for _, n := range a.sizes[k] {
			w.Uint(uint64(n))
		}
	}
	w.Uint(uint64(a.hours))
	w.Uint(flag(a.rhythm != nil))
	if a.rhythm != nil {
		a.rhythm.pack(w)
	}
	for i := range a.open {
		a.open[i].pack(w)
		a.paths[i].pack(w)
	}
	w.Fixed(math.Float64bits(a.calls))
	w.Fixed(math.Float64bits(a.errors))
	w.Uint(uint64(a.day))
	w.Float(a.peak)
	w.Uint(flag(a.story != nil))
	if a.story != nil {
		a.story.pack(w)
	}
	return Row{rowPrincipal, a.who.Principal, w.Bytes}
}

func (a *actor) read(r *sketch.Reader) {
	a.who.Group, a.who.Account = r.Text(), r.Text()
	a.seen.unpack(r)
	for k := range a.sets {
		a.sets[k].unpack(r, mostValues[k])
	}
	for k := range a.sizes {
		for b := range a.sizes[k] {
			a.sizes[k][b] = small(r)
		}
	}
	a.hours = small(r)
	if r.Uint() != 0 {
		a.rhythm = &rhythm{}
		a.rhythm.unpack(r)
	}
	for i := range a.open {
		a.open[i].unpack(r)
		a.paths[i].unpack(r)
	}
	a.calls, a.errors, a.day, a.peak = number(r), number(r), r.Uint32(), r.Float()
	if r.Uint() != 0 {
		a.story = &story{}
		a.story.unpack(r, a.who.Principal)
	}
	o := a.open
	if a.seen.count == 0 || a.calls < 0 || a.errors < 0 || a.errors > a.calls || a.day > latest || o[1].hour != 0 && o[1].hour+1 != o[0].hour {
		r.Fail("a principal that cannot be")
	}
}

func small(r *sketch.Reader) uint16 {
	x := r.Uint()
	if x > math.MaxUint16 {
		r.Fail("a number too large")
		return 0
	}
	return uint16(x)
}

func (t *tally) pack(w *sketch.Writer) {
	for _, x := range []uint32{t.hour, t.calls[0], t.calls[1], t.errors, t.ask[0], t.ask[1], t.ask[2], t.lookAt} {
		w.Uint(uint64(x))
	}
	for _, n := range t.values {
		w.Uint(uint64(n))
	}
	t.things.Pack(w)
	for k := range t.worst {
		w.Float(t.worst[k])
		w.Float(t.said[k])
	}
}

func (t *tally) unpack(r *sketch.Reader) {
	for _, x := range []*uint32{&t.hour, &t.calls[0], &t.calls[1], &t.errors, &t.ask[0], &t.ask[1], &t.ask[2], &t.lookAt} {
		*x = r.Uint32()
	}
	for k := range t.values {
		t.values[k] = small(r)
	}
	t.things.Unpack(r)
	for k := range t.worst {
		t.worst[k], t.said[k] = r.Float(), r.Float()
	}
	if t.hour > latest || uint64(t.errors) > uint64(t.calls[0])+uint64(t.calls[1]) {
		r.Fail("an hour that cannot be")
	}
}

func (s *story) pack(w *sketch.Writer) {
	w.Fixed(math.Float64bits(s.risk))
	w.Int(s.at)
	w.Int(s.since)
	w.Uint(uint64(s.count))
	for _, n := range s.kinds {
		w.Uint(uint64(n))
	}
	w.Fixed(math.Float64bits(s.told))
	w.Uint(uint64(len(s.best)))
	for i := range s.best {
		p := &s.best[i]
		w.Int(int64(p.Kind))
		w.Text(string(p.Event))
		w.Int(p.Time.UnixNano())
		w.Fixed(math.Float64bits(p.Score))
		w.Fixed(math.Float64bits(p.Risk))
		w.Int(p.Origin.Offset)
		for _, text := range []string{p.Stage, p.Text, p.Origin.Source, p.Origin.Place, string(p.Raw)} {
			w.Text(text)
		}
	}
}

func (s *story) unpack(r *sketch.Reader, principal string) {
	s.risk, s.at, s.since, s.count = number(r), r.Int(), r.Int(), r.Uint32()
	for k := range s.kinds {
		s.kinds[k] = small(r)
	}
	s.told = number(r)
	for range r.Count(mostTold) {
		p := Surprise{Kind: Kind(r.Int()), Principal: principal, Event: event.ID(r.Text())}
		p.Time = time.Unix(0, r.Int()).UTC()
		p.Score, p.Risk = number(r), number(r)
		p.Origin.Offset = r.Int()
		p.Stage, p.Text, p.Origin.Source, p.Origin.Place = r.Text(), r.Text(), r.Text(), r.Text()
		if raw := r.Text(); raw != "" {
			p.Raw = []byte(raw)
			s.raw += len(raw)
		}
		if p.Kind < 0 || int(p.Kind) >= judged {
			r.Fail("a kind that is none")
			return
		}
		s.best = append(s.best, p)
	}
	if s.risk < 0 || s.told < 0 {
		r.Fail("a risk that cannot be")
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
