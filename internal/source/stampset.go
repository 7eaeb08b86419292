package source

// stampSet is a set of stamps that only grows. A stamp is a hash already, so its bits are the place in the table; a map would
// hash it again and take three times as long.
type stampSet struct {
	slots []Stamp // a power of two of them, at most half of them taken; the zero stamp is an empty slot
	n     int
	zero  bool // the zero stamp is in the set
}

const firstSlots = 1 << 10

func (s *stampSet) has(p Stamp) bool {
	if p == (Stamp{}) {
		return s.zero
	}
	_, found := s.slot(p)
	return found
}

// slot gives where the stamp is, or where it belongs.
func (s *stampSet) slot(p Stamp) (int, bool) {
	if len(s.slots) == 0 {
		return 0, false
	}
	mask := len(s.slots) - 1
	for i := int(p[0]) & mask; ; i = (i + 1) & mask { //nolint:gosec // only the low bits count
		switch s.slots[i] {
		case p:
			return i, true
		case Stamp{}:
			return i, false
		}
	}
}

// add puts a stamp in; false when it was there.
func (s *stampSet) add(p Stamp) bool {
	if p == (Stamp{}) {
		was := s.zero
		s.zero = true
		return !was
	}
	if 2*s.n >= len(s.slots) {
		s.grow()
	}
	i, found := s.slot(p)
	if found {
		return false
	}
	s.slots[i] = p
	s.n++
	return true
}

func (s *stampSet) grow() {
	old := s.slots
	s.slots = make([]Stamp, max(firstSlots, 2*len(old)))
	for _, p := range old {
		if p != (Stamp{}) {
			i, _ := s.slot(p)
			s.slots[i] = p
		}
	}
}

// size is how many stamps are in the set.
func (s *stampSet) size() int {
	if s.zero {
		return s.n + 1
	}
	return s.n
}

// clear empties the set and keeps its memory.
func (s *stampSet) clear() {
	clear(s.slots)
	s.n, s.zero = 0, false
}
