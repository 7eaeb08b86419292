package ledger

// table gives each value a number. Numbers begin at 1: 0 is what has none.
type table[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func newTable[T comparable]() table[T] {
	return table[T]{numbers: map[T]uint32{}, list: make([]T, 1)}
}

// find gives the number of a value; false when it has none.
func (t *table[T]) find(v T) (uint32, bool) {
	n, ok := t.numbers[v]
	return n, ok
}

// add gives the number of a value, a new one if need be.
func (t *table[T]) add(v T) uint32 {
	if n, ok := t.numbers[v]; ok {
		return n
	}
	n := uint32(len(t.list)) //nolint:gosec // the limits of a ledger are far below
	t.numbers[v] = n
	t.list = append(t.list, v)
	return n
}

func (t *table[T]) of(n uint32) T { return t.list[n] }
