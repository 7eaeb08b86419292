package event

import "time"

// LetterState is the life of a dead letter.
type LetterState string

// The states of a dead letter.
const (
	Dead     LetterState = "dead"
	Replayed LetterState = "replayed"
)

// Letter is a record that could not be used, kept with the reason so that it can be looked at and replayed.
type Letter struct {
	ID     string      `json:"id"` // a ULID
	Origin Origin      `json:"origin"`
	Reason string      `json:"reason"`
	Bytes  []byte      `json:"bytes"` // as delivered; cut when Size is larger
	Size   int64       `json:"size"`  // of the whole record in bytes, -1 when not known
	At     time.Time   `json:"at"`
	State  LetterState `json:"state"`
}

// LetterFilter picks dead letters. Empty fields pick everything.
type LetterFilter struct {
	State  LetterState
	Source string // Origin.Source
	Limit  int    // 0 means the store's own limit
}
