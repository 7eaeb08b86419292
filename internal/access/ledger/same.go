package ledger

// maxSame is how many different values a reader has pointers of; beyond it, it begins anew.
const maxSame = 1 << 13

// same gives one pointer for all values that are equal, as long as there are not too many.
type same[T comparable] struct {
	known map[T]*T
	last  *T // as it often is again
}

func (s *same[T]) one(v T) *T {
	if s.last != nil && *s.last == v {
		return s.last
	}
	p, ok := s.known[v]
	if !ok {
		if s.known == nil || len(s.known) >= maxSame {
			s.known = map[T]*T{}
		}
		p = new(T) // a pointer to v itself would cost an allocation at every call
		*p = v
		s.known[v] = p
	}
	s.last = p
	return p
}
