package ledger

import (
	"encoding/binary"

	"jobzero/internal/fault"
)

// Memory is which events were folded lately, so that none is folded twice. It is for one goroutine.
type Memory struct {
	window window
	fresh  []byte
}

// NewMemory remembers at least the last n events, and at most twice as many.
func NewMemory(n int) *Memory { return &Memory{window: window{half: max(1, n)}} }

// First marks an event and says whether it is new. One without an ID always is.
func (m *Memory) First(e *Entry) bool {
	if e.stamp == 0 {
		return true
	}
	if !m.window.first(e.stamp) {
		return false
	}
	m.fresh = binary.LittleEndian.AppendUint64(m.fresh, e.stamp)
	return true
}

// Fresh gives the stamps that are new since the last call, of eight bytes each.
func (m *Memory) Fresh() []byte {
	out := m.fresh
	m.fresh = nil
	return out
}

// Load remembers what Fresh gave. An error is fault.Invalid.
func (m *Memory) Load(stamps []byte) error {
	if len(stamps)%8 != 0 {
		return fault.New(fault.Invalid, "stamps of events have %d bytes: want eight of each", len(stamps))
	}
	for ; len(stamps) > 0; stamps = stamps[8:] {
		m.window.first(binary.LittleEndian.Uint64(stamps))
	}
	return nil
}
