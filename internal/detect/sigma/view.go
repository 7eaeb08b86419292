package sigma

import (
	"bytes"
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
	low      *[]byte // room for texts in lower case, as long as the record is looked at
	memo     *memo   // nil where there is none: beside an engine, and in elements
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

func newView(f fields) *view { return &view{found: make([]known, len(f)), fields: f, low: new([]byte)} }

// begin turns to another record.
func (v *view) begin(r *event.Record) {
	v.record, v.all = r, nil
	*v.low = (*v.low)[:0]
	v.turn++
}

// inside is a view of an element of the record. Nothing that it finds is kept.
func (v *view) inside(x rawjson.Value) *view {
	return &view{record: v.record, within: x, fields: v.fields, low: v.low}
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
func (l *leaf) text(v *view) ([]byte, bool) {
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
		if v.record.Compact() && bytes.IndexByte(l.value, '\\') < 0 {
			l.said = l.value
			break
		}
		l.said = rawjson.Compact(nil, l.value)
	default:
		l.said = l.value
	}
	return l.said, true
}

// lower is the leaf as a text in lower case. It is lent while the record is looked at.
func (l *leaf) lower(v *view) ([]byte, bool) {
	if len(l.low) > 0 {
		return l.low, true
	}
	text, ok := l.text(v)
	if !ok {
		return nil, false
	}
	l.low = lowerInto(text, v.low)
	return l.low, true
}

// lower gives the text itself where nothing in it has to change.
func lower(text []byte) []byte { return lowerInto(text, new([]byte)) }

// lowerInto is lower with room for what has to change, at the end of which the result is put.
func lowerInto(text []byte, room *[]byte) []byte {
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
	from := len(*room)
	out := append(*room, text...)
	for i, c := range out[from:] {
		if 'A' <= c && c <= 'Z' {
			out[from+i] = c + 'a' - 'A'
		}
	}
	*room = out
	return out[from:len(out):len(out)]
}
