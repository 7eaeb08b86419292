// Package standing is what resources came to, kept, and how that adds up.
//
// It is: one row a resource, and sums of them by day, expectation, account and team.
// It takes: verdicts, when a resource was read.
// It gives: the share that passes, with what is not known beside it.
// Next door: expect judges; app writes rows and folds them; store keeps both.
package standing

import (
	"time"

	"jobzero/internal/resource"
)

// Row is what one resource came to when it was last judged. A list is in no certain order.
type Row struct {
	resource.Ref
	Owner    string    // team or person; empty when nobody is known
	ReadAt   time.Time // when it was last read
	JudgedAt time.Time // when what was read was last judged, and not only found unchanged
	SweptAt  time.Time // when the sweep began that listed it last
	Until    time.Time // when it has to be judged again though nothing changes; zero for never

	Passing []string // IDs of expectations
	Failing []string
	Unknown []string
	Waived  []Waived
	Digest  string // of what was read and what it was judged by; empty when it has to be judged anew
}

// Waived is an expectation that need not be met for some time.
type Waived struct {
	Expectation string
	Waiver      string // its ID
}

// Judged is how many expectations apply.
func (r Row) Judged() int { return len(r.Passing) + len(r.Failing) + len(r.Unknown) + len(r.Waived) }

// Sweep is how far a list of resources was swept.
type Sweep struct {
	Place  string // account|region|type
	Began  time.Time
	Done   time.Time // before Began while it is under way
	Cursor string    // how far it is
	Judges string    // digest of what was expected when it began
	Listed int
}

// UnderWay reports whether a sweep was begun and not ended.
func (s Sweep) UnderWay() bool { return s.Began.After(s.Done) }
