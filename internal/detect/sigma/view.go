package sigma

import (
	"strings"
	"unicode/utf8"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// view is a record while it is judged. It belongs to one goroutine and is used for one record after another.
type view struct {
	record *event.Record
	within rawjson.Value // the element that is looked at in the record's place, nil when it is the record
	turn   uint64        // counts the records: what was found for another one is stale
	found  []known       // by the number of the field
	all    []leaf        // for keywords, once they are asked for
	fields fields        // of the engine, for those who name one while judging

	from        Lineage // nil: nobody knows
	lineageNow  rawjson.Value
	lineageTurn uint64 // for which record it was asked

	possible []int           // room for the numbers of rules
	values   []rawjson.Value // room for the values of a field
	room     []byte
}

// known is what a field has in the record of a turn.
type known struct {
	turn   uint64
	leaves []leaf
}

// leaf is a value that a field has. An array gives a leaf for each element and one for itself, which is whole.
type leaf struct {
	value rawjson.Value
	whole bool
	said  []byte // its text, once it was asked for; empty texts are asked for again
	low   []byte // its text in lower case, likewise
}

func newView(f fields) *view { return &view{found: make([]known, len(f)), fields: f} }

// begin turns to another record.
func (v *view) begin(r *event.Record) {
	v.record, v.all = r, nil
	v.turn++
}

// inside is a view of an element of the record. Nothing that it finds is kept.
func (v *view) inside(x rawjson.Value) *view {
	return &view{record: v.record, within: x, fields: v.fields}
}

// scratch is room for the leaves of a field: that of the record before, which nobody looks at any more.
func (v *view) scratch(f *field) []leaf {
	if f.number < len(v.found) {
		return v.found[f.number].leaves[:0]
	}
	return nil
}

// isNull reports whether the leaf is null.
func (l *leaf) isNull() bool { return l.value.IsNull() }

// isString reports whether the leaf is a text in the record, and no number or word.
func (l *leaf) isString() bool { return l.value[0] == '"' }

// text is the leaf as a text; null has none. It is lent.
func (l *leaf) text() ([]byte, bool) {
	if l.isNull() {
		return nil, false
	}
	if len(l.said) > 0 {
		return l.said, true
	}
	switch l.value[0] {
	case '"':
		if plain, ok := l.value.Plain(); ok {
			l.said = plain
			break
		}
		s, _ := l.value.Text()
		l.said = []byte(s)
	case '{', '[':
		l.said = rawjson.Compact(nil, l.value)
	default:
		l.said = l.value
	}
	return l.said, true
}

// lower is the leaf as a text in lower case.
func (l *leaf) lower() ([]byte, bool) {
	if len(l.low) > 0 {
		return l.low, true
	}
	text, ok := l.text()
	if !ok {
		return nil, false
	}
	l.low = lower(text)
	return l.low, true
}

// lowerInto is lower without making garbage: the text is lent from room until the next call.
func (l *leaf) lowerInto(room *[]byte) ([]byte, bool) {
	text, ok := l.text()
	if !ok {
		return nil, false
	}
	out := (*room)[:0]
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return l.lower()
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	*room = out
	return out, true
}

// lower gives the text itself where nothing in it has to change.
func lower(text []byte) []byte {
	change := false
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return []byte(strings.ToLower(string(text)))
		}
		change = change || 'A' <= c && c <= 'Z'
	}
	if !change {
		return text
	}
	out := make([]byte, len(text))
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out[i] = c
	}
	return out
}
