package baseline

import (
	"math"
	"time"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// row is all that is known of a principal.
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
