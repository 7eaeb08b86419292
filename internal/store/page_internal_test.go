package store

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestMergedPagesMissNothing walks through lists that lie in several indices, of which only a short span is looked at for each page: put one behind
// the other the pages hold every row once and in order, and only a page that is short says that it was cut.
func TestMergedPagesMissNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		size, span := rapid.IntRange(1, 6).Draw(r, "size"), rapid.IntRange(1, 9).Draw(r, "span")
		places := rapid.SliceOfNDistinct(rapid.IntRange(1, 80), 0, 60, rapid.ID[int]).Draw(r, "rows")
		indices := make([][]mark, rapid.IntRange(1, 4).Draw(r, "indices"))
		var want []mark
		for _, p := range places {
			m := mark{at: int64(p / 3), id: string(rune('A' + p))}
			i := rapid.IntRange(0, len(indices)-1).Draw(r, "index")
			indices[i] = append(indices[i], m)
			if chosen(m) {
				want = append(want, m)
			}
		}
		down := func(a, b mark) int { return b.compare(a) }
		slices.SortFunc(want, down)
		var got []mark
		from := mark{1 << 62, highest}
		for turns := 0; ; turns++ {
			if turns > 200 {
				r.Fatal("the pages never end")
			}
			var strips []strip[mark]
			for _, index := range indices {
				slices.SortFunc(index, down)
				strips = append(strips, looked(index, from, size+1, span))
			}
			p := merge(strips, func(m mark) mark { return m }, size)
			if len(p.rows) > size || p.cut != (len(p.rows) < size && p.next != mark{}) && len(p.rows) != size {
				r.Fatalf("a page of %d: %d rows, cut %v, next %v", size, len(p.rows), p.cut, p.next)
			}
			got = append(got, p.rows...)
			if (p.next == mark{}) {
				break
			}
			from = p.next
		}
		if !slices.Equal(want, got) {
			r.Fatalf("want %v\ngot  %v", want, got)
		}
	})
}

// chosen is a filter.
func chosen(m mark) bool { return m.id[0]%3 != 0 }

// looked does what the queries do: it looks at a span of an index from behind a place, and takes what is wanted, up to most.
func looked(index []mark, from mark, most, span int) (s strip[mark]) {
	n := 0
	for _, m := range index {
		if m.compare(from) >= 0 {
			continue
		}
		if n++; chosen(m) && len(s.found) < most {
			s.found = append(s.found, m)
		}
		if n == span {
			if len(s.found) < most {
				s.low = m
			}
			return s
		}
	}
	return s
}

func FuzzParseMark(f *testing.F) {
	f.Add("12.abc")
	f.Add("")
	f.Add("-1.")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMark(text)
		if err != nil || text == "" {
			return
		}
		again, err := parseMark(m.String())
		if err != nil || again != m {
			t.Fatalf("%q: %v, and again %v %v", text, m, again, err)
		}
	})
}
