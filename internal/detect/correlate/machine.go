package correlate

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"jobzero/internal/fault"
)

// Options are the limits of a machine; zero means the default.
type Options struct {
	MaxGroups  int  // groups over all correlations; default 1,000,000
	MaxBytes   int  // memory over all correlations, as Machine.Size counts it; default 512 MiB
	MaxHits    int  // hits held for one group; default 65,536, at most 262,144
	MaxMembers int  // contributing hits that a firing lists, and a few more for rules that hit late; default 20
	Rows       bool // keep track of what Dirty gives; without it Dirty gives nothing
}

func (o Options) withDefaults() Options {
	fill := func(n *int, usual, most int) {
		if *n <= 0 {
			*n = usual
		}
		*n = min(*n, most)
	}
	fill(&o.MaxGroups, 1_000_000, math.MaxInt)
	fill(&o.MaxBytes, 512<<20, math.MaxInt)
	fill(&o.MaxHits, 1<<16, 1<<18)
	fill(&o.MaxMembers, 20, 1000)
	return o
}

// Machine runs correlations. It is not safe for concurrent use: the owner calls it from one goroutine at a time.
type Machine struct {
	options      Options
	runners      map[string]*runner
	order        []*runner // those that are watched before those that watch
	marks        map[string]Mark
	marksChanged bool
	groups       int
	bytes        int
	progress     uint64
	tight        bool // a budget may be exceeded
	out          []Firing
	losses       []Loss
	text, key    []byte // room to pack in
}

// New makes a machine that has seen nothing. An error is fault.Invalid.
func New(specs []Spec, o Options) (*Machine, error) {
	m := &Machine{options: o.withDefaults(), runners: make(map[string]*runner, len(specs)), marks: map[string]Mark{}}
	for _, s := range specs {
		if err := s.check(); err != nil {
			return nil, err
		}
		if m.runners[s.ID] != nil {
			return nil, fault.New(fault.Invalid, "two correlations are called %q", s.ID)
		}
		m.runners[s.ID] = newRunner(m, s)
	}
	if err := m.link(specs); err != nil {
		return nil, err
	}
	return m, nil
}

// Wants names the correlations that a hit of a rule has to carry keys for: those that watch it, those that watch these, and
// so on. They come in a fixed order.
func (m *Machine) Wants(rule string) []string {
	var out []string
	for _, r := range m.order {
		if r.bits[rule] == 0 {
			continue
		}
		for _, a := range append([]*runner{r}, r.above...) {
			if !slices.Contains(out, a.spec.ID) {
				out = append(out, a.spec.ID)
			}
		}
	}
	return out
}

// Take takes hits in any order, any of them any number of times, and gives the firings that are new or have changed. Keys for
// correlations that the machine does not have are passed over.
func (m *Machine) Take(hits []Hit) []Firing {
	for i := range hits {
		m.accept(&hits[i])
		m.relieve()
	}
	for _, r := range m.order {
		r.visitTouched()
	}
	return m.flush()
}

func (r *runner) visitTouched() {
	for i := 0; i < len(r.touched); i++ {
		if g := r.touched[i]; !g.is(gone) && g.from != ever {
			r.visit(g)
			r.m.relieve()
		}
	}
	clear(r.touched)
	r.touched = r.touched[:0]
}

// maxText is the most that event, ref, value and keys of a hit may have together.
const maxText = 8 << 10

func (m *Machine) accept(h *Hit) {
	at, ok := micros(h.Time)
	ok = ok && h.Event != ""
	for i := range h.Keys {
		k := &h.Keys[i]
		r := m.runners[k.For]
		if r == nil || r.bits[h.Rule] == 0 {
			continue
		}
		if !ok {
			r.unusable(h, k, "the event has no ID or no time")
			continue
		}
		value, fits := r.measure(k.Values)
		if !fits {
			r.unusable(h, k, "its values are not what "+string(r.spec.Type)+" measures")
			continue
		}
		var items []string
		if len(r.above) > 0 {
			items = r.items(h.Keys)
		}
		m.key = appendList(m.key[:0], k.Group)
		m.text = packHit(m.text[:0], h.Event, h.Ref, value, items)
		if len(m.text)+len(m.key) > maxText {
			r.unusable(h, k, "it has more than "+strconv.Itoa(maxText)+" bytes")
			continue
		}
		r.take(arrival{hit: hit{at, r.bits[h.Rule], string(m.text)}, group: m.key})
	}
}

// measure packs what a value type measures, or says that it cannot.
func (r *runner) measure(values []string) (string, bool) {
	if !r.spec.values() {
		return "", true
	}
	if len(values) == 0 || len(r.spec.Fields) > 0 && len(values) != len(r.spec.Fields) {
		return "", false
	}
	if !r.spec.numbers() {
		if len(values) == 1 {
			return values[0], true
		}
		return string(appendList(nil, values)), true
	}
	v, err := strconv.ParseFloat(values[0], 64)
	if err != nil || !(math.Abs(v) <= maxNumber) || len(values) > 1 {
		return "", false
	}
	if v < 0 && r.mode == trailing {
		return "", false // a sum that may sink again cannot be told at once
	}
	return numeral(v), true
}

// micros is a time as it is kept, and whether it is a time of this age of the world.
func micros(t time.Time) (int64, bool) {
	at := t.UnixMicro()
	return at, t.Year() >= 1970 && t.Year() < 3000
}

func moment(at int64) time.Time { return time.UnixMicro(at).UTC() }

// flush gives what came out, each firing as it was told last, in an order that does not depend on maps.
func (m *Machine) flush() []Firing {
	slices.SortStableFunc(m.out, func(a, b Firing) int {
		return cmp.Or(cmp.Compare(a.Correlation, b.Correlation), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	var out []Firing
	for _, f := range m.out {
		if n := len(out); n > 0 && out[n-1].Fingerprint == f.Fingerprint {
			f.Supersedes = append(out[n-1].Supersedes, f.Supersedes...)
			out[n-1] = f
		} else {
			out = append(out, f)
		}
	}
	m.out = nil
	return out
}
