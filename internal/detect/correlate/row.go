package correlate

import (
	"encoding/binary"
	"math"
	"time"

	"jobzero/internal/fault"
)

// Row is one piece of a machine's state, to be kept in a table under its correlation and ID. There is one for the marks
// (neither correlation nor ID), one for each correlation (no ID) and one for each group.
type Row struct {
	Correlation string
	ID          string // of letters and digits; of a group it is the Subject of its firings
	State       []byte // nil: the group is no longer held, delete the row
}

// format is the version of the encoding, the first byte of each row. A state of another version is refused.
const format = 1

func (m *Machine) marksRow() Row {
	b := []byte{format}
	names := sortedKeys(m.marks)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		mark := m.marks[name]
		b = appendText(b, name)
		at, _ := micros(mark.Seen)
		b = binary.AppendVarint(b, at)
		b = appendFlags(b, mark.Idle)
	}
	return Row{State: b}
}

func (m *Machine) readMarks(state string) error {
	c := cursor{rest: state}
	if c.number() != format {
		return corrupt("the marks")
	}
	for range c.count() {
		mark := Mark{Source: c.text(), Seen: moment(c.signed())}
		var f [1]bool
		c.flags(f[:])
		mark.Idle = f[0]
		if _, ok := micros(mark.Seen); !ok {
			mark.Seen = time.Time{}
		}
		m.marks[mark.Source] = mark
	}
	if c.broken || c.rest != "" {
		return corrupt("the marks")
	}
	return nil
}

func (r *runner) headRow() Row {
	b := append([]byte{format}, r.digest[:]...)
	b = binary.AppendVarint(b, r.watermark)
	for _, n := range r.counts.list() {
		b = binary.AppendUvarint(b, uint64(*n)) //nolint:gosec // counts are not negative
	}
	return Row{Correlation: r.spec.ID, State: b}
}

// list is the counts in the order of the encoding.
func (c *Counts) list() []*int {
	return []*int{&c.Taken, &c.Duplicates, &c.Late, &c.Missed, &c.Unusable, &c.Firings, &c.EvictedGroups, &c.EvictedHits}
}

// readHead takes up a head row, or says that it is of another version of the correlation.
func (r *runner) readHead(state string) (same bool, err error) {
	c := cursor{rest: state}
	if c.number() != format {
		return false, corrupt("the head of correlation " + r.spec.ID)
	}
	digest, w := c.bytes(uint64(len(r.digest))), c.signed()
	var counts Counts
	for _, n := range counts.list() {
		*n = c.natural()
	}
	if c.broken || c.rest != "" || w < never || w > ever {
		return false, corrupt("the head of correlation " + r.spec.ID)
	}
	if digest != string(r.digest[:]) {
		return false, nil
	}
	r.watermark, r.counts = w, counts
	return true, nil
}

func (r *runner) groupRow(g *group) Row {
	b := appendText([]byte{format}, g.key)
	b = appendFlags(b, g.more != nil)
	if s := g.more; s != nil {
		b = binary.AppendVarint(b, s.covered)
		b = binary.AppendVarint(b, s.trimmed)
		b = binary.AppendUvarint(b, uint64(len(s.bursts)))
		for i := range s.bursts {
			b = appendBurst(b, &s.bursts[i])
		}
	}
	return Row{Correlation: r.spec.ID, ID: subject(r.spec.ID, g.key), State: appendHits(b, g.hits)}
}

func (r *runner) readGroup(state string) (*group, error) {
	c := cursor{rest: state}
	version := c.number()
	g := &group{key: c.text(), from: ever, upto: never, due: ever}
	var more [1]bool
	if c.flags(more[:]); more[0] {
		s := g.story()
		s.covered, s.trimmed = c.signed(), c.signed()
		for range c.count() {
			s.bursts = append(s.bursts, r.readBurst(&c))
		}
	}
	g.hits = r.readHits(&c)
	for _, h := range g.hits {
		g.texts += len(h.text)
	}
	if version != format || c.broken || c.rest != "" || !r.sound(g) {
		return nil, corrupt("a group of correlation " + r.spec.ID)
	}
	return g, nil
}

// sound reports whether what was read can have been written: a group's code relies on it.
func (r *runner) sound(g *group) bool {
	key := cursor{rest: g.key}
	if key.list(); key.broken || key.rest != "" || g.key == "" {
		return false
	}
	if s := g.more; s != nil && (s.covered < never || s.covered > ever || s.trimmed < never || s.trimmed > ever) {
		return false
	}
	end := never
	for _, b := range g.bursts() {
		if b.first < 0 || b.last < b.first || b.last > ever || b.first-r.span <= end {
			return false
		}
		end = b.last
	}
	return len(g.hits) > 0 || g.more != nil
}

func appendBurst(b []byte, u *burst) []byte {
	b = binary.AppendVarint(b, u.first)
	b = binary.AppendVarint(b, u.last)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(u.peak))
	b = binary.AppendUvarint(b, uint64(u.released))  //nolint:gosec // counts are not negative
	b = binary.AppendUvarint(b, uint64(u.toldCount)) //nolint:gosec // counts are not negative
	b = binary.AppendVarint(b, u.toldLast)
	b = appendFlags(b, u.begun, u.late)
	b = binary.AppendUvarint(b, uint64(len(u.told)))
	for _, slot := range u.told {
		b = binary.AppendVarint(b, slot)
	}
	return appendHits(b, u.kept)
}

func (r *runner) readBurst(c *cursor) burst {
	u := burst{first: c.signed(), last: c.signed(), peak: fromNumeral(c.bytes(8)), released: c.natural(), toldCount: c.natural(), toldLast: c.signed()}
	var f [2]bool
	c.flags(f[:])
	u.begun, u.late = f[0], f[1]
	for range c.count() {
		u.told = append(u.told, c.signed())
	}
	u.kept = r.readHits(c)
	return u
}

// appendHits packs sorted hits, their times as differences.
func appendHits(b []byte, hits []hit) []byte {
	b = binary.AppendUvarint(b, uint64(len(hits)))
	last := int64(0)
	for i := range hits {
		b = binary.AppendVarint(b, hits[i].at-last)
		b = binary.AppendUvarint(b, uint64(hits[i].rules))
		b = appendText(b, hits[i].text)
		last = hits[i].at
	}
	return b
}

// readHits reads hits that are sorted, in time and of the correlation's rules; otherwise the cursor is broken.
func (r *runner) readHits(c *cursor) []hit {
	n := c.count()
	if n == 0 {
		return nil
	}
	out := make([]hit, 0, min(n, len(c.rest)/4))
	last := int64(0)
	for range n {
		at, rules, text := last+c.signed(), c.number(), c.text()
		h := hit{at: at, rules: uint32(rules & math.MaxUint32), text: text}
		_, _, _, items, ok := unpackHit(text)
		wrong := !ok || rules == 0 || rules >= 1<<len(r.spec.Rules) || at < 0 || at > ever || size(splitItems(items)) != len(items)
		if wrong || len(out) > 0 && out[len(out)-1].order(&h) >= 0 {
			c.fail()
			return nil
		}
		out = append(out, h)
		last = at
	}
	return out
}

func size(items []string) int {
	n := 0
	for _, s := range items {
		n += len(s)
	}
	return n
}

func corrupt(what string) error {
	return fault.New(fault.Invalid, "the saved state of %s is damaged or of another version", what)
}

// appendFlags packs up to seven yes-or-nos into a byte.
func appendFlags(b []byte, flags ...bool) []byte {
	var x byte
	for i, f := range flags {
		if f {
			x |= 1 << i
		}
	}
	return append(b, x)
}

func (c *cursor) flags(into []bool) {
	s := c.bytes(1)
	if c.broken || s[0]>>len(into) != 0 {
		c.fail()
		return
	}
	for i := range into {
		into[i] = s[0]&(1<<i) != 0
	}
}

// natural reads a count that does not say how many things follow.
func (c *cursor) natural() int {
	n := c.number()
	if n > math.MaxInt/4 {
		c.fail()
		return 0
	}
	return int(n)
}
