package ledger

import "slices"

// stamps is a set of hashes. They are evenly spread already, so that the low bits of one say where it lies, and the next free
// place follows; a place without a stamp is zero, which no stamp is.
type stamps struct {
	places []uint64 // a power of two of them, less than three in four taken
	n      int
}

func (s *stamps) has(x uint64) bool {
	return s.n > 0 && s.places[s.find(x)] == x
}

// add says whether a stamp is new.
func (s *stamps) add(x uint64) bool {
	if s.n >= len(s.places)/4*3 {
		s.grow()
	}
	i := s.find(x)
	if s.places[i] == x {
		return false
	}
	s.places[i] = x
	s.n++
	return true
}

// find is the place of a stamp, or the one that it would get.
func (s *stamps) find(x uint64) int {
	last := uint64(len(s.places) - 1) //nolint:gosec // there is a place
	i := x & last
	for s.places[i] != 0 && s.places[i] != x {
		i = (i + 1) & last
	}
	return int(i) //nolint:gosec // it is below the length
}

func (s *stamps) grow() {
	old := s.places
	s.places = make([]uint64, max(8, 2*len(old)))
	for _, x := range old {
		if x != 0 {
			s.places[s.find(x)] = x
		}
	}
}

// list gives the stamps in order.
func (s *stamps) list() []uint64 {
	out := make([]uint64, 0, s.n)
	for _, x := range s.places {
		if x != 0 {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}

func (s *stamps) clone() stamps { return stamps{slices.Clone(s.places), s.n} }
