package intel

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"net/netip"
)

// Set is compiled indicators. It never changes and is safe for concurrent use.
type Set struct {
	deep    bool
	seed    maphash.Seed
	rows    []row
	arena   []byte
	tests   []*expr
	scanned []uint32
	four    *table[uint32]
	six     *table[wide]
	texts   *texts
	has     [kinds]int  // indicators of each kind
	wanted  [kinds]bool // by tests
}

// Len is how many values the set has. A pattern of several values counts for each.
func (s *Set) Len() int { return len(s.rows) }

// Idle is how many of them nothing can ever match, because no log that is read here tells such a thing.
func (s *Set) Idle() int {
	n := s.has[ASN]
	if !s.deep {
		n += s.has[Hash]
	}
	return n
}

// at is an indicator unpacked.
func (s *Set) at(n uint32) Indicator {
	r := s.rows[n]
	i := Indicator{
		Kind: r.kind, Value: string(s.text(r.value)), ID: string(s.text(r.id)), Source: string(s.text(r.source)), Note: string(s.text(r.note)),
		Confidence: int(r.confidence), From: moment(r.from), Until: moment(r.until), Line: int(r.line),
	}
	if r.test > 0 {
		i.test = s.tests[r.test-1]
	}
	return i
}

func (s *Set) text(at uint32) []byte {
	n := uint32(binary.LittleEndian.Uint16(s.arena[at:]))
	return s.arena[at+2 : at+2+n]
}

// look calls each for the indicators of a kind that name a text. The text may be in any case.
func (s *Set) look(k Kind, text []byte, each func(row uint32)) {
	const longest = 2048
	if s.has[k] == 0 || len(text) == 0 || len(text) > longest {
		return
	}
	switch k {
	case Address:
		s.lookAddress(text, each)
	case Domain:
		var room [256]byte
		name := bytes.TrimSuffix(lower(room[:0], text), []byte("."))
		for len(name) > 0 {
			s.exact(k, name, each)
			dot := bytes.IndexByte(name, '.')
			if dot < 0 {
				return
			}
			name = name[dot+1:]
		}
	case Email:
		var room [256]byte
		s.exact(k, tail(lower(room[:0], text)), each)
	case Hash:
		var room [256]byte
		s.exact(k, lower(room[:0], text), each)
	case URL:
		if u, err := link(string(text)); err == nil {
			s.exact(k, []byte(u), each)
		}
	default:
		s.exact(k, text, each)
	}
}

// tail is what stands behind the last slash or colon: the name of a session, which is where ARNs have an address of a person.
func tail(text []byte) []byte { return text[bytes.LastIndexAny(text, "/:")+1:] }

func lower(to, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}

// exact looks a text up that is as normal makes it.
func (s *Set) exact(k Kind, text []byte, each func(row uint32)) {
	for _, e := range s.texts.find(hash(s.seed, k, text)) {
		if r := &s.rows[e.row]; r.kind == k && bytes.Equal(s.text(r.value), text) {
			each(e.row)
		}
	}
}

func (s *Set) lookAddress(text []byte, each func(row uint32)) {
	if four, ok := quad(text); ok {
		s.four.find(four, each)
		return
	}
	if bytes.IndexByte(text, ':') < 0 {
		return // a service that calls for somebody, such as config.amazonaws.com
	}
	a, err := netip.ParseAddr(string(text))
	switch {
	case err != nil:
	case a.Unmap().Is4():
		s.four.find(binary.BigEndian.Uint32(a.Unmap().AsSlice()), each)
	default:
		s.six.find(wideOf(a), each)
	}
}

// quad reads an IPv4 address without making garbage; false for everything else.
func quad(text []byte) (uint32, bool) {
	if len(text) < 7 || len(text) > 15 {
		return 0, false
	}
	var out, part uint32
	dots, digits := 0, 0
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			if part = part*10 + uint32(c-'0'); part > 255 {
				return 0, false
			}
			digits++
		case c == '.' && digits > 0 && dots < 3:
			out, part, digits = out<<8|part, 0, 0
			dots++
		default:
			return 0, false
		}
	}
	return out<<8 | part, dots == 3 && digits > 0
}

// kinds notes what a test asks about.
func (e *expr) kinds(into *[kinds]bool) {
	if e.test != nil {
		into[e.test.kind] = true
	}
	for _, p := range e.parts {
		p.kinds(into)
	}
}
