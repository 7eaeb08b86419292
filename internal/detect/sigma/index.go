package sigma

import (
	"slices"

	"jobzero/internal/event"
)

// indexed are the fields by which rules are looked up, the most telling first: few events share a name.
var indexed = [...]event.Slot{event.EventName, event.EventSource, event.IdentityType, event.ErrorCode, event.EventType}

// index finds the rules that a record leaves possible. It is derived from the conditions, so a rule that it leaves out cannot
// hold.
type index struct {
	byText [len(indexed)]map[string][]int // by a field's text in lower case: the rules that need it
	always []int                          // rules that need no certain text
	all    []int
}

func newIndex(rules []*Compiled) index {
	var x index
	for i, r := range rules {
		x.all = append(x.all, i)
		if !x.add(i, r) {
			x.always = append(x.always, i)
		}
	}
	return x
}

// add puts a rule under the texts of one field that it needs.
func (x *index) add(i int, r *Compiled) bool {
	for n, slot := range indexed {
		want := wanted(r.Condition, slot.String())
		if want == nil {
			continue
		}
		if x.byText[n] == nil {
			x.byText[n] = map[string][]int{}
		}
		for text := range want {
			x.byText[n][text] = append(x.byText[n][text], i)
		}
		return true
	}
	return false
}

// candidates are the rules that can match the record, by their number. The slice is lent until the next call.
func (x *index) candidates(r *event.Record, v *view) []int {
	if !r.Knows(event.EventName) { // not CloudTrail's shape: the index does not know it
		return x.all
	}
	if v.memo == nil {
		return x.look(r, v)
	}
	all, ok := x.texts(r, v.room)
	v.room = all
	if !ok {
		return x.look(r, v)
	}
	place, known := v.memo.of(all)
	if !known {
		place.texts, place.rules = append(place.texts[:0], all...), append(place.rules[:0], x.look(r, v)...)
	}
	return place.rules
}

// look finds the candidates in the maps.
func (x *index) look(r *event.Record, v *view) []int {
	out := append(v.possible[:0], x.always...)
	for n, slot := range indexed {
		if x.byText[n] == nil {
			continue
		}
		value := r.Get(slot)
		switch {
		case value.IsNull():
		case value[0] != '"':
			return x.all
		default:
			l := leaf{value: value}
			if text, ok := l.lower(v); ok {
				out = append(out, x.byText[n][string(text)]...)
			}
		}
	}
	slices.Sort(out)
	v.possible = out
	return out
}

// wanted gives the texts of a field, in lower case, of which a record must have one for the condition to hold; nil when there
// is no such set. "selection or not filter" needs none whatever the selection says.
func wanted(x Expr, field string) map[string]bool {
	switch x := x.(type) {
	case And:
		return fewest(len(x), func(i int) map[string]bool { return wanted(x[i], field) })
	case Or:
		return union(len(x), func(i int) map[string]bool { return wanted(x[i], field) })
	case Ref:
		return wantedBy(x.Search.Body, field)
	case Of:
		of := func(i int) map[string]bool { return wantedBy(x.Searches[i].Body, field) }
		if x.Need == len(x.Searches) {
			return fewest(len(x.Searches), of)
		}
		return union(len(x.Searches), of)
	}
	return nil
}

func wantedBy(b Body, field string) map[string]bool {
	switch b := b.(type) {
	case AllOf:
		return fewest(len(b), func(i int) map[string]bool { return wantedBy(b[i], field) })
	case AnyOf:
		return union(len(b), func(i int) map[string]bool { return wantedBy(b[i], field) })
	case *Test:
		return wantedIn(b, field)
	}
	return nil
}

// wantedIn is for a line "eventName: A" or a list of such texts without wildcards.
func wantedIn(t *Test, field string) map[string]bool {
	if t.Field != field || t.Neq || t.Exists || len(t.Values) == 0 {
		return nil
	}
	out := map[string]bool{}
	for _, x := range t.Values {
		p, ok := x.(*pattern)
		if !ok || p.windash {
			return nil
		}
		text, ok := p.exact()
		if !ok {
			return nil
		}
		out[string(lower([]byte(text)))] = true // a cased text is one of those that its lower case stands for
	}
	return out
}

// fewest is for parts that must all hold: any one of their sets is needed, and the smallest leaves the fewest records.
func fewest(n int, of func(int) map[string]bool) map[string]bool {
	var best map[string]bool
	for i := range n {
		if s := of(i); s != nil && (best == nil || len(s) < len(best)) {
			best = s
		}
	}
	return best
}

// union is for parts of which one must hold: every part must have a set.
func union(n int, of func(int) map[string]bool) map[string]bool {
	out := map[string]bool{}
	for i := range n {
		s := of(i)
		if s == nil {
			return nil
		}
		for text := range s {
			out[text] = true
		}
	}
	return out
}
