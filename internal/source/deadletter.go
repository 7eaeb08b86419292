package source

import (
	"time"

	"jobzero/internal/event"
)

// MaxDeadBytes is how much of an unreadable record a dead letter keeps.
const MaxDeadBytes = 64 << 10

// DeadLetter is something that could not be read, with enough to see why and, when Bytes is whole, to try again.
type DeadLetter struct {
	Origin event.Origin
	Reason string    // one sentence: what was wrong and where
	Bytes  []byte    // the first MaxDeadBytes of it; empty when not even that could be read
	Size   int64     // its whole length in bytes, -1 when unknown
	At     time.Time // when it was given up
	Beside *event.Beside
}

// Whole says whether Bytes is all there was, so that a replay can give the same bytes again.
func (d DeadLetter) Whole() bool { return d.Size == int64(len(d.Bytes)) }

// Clip is a copy of the bytes that a dead letter keeps of b.
func Clip(b []byte) []byte {
	n := min(len(b), MaxDeadBytes)
	return append(make([]byte, 0, n), b[:n]...)
}
