package correlate

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
)

// Hit says that a rule matched an event.
type Hit struct {
	Rule  string    // the rule that matched
	Event string    // identity of the event, the same on every way it comes
	Time  time.Time // of the event, to the microsecond
	Ref   string    // where the event can be found; kept as it is
	Keys  []Key     // one for each correlation that Machine.Wants names for the rule
}

// Key is what one correlation reads from a hit. An event whose fields have several values may have several keys for it.
type Key struct {
	For    string   // the correlation
	Group  []string // the values of its group-by fields, in their order
	Values []string // the values of the fields that it measures; a number for value_sum, value_avg and value_percentile
}

// hit is one entry of a group. Its identity within the group is time, event and value.
type hit struct {
	at    int64  // microseconds
	rules uint32 // which of the correlation's rules matched, a bit each
	text  string // event, ref, value, then the items for correlations further up
}

// packHit packs the text of a hit. A ref that is the event's ID, as it often is, takes one byte.
func packHit(b []byte, event, ref, value string, items []string) []byte {
	b = appendText(b, event)
	if ref == event {
		b = append(b, 0)
	} else {
		b = binary.AppendUvarint(b, uint64(len(ref))+1)
		b = append(b, ref...)
	}
	b = appendText(b, value)
	for _, item := range items {
		b = append(b, item...)
	}
	return b
}

// unpackHit is what packHit packed; items stay one text.
func unpackHit(text string) (event, ref, value, items string, ok bool) {
	c := cursor{rest: text}
	event = c.text()
	ref = event
	if n := c.number(); n > 0 {
		ref = c.bytes(n - 1)
	}
	value = c.text()
	return event, ref, value, c.rest, !c.broken
}

func (h *hit) event() string {
	c := cursor{rest: h.text}
	return c.text()
}

func (h *hit) value() string {
	_, _, value, _, _ := unpackHit(h.text)
	return value
}

// items is what the hit means to correlations further up, see chain.go.
func (h *hit) items() string {
	_, _, _, items, _ := unpackHit(h.text)
	return items
}

// order is by time, then event, then value: total, and the same wherever and whenever the hits came.
func (h *hit) order(o *hit) int {
	if h.at != o.at {
		return cmp.Compare(h.at, o.at)
	}
	if h.text == o.text {
		return 0
	}
	e, _, v, _, _ := unpackHit(h.text)
	oe, _, ov, _, _ := unpackHit(o.text)
	if c := strings.Compare(e, oe); c != 0 {
		return c
	}
	return strings.Compare(v, ov)
}

// merge takes up what another copy of the same hit knows and reports whether that was anything. Copies that differ come to
// the same result in any order: all their rules and items, and the smallest ref.
func (h *hit) merge(o hit) bool {
	rules, text := h.rules|o.rules, h.text
	if h.text != o.text {
		event, ref, value, items, _ := unpackHit(h.text)
		_, ref2, _, items2, _ := unpackHit(o.text)
		text = string(packHit(nil, event, min(ref, ref2), value, union(items, items2)))
	}
	if rules == h.rules && text == h.text {
		return false
	}
	h.rules, h.text = rules, text
	return true
}

// numeral packs a number behind which value_sum, value_avg and value_percentile look.
func numeral(v float64) string {
	return string(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
}

func fromNumeral(s string) float64 {
	if len(s) != 8 {
		return 0
	}
	return math.Float64frombits(binary.BigEndian.Uint64([]byte(s)))
}

// union is both lists of items, sorted, each item once.
func union(a, b string) []string {
	all := append(splitItems(a), splitItems(b)...)
	slices.Sort(all)
	return slices.Compact(all)
}
