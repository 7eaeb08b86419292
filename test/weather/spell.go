package weather

import (
	"time"

	"jobzero/internal/testmoto"
)

// Kind is what goes wrong.
type Kind string

// The kinds of bad weather, as a client meets them.
const (
	Throttled Kind = "throttled" // refused for want of quota; nothing was carried out
	Broken    Kind = "broken"    // an error of the service's own; nothing was carried out
	Lost      Kind = "lost"      // carried out, and the connection broke before the answer came: the client makes the call again
	Denied    Kind = "denied"    // refused for want of a permission
	Stale     Kind = "stale"     // a read is answered as it was before the last change
)

// Spell is one kind of weather over some calls.
type Spell struct {
	What  Kind
	Over  func(testmoto.Call) bool // which calls; all of them when nil
	Share float64                  // of those calls: 1 is all; it strikes the first time after 1/Share of them at the latest
	Most  int                      // it ends after so many; it never ends when 0
	For   time.Duration            // Stale: for how long after a change the old answer is given
}

// over says whether the spell lies over a call, whatever its share.
func (s Spell) over(c testmoto.Call) bool {
	switch {
	case s.Over != nil && !s.Over(c):
		return false
	case s.What == Stale:
		return !c.Write() && c.Service != "sqs" && c.Service != "sts" // a queue and a token are never an old one
	default:
		return true
	}
}

// Reads are the calls that change nothing, those of queues and tokens left out.
func Reads(c testmoto.Call) bool { return Spell{What: Stale}.over(c) }

// Writes are the calls that change a resource.
func Writes(c testmoto.Call) bool { return c.Write() && c.Service != "sqs" && c.Service != "sts" }

// Of are the calls of one name of a service, such as s3 and GetBucketPolicy.
func Of(service, action string) func(testmoto.Call) bool {
	return func(c testmoto.Call) bool { return c.Service == service && c.Action == action }
}
