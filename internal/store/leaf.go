package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/fault"
)

// The limits of one page. A span is how many rows of an index are looked at for a page at the most, however few of them are wanted: a page takes
// about as long as any other, and says when there may be more behind what it has looked at.
const (
	pageSize = 50
	pageMost = 500
	pageSpan = 50_000
	wordSpan = 20_000 // where each row's words are looked through, which takes longer
)

// highest is behind every name of what is in a list, whichever language's order the database was made with: those are numbers in letters, of
// which the first is never the last of the alphabet.
const highest = "zzzzzzzzzzzzzzzzzzzzzzzzzz"

// mark is a place in a list: rows are ordered by when, and among equals by their name, the last first.
type mark struct {
	at int64
	id string
}

func (m mark) compare(o mark) int { return cmp.Or(cmp.Compare(m.at, o.at), cmp.Compare(m.id, o.id)) }

// String is the mark as the next page's beginning.
func (m mark) String() string { return strconv.FormatInt(m.at, 10) + "." + m.id }

// parseMark reads what String wrote. An empty text is the beginning.
func parseMark(s string) (mark, error) {
	if s == "" {
		return mark{1<<63 - 1, highest}, nil
	}
	at, id, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return mark{}, fault.New(fault.Invalid, "%q is no place in a list: take what the page before gave as the next one", cut(s, widest))
	}
	return mark{n, column(id)}, nil
}

// strip is what one span of one index holds of what is wanted, the last first.
type strip[T any] struct {
	found []T
	low   mark // where the span ended; the zero value when it reached the end of the index
}

// leaf is a page of what several strips hold together.
type leaf[T any] struct {
	rows []T
	next mark // the zero value: there is no more
	cut  bool // short of its size only because the spans ended
}

// merge makes a page of strips that are each complete down to their ends.
func merge[T any](strips []strip[T], of func(T) mark, size int) leaf[T] {
	var floor mark
	for _, s := range strips {
		if s.low.compare(floor) > 0 {
			floor = s.low
		}
	}
	var all []T
	for _, s := range strips {
		for _, row := range s.found {
			if of(row).compare(floor) >= 0 {
				all = append(all, row)
			}
		}
	}
	slices.SortFunc(all, func(a, b T) int { return of(b).compare(of(a)) })
	switch {
	case len(all) > size:
		return leaf[T]{rows: all[:size], next: of(all[size-1])}
	case floor != mark{}:
		return leaf[T]{rows: all, next: floor, cut: true}
	}
	return leaf[T]{rows: all}
}

// sized is how long a page is.
func sized(n int) int {
	if n <= 0 {
		return pageSize
	}
	return min(n, pageMost)
}

// like is a text as a pattern for what has it somewhere, with ! before what would stand for more. Empty for any.
func like(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(cut(strings.ToLower(text), widest)) + "%"
}
