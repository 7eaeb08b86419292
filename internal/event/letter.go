package event

import "time"

// LetterState is the life of a dead letter.
type LetterState string

// The states of a dead letter.
const (
	Dead     LetterState = "dead"
	Replayed LetterState = "replayed"
)

// Beside is what was known of a record besides its bytes, so that it can be read again as it was.
type Beside struct {
	Log     Log       `json:"log,omitempty"`     // which log it is of; CloudTrail when it is empty
	Account string    `json:"account,omitempty"` // what the file's name or the envelope around it said; see also Origin.Place
	Region  string    `json:"region,omitempty"`
	Group   string    `json:"group,omitempty"`  // the log group that it came from
	Header  string    `json:"header,omitempty"` // the line before it that names its fields
	Time    time.Time `json:"time,omitzero"`    // when AWS took it in, for records that say no time themselves
}

// Letter is a record that could not be used, kept with the reason so that it can be looked at and replayed.
type Letter struct {
	ID     string      `json:"id"` // a ULID
	Origin Origin      `json:"origin"`
	Reason string      `json:"reason"`
	Bytes  []byte      `json:"bytes"` // as delivered; cut when Size is larger
	Size   int64       `json:"size"`  // of the whole record in bytes, -1 when not known
	At     time.Time   `json:"at"`
	State  LetterState `json:"state"`
	Beside *Beside     `json:"beside,omitempty"` // nil: nothing was known
}

// LetterFilter picks dead letters. Empty fields pick everything.
type LetterFilter struct {
	State  LetterState
	Source string // Origin.Source
	Limit  int    // 0 means the store's own limit
}
