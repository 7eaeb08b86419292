// Package effect is what we change in the world.
//
// It is: the plan of one change, the record that it was made, and how far it can be taken back.
// It takes: what an action has worked out; nothing here reads or calls anything.
// It gives: the noun that playbook journals, action carries out and store keeps.
// Next door: playbook decides on effects, action makes them.
package effect

import (
	"encoding/json"
	"time"

	"jobzero/internal/resource"
)

// Class says what undoing gives back.
type Class string

// The classes of undo.
const (
	Exact        Class = "exact"        // the state before, byte for byte
	Compensating Class = "compensating" // a new state with the same meaning
	None         Class = "none"         // nothing can bring it back
)

// Shuts says which credentials an effect takes out of use. What it shuts must not be seen at work afterwards.
type Shuts string

// What may be shut.
const (
	ShutsKey      Shuts = "key"      // the access key that the target is
	ShutsSessions Shuts = "sessions" // sessions of the target, a user or role, that were issued before the parameter issued-before
	ShutsAll      Shuts = "all"      // the target, a user or role, with all its keys and sessions
)

// Target is what an action is to be done to.
type Target struct {
	Ref    resource.Ref      `json:"ref"`
	Params map[string]string `json:"params,omitempty"` // the action's own input, described by its Info
	Ticket string            `json:"ticket,omitempty"` // for which it is done, where it is done: the name of the session says it
	Effect string            `json:"effect,omitempty"` // names the one occasion, for a receiver that has to know a repetition
	Known  map[string]string `json:"-"`                // what else is known of the target: of it an action gets the input that it describes
}

// Call is one call of the AWS API that would change something.
type Call struct {
	Permission string          `json:"permission,omitempty"` // IAM action, such as s3:PutBucketPolicy; empty: it is no call of AWS
	Resource   string          `json:"resource"`             // ARN that the permission is narrowed to, or whom something is sent to
	Input      json.RawMessage `json:"input"`                // the request, in the API's own shape
	Also       []Need          `json:"also,omitempty"`
}

// Need is what IAM asks for beside a call's own permission: for what the call makes, or for a role that it hands on.
type Need struct {
	Permission string `json:"permission"`
	Resource   string `json:"resource"`
}

// Needs is all that IAM asks for before it lets the call through.
func (c Call) Needs() []Need {
	if c.Permission == "" {
		return c.Also
	}
	return append([]Need{{c.Permission, c.Resource}}, c.Also...)
}

// String says the call in words.
func (c Call) String() string {
	if c.Permission == "" {
		return c.Resource
	}
	return c.Permission + " on " + c.Resource
}

// Plan is what would be done, worked out on a fresh read and without writing.
type Plan struct {
	Action  string          `json:"action"`
	Target  Target          `json:"target"`
	Calls   []Call          `json:"calls,omitempty"` // empty: nothing to do, Nothing says why
	Nothing string          `json:"nothing,omitempty"`
	Diff    string          `json:"diff,omitempty"`         // before and after, for people
	Loses   []string        `json:"loses_access,omitempty"` // who would lose access, as far as known
	Undo    Class           `json:"undo"`
	Before  json.RawMessage `json:"before,omitempty"`  // what Undo needs to restore
	Refused string          `json:"refused,omitempty"` // why software must not do this; a person decides
	Cost    *Cost           `json:"cost,omitempty"`    // where AWS bills for it
	// TwoToUndo says that undoing it is what an attacker would want: two people have to ask for that.
	TwoToUndo bool  `json:"two_to_undo,omitempty"`
	Shuts     Shuts `json:"shuts,omitempty"`
	// Outward says that somebody is told or asked and the target stays as it is: it contains nothing, and repeats no repair.
	Outward bool `json:"outward,omitempty"`
	// Gave is what doing it gave, such as the name of what it began. Verify looks for that.
	Gave json.RawMessage `json:"gave,omitempty"`
}

// Asked is who asked for something, where another person has to ask for it too.
type Asked struct {
	Person string    `json:"person"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Cost is an estimate of what AWS will bill for an effect.
type Cost struct {
	USD float64 `json:"usd"` // by list price in us-east-1, without discounts
	Per string  `json:"per"` // month, or once
	Why string  `json:"why"` // what it is made of
}

// Result is what making or undoing an effect came to.
type Result struct {
	Calls   int             `json:"calls"`             // writing calls made
	Already bool            `json:"already,omitempty"` // the world was so already: nothing was called
	After   json.RawMessage `json:"after,omitempty"`
	Going   bool            `json:"going,omitempty"` // it has begun and goes on by itself: Verify says when it is over
	Reads   int             `json:"reads,omitempty"` // calls that only read
	Made    []Made          `json:"made,omitempty"`  // every attempt of a writing call, also those that failed
}

// Made is one attempt of a call that may have changed something. AWS's ID of it is what CloudTrail knows it by.
type Made struct {
	API      string    `json:"api"`              // service:Operation, such as s3:PutBucketPolicy
	Account  string    `json:"account"`          // in which it was made
	Region   string    `json:"region,omitempty"` // in which it was made
	Resource string    `json:"resource"`         // ARN that it was planned for
	At       time.Time `json:"at"`
	Request  string    `json:"request,omitempty"` // AWS's ID; empty when no answer came: it may have been carried out
	Error    string    `json:"error,omitempty"`   // AWS's code, or why there is no answer; empty: it was accepted
}

// Bare is the result without its calls, for where they are told beside it.
func (r Result) Bare() Result {
	r.Made = nil
	return r
}

// Check is one fresh look at whether an effect holds.
type Check struct {
	Holds   bool            `json:"holds"`
	Unknown bool            `json:"unknown,omitempty"` // could not be seen; never counts as holding
	Going   bool            `json:"going,omitempty"`   // it is not over yet
	Text    string          `json:"text"`
	Output  json.RawMessage `json:"output,omitempty"` // what it came to
}

// State is the life of an effect's record.
type State string

// The states of a record. Doing is written before the call, so that a crash leaves a trace.
const (
	Doing   State = "doing"
	Done    State = "done"
	Failed  State = "failed"
	Undoing State = "undoing"
	Undone  State = "undone"
)

// Effect is the record of one change. Its key is unique: one step of one run makes one effect, however often it is tried.
type Effect struct {
	Key      string `json:"key"` // run/step
	Ticket   string `json:"ticket"`
	Run      string `json:"run"`
	Step     string `json:"step"`
	Playbook string `json:"playbook"`
	Account  string `json:"account"`
	State    State  `json:"state"`
	Attempts int    `json:"attempts"` // more than one: repeated after a crash or a passing error
	// Calling is set before the calls of an attempt and cleared with the record of what came of them: who finds it set knows
	// that an attempt left no record, and that its calls may have been made.
	Calling bool      `json:"calling,omitempty"`
	Calls   int       `json:"calls"`
	Plan    Plan      `json:"plan"`
	Result  Result    `json:"result,omitzero"`
	Error   string    `json:"error,omitempty"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"`
	Undone  time.Time `json:"undone,omitzero"`

	UndoAsked *Asked `json:"undo_asked,omitempty"` // the first of two who have to ask
}
