package sigma

import (
	"bytes"
	"hash/maphash"

	"jobzero/internal/event"
)

// The size of a memo: half a megabyte of values at most, a view.
const (
	memoPlaces = 2048
	memoValue  = 256 // bytes; longer values hardly ever come again
)

// memo remembers what was found out about values that come again and again, such as user agents and names of calls: to see
// that a value is one of those costs a tenth of judging it. It belongs to one view.
type memo struct {
	seed   maphash.Seed
	values [memoPlaces]said
	chosen [memoPlaces / 4]choice
}

// said is what a line says of a value.
type said struct {
	line  *line
	value []byte
	holds bool
}

// choice is which rules the texts of the indexed fields leave possible.
type choice struct {
	texts []byte // as they were written, one behind the other
	rules []int
}

func newMemo() *memo { return &memo{seed: maphash.MakeSeed()} }

// about gives the place for what a line says of a value, and whether that is there already.
func (m *memo) about(l *line, value []byte) (*said, bool) {
	place := &m.values[(maphash.Bytes(m.seed, value)+l.salt)%memoPlaces]
	return place, place.line == l && bytes.Equal(place.value, value)
}

// of gives the place for the rules that texts leave possible, and whether they are there already.
func (m *memo) of(texts []byte) (*choice, bool) {
	place := &m.chosen[maphash.Bytes(m.seed, texts)%uint64(len(m.chosen))]
	return place, len(place.texts) > 0 && bytes.Equal(place.texts, texts)
}

// memorable reports whether a line's verdict is worth remembering: it follows from one value that has a slot, and comparing is
// dear.
func (l *line) memorable() bool {
	if l.field == nil || !l.field.slotted || l.field.rest != "" || l.field.steps != nil || l.Exists {
		return false
	}
	for _, x := range l.Values {
		if _, other := x.(fieldRef); other {
			return false
		}
	}
	return len(l.Values) > 0 && l.cost() > costCompare
}

// remembered is the line's verdict by the view's memo. ok: the memo has to do with it.
func (l *line) remembered(v *view) (holds, ok bool) {
	if v.memo == nil || v.within != nil || !v.record.Knows(l.field.slot) {
		return false, false
	}
	value := v.record.Get(l.field.slot)
	if len(value) == 0 || len(value) > memoValue || value[0] != '"' {
		return false, false
	}
	place, known := v.memo.about(l, value)
	if !known {
		place.line, place.value, place.holds = l, append(place.value[:0], value...), l.judge(v)
	}
	return place.holds, true
}

// texts puts the values of the fields that rules are found by one behind the other. ok: each is a text or nothing.
func (x *index) texts(r *event.Record, room []byte) (all []byte, ok bool) {
	all = room[:0]
	for n, slot := range indexed {
		if x.byText[n] == nil {
			continue
		}
		value := r.Get(slot)
		switch {
		case value.IsNull():
			all = append(all, 'n')
		case value[0] != '"' || len(value) > memoValue:
			return all, false
		default:
			all = append(all, value...)
		}
	}
	return all, true
}
