package playbook

import (
	"sync"

	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// mostPinned bounds the definitions that are kept read. More are pinned at one time only where somebody writes playbooks all day.
const mostPinned = 512

// shelf keeps definitions that runs have pinned as they were read, by their text: a run is looked at several times for each of its steps, and
// reading its playbook takes as long as writing a step down. A definition is not changed once it is read.
type shelf struct {
	mu     sync.Mutex
	pinned map[string]book.Definition
}

// read gives what a text says.
func (s *shelf) read(text string) (book.Definition, error) {
	s.mu.Lock()
	d, ok := s.pinned[text]
	s.mu.Unlock()
	if ok {
		return d, nil
	}
	d, err := book.Parse("pinned playbook", []byte(text))
	if err != nil {
		return d, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pinned) >= mostPinned || s.pinned == nil { // what is still in use is soon back
		s.pinned = map[string]book.Definition{}
	}
	s.pinned[text] = d
	return d, nil
}

// parts reads the definitions that a run has pinned.
func (s *shelf) parts(r *Run) ([]book.Definition, error) {
	out := make([]book.Definition, 0, 1+len(r.Parts))
	for _, text := range append([]string{r.Definition}, r.Parts...) {
		d, err := s.read(text)
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), err, "run %s", r.ID)
		}
		out = append(out, d)
	}
	return out, nil
}
