package escalate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// CallState is how far a call has come. It changes nothing of the page's clocks: silence counts, whatever a provider says.
type CallState string

// The states of a call.
const (
	Queued    CallState = "queued"    // to be delivered
	Sent      CallState = "sent"      // given to somebody who delivers
	Delivered CallState = "delivered" // a receipt says so
	Answered  CallState = "answered"  // the person has answered it
	Failed    CallState = "failed"    // no way to the person worked
	Void      CallState = "void"      // the page needed it no more before it was sent
)

// CallStates lists all of them.
func CallStates() []CallState { return []CallState{Queued, Sent, Delivered, Answered, Failed, Void} }

// Call is one person asked at one level.
type Call struct {
	Page   ID        `json:"page"`
	Chain  Chain     `json:"chain"`
	Round  int       `json:"round"`
	Level  int       `json:"level"` // 0 for the first
	Person string    `json:"person"`
	Seat   string    `json:"seat"`
	At     time.Time `json:"at"`
	State  CallState `json:"state"`
	Via    string    `json:"via,omitempty"`  // the way it went last
	Note   string    `json:"note,omitempty"` // what the provider said
	Moved  time.Time `json:"moved,omitzero"` // when State was reached
}

// Key names the call, and makes sure that nobody is called twice for one level.
func (c Call) Key() string {
	return fmt.Sprintf("%s/%s/%d/%d/%s", c.Page, c.Chain, c.Round, c.Level, c.Person)
}

// ParseKey reads what Key wrote.
func ParseKey(key string) (Call, error) {
	p := strings.SplitN(key, "/", 5)
	if len(p) == 5 && p[4] != "" {
		round, err := strconv.Atoi(p[2])
		level, err2 := strconv.Atoi(p[3])
		if err == nil && err2 == nil {
			return Call{Page: ID(p[0]), Chain: Chain(p[1]), Round: round, Level: level, Person: p[4]}, nil
		}
	}
	return Call{}, fault.New(fault.Invalid, "%q is no call of a page: want PAGE/CHAIN/ROUND/LEVEL/PERSON", key)
}

// Move notes how far the call has come. It never goes back: a receipt may come late.
func (c *Call) Move(to CallState, via, note string, at time.Time) bool {
	if order(to) <= order(c.State) {
		return false
	}
	c.State, c.Moved = to, at
	if via != "" {
		c.Via = via
	}
	c.Note = note
	return true
}

func order(s CallState) int {
	switch s {
	case Queued:
		return 0
	case Failed, Void: // another way may still work
		return 1
	case Sent:
		return 2
	case Delivered:
		return 3
	case Answered:
		return 4
	}
	return 0
}
