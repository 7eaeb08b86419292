package estate

import (
	"sync"

	"jobzero/internal/policy"
)

// shelf has the policies that were read: a text is parsed once, however many have it. It is safe for concurrent use.
type shelf struct {
	mu    sync.Mutex
	texts map[text]*policy.Document
	named map[copied]*policy.Document           // those of a text that was read under another name before
	first map[*policy.Document]*policy.Document // what those were made of
}

// text is a policy's text with what it is attached to.
type text struct {
	kind policy.Kind
	text string
}

// copied is a text under another name than its first.
type copied struct {
	of   *policy.Document
	name string
}

func newShelf() *shelf {
	return &shelf{texts: map[text]*policy.Document{}, named: map[copied]*policy.Document{}, first: map[*policy.Document]*policy.Document{}}
}

// document gives the policy of a text, which is always the same one for the same name.
func (s *shelf) document(name string, kind policy.Kind, written []byte) (*policy.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.texts[text{kind, string(written)}]
	if !ok {
		s.mu.Unlock() // others need not wait while it is parsed
		made, _, err := policy.Parse(name, kind, written)
		s.mu.Lock()
		if err != nil {
			return nil, err
		}
		if d, ok = s.texts[text{kind, string(written)}]; !ok {
			d = made
			s.texts[text{kind, string(written)}] = d
		}
	}
	if d.Name == name {
		return d, nil
	}
	at := copied{d, name}
	if s.named[at] == nil {
		s.named[at] = d.Named(name)
		s.first[s.named[at]] = d
	}
	return s.named[at], nil
}

// same reports whether two policies have one text.
func (s *shelf) same(a, b *policy.Document) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.origin(a) == s.origin(b)
}

func (s *shelf) origin(d *policy.Document) *policy.Document {
	if first, ok := s.first[d]; ok {
		return first
	}
	return d
}
