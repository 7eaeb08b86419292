package notify

import (
	"context"
	"time"

	"jobzero/internal/notice"
)

// Person is somebody as channels know them.
type Person struct {
	ID    string
	Name  string
	Email string
	Slack string // member ID, such as U0123ABCD
	Phone string // E.164, such as +4930901820
}

// Address is where a channel reaches somebody.
type Address struct {
	To    string
	Shown string // as far as rows and people may see it
}

// Letter is what a channel is given.
type Letter struct {
	ID      string // of the delivery: the same each time that it is sent
	To      Address
	Title   string // one line, as the template has it
	Short   string // for small screens and for voices
	Text    string // in full
	Message notice.Message
	At      time.Time

	// Of Follow only.
	State   notice.State // what the delivery came to
	By      string       // who answered
	Why     string       // why nobody need any more
	Receipt string       // what the channel called it when it took it
}

// Channel is one way out. Its errors hold no secret, and say by their code what to do: Unavailable may be tried again, all else is for good.
type Channel interface {
	// Name is how settings and preferences call it.
	Name() string
	// Personal reports whether it reaches each person at an address of their own. One that several read is used where it is named.
	Personal() bool
	// Address is where it reaches somebody, or says what is not known of them. A channel that several read knows its own.
	Address(p Person) (Address, error)
	// Send hands a letter over, and gives the other side's name of it. Sent twice under one ID it should be shown once, where the other side can.
	Send(ctx context.Context, l Letter) (receipt string, err error)
}

// Follower is a channel that can be told what became of what it took: answered, or no longer needed.
type Follower interface {
	Follow(ctx context.Context, l Letter) error
}
