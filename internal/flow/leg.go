package flow

import (
	"context"
	"regexp"
	"time"

	"jobzero/internal/fault"
)

// Run is the work of a stream leg: it goes on until ctx is done. The engine starts it again when it returns an error.
type Run func(ctx context.Context) error

// Handle is the work of a durable leg on the thing named ref. It may be called more often than once for the same wake-up, so
// it looks at the thing's row first. A non-zero time asks to be called again then. An error is tried again later; a
// fault.Invalid one never is: it goes to a person, as does the last of too many.
type Handle func(ctx context.Context, ref string) (again time.Time, err error)

// Kind says whether a leg outlives the process.
type Kind string

// The kinds.
const (
	Stream  Kind = "stream"  // in process: no row, no bus
	Durable Kind = "durable" // a row in SQL, a hint on the bus
)

// Leg is one stretch of the road. Make one with From, Via or Into.
type Leg struct {
	Name     string
	Kind     Kind
	From, To string        // corridors, for the picture; empty where the road begins or ends
	Run      Run           // of a stream leg
	Handle   Handle        // of a durable leg
	Workers  int           // handlers at once in this process, 4 when 0
	Patience time.Duration // the longest a handler may take before its context ends, 5 minutes when 0
}

// From begins the road: a stream leg that brings things in from the world.
func From(name string, run Run, to string) Leg {
	return Leg{Name: name, Kind: Stream, Run: run, To: to}
}

// Via is a durable leg between two corridors.
func Via(name, from string, handle Handle, to string) Leg {
	return Leg{Name: name, Kind: Durable, From: from, Handle: handle, To: to}
}

// Into ends the road: a durable leg that changes the world.
func Into(name, from string, handle Handle) Leg {
	return Leg{Name: name, Kind: Durable, From: from, Handle: handle}
}

// check says what is wrong with the leg and fills in what was left out.
func (l *Leg) check() error {
	// The name becomes a part of a NATS subject and of a consumer's name.
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`).MatchString(l.Name) {
		return fault.New(fault.Invalid, "leg %q: a name is 1 to 40 of a-z, 0-9 and -", l.Name)
	}
	if (l.Kind == Stream) != (l.Run != nil) || (l.Kind == Durable) != (l.Handle != nil) {
		return fault.New(fault.Invalid, "leg %s: a stream leg has Run, a durable one has Handle, and neither has both", l.Name)
	}
	if l.Workers <= 0 {
		l.Workers = 4
	}
	if l.Patience <= 0 {
		l.Patience = 5 * time.Minute
	}
	return nil
}
