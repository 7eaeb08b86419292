package flow

import (
	"context"
	"time"
)

// Hint says that a leg should look at the thing named Ref. It may be late, double or lost: the row decides.
type Hint struct {
	Leg        string `json:"leg"`
	Ref        string `json:"ref"`
	Generation int64  `json:"generation"`
	Sends      int64  `json:"sends"`   // makes this hint's identity its own
	Resends    int    `json:"resends"` // hints for it lost in a row
}

// Claim is the right to work on one thing until its lease ends.
type Claim struct {
	Leg        string
	Ref        string
	Generation int64
	Attempts   int    // failures in a row so far
	Holder     string // unique to this claim
}

// End is how work on a claim ended.
type End string

// The ends.
const (
	Settle    End = "settle"     // done for the claimed generation; one enqueued meanwhile stays due
	LookAgain End = "look-again" // not done: due at Due
	TryAgain  End = "try-again"  // failed: due at Due, one more failure in a row
	GiveUp    End = "give-up"    // failed for good: kept, not due, told to a person
	LetGo     End = "let-go"     // stopped on the way: due as before
)

// Outcome is the end of a claim with what belongs to it.
type Outcome struct {
	End   End
	Due   time.Time // LookAgain, TryAgain
	Error string    // TryAgain, GiveUp
	Wall  time.Time // GiveUp: when
}

// Ended is what a claim's end came to.
type Ended struct {
	Held    bool // false: the claim had been lost, and nothing was changed
	Pending bool // the thing must be looked at again, now or later
}

// Ask is the wish to work on one thing. Now is by the engine's Clock; Wall and Until are by the wall clock.
type Ask struct {
	Leg, Ref, Holder string
	Now, Wall, Until time.Time
}

// Backlog is what waits for one leg.
type Backlog struct {
	Leg       string
	Pending   int // poisoned ones included
	Poisoned  int
	OldestDue time.Time // of what is not poisoned; zero when there is none
}

// Relaying is what the relay needs of the book.
type Relaying interface {
	// NextDue is when the earliest unsent thing is due, false when there is none.
	NextDue(ctx context.Context, wall time.Time) (time.Time, bool, error)
	// Underway counts the hints sent and not yet taken, by leg.
	Underway(ctx context.Context) (map[string]int, error)
	// Unsent lists due things of a leg that no hint is on its way for, the longest due first.
	Unsent(ctx context.Context, leg string, now, wall time.Time, most int) ([]Hint, error)
	// MarkSent records hints as sent, unless their rows have moved on; again says when each counts as lost.
	MarkSent(ctx context.Context, hints []Hint, wall time.Time, again func(Hint) time.Time) error
}

// Working is what the workers need of the book.
type Working interface {
	// Claim gives the right to work, or false: not pending, not due or somebody else's.
	Claim(ctx context.Context, ask Ask) (Claim, bool, error)
	// Renew lengthens a lease; false means that it was lost.
	Renew(ctx context.Context, c Claim, until time.Time) (bool, error)
	// Finish ends a claim.
	Finish(ctx context.Context, c Claim, o Outcome) (Ended, error)
}

// Sweeping is what the sweeper needs of the book.
type Sweeping interface {
	// Unsend makes things unsent again whose hints count as lost, and counts them.
	Unsend(ctx context.Context, wall time.Time) (int, error)
	// Prune forgets things that were done and last due before.
	Prune(ctx context.Context, before time.Time) (int, error)
	// ReleaseAll ends all leases and makes everything pending unsent: for a start when no other process can be at work.
	ReleaseAll(ctx context.Context) (int, error)
}

// Leading is how one of several processes becomes the one that relays and sweeps.
type Leading interface {
	// Lead takes or renews a lease of that name; false means that somebody else has it.
	Lead(ctx context.Context, name, holder string, wall, until time.Time) (bool, error)
	// Resign gives the lease back.
	Resign(ctx context.Context, name, holder string) error
}

// Book is the truth: what must be looked at, by which leg, when. The store implements it.
type Book interface {
	Relaying
	Working
	Sweeping
	Leading
}

// Observer is told what the engine does; telemetry implements it. Its methods must not block.
type Observer interface {
	Handled(leg string, took time.Duration, err error)
	Sent(leg string, hints int)
	Lost(hints int) // hints that nobody took in time and that are sent again
}
