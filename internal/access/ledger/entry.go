package ledger

import (
	"jobzero/internal/policy/names"
	"jobzero/internal/principal/lineage"
)

// Root is who or what was behind a call.
type Root struct {
	Kind     lineage.Kind     `json:"kind"`
	ID       string           `json:"id,omitempty"`       // a person's or workload's, as lineage has it; empty when it is not known
	Strength lineage.Strength `json:"strength,omitempty"` // how sure it is
}

// Human reports whether a person acted: one who is known, or whoever has the root user's credentials. An IAM user counts as a
// person, because no record tells a person from a program that has the person's key.
func (r Root) Human() bool { return r.Kind == lineage.Person || r.Kind == lineage.AccountRoot }

// Act is an action, and what it does.
type Act struct {
	Name  string      `json:"action"`          // service:Name, as policies have it
	Level names.Level `json:"level,omitempty"` // empty: nobody knows
	Data  bool        `json:"data,omitempty"`  // it reads or writes what is stored, not what it is stored in
	Free  bool        `json:"free,omitempty"`  // no policy decides it, such as signing in
}

// Writes reports whether the action changes something. One of which nobody knows may.
func (a Act) Writes() bool { return a.Level != names.List && a.Level != names.Read }

// Entry is what one event comes to. What many events have in common is lent by the reader that made it, which gives the same pointer
// for the same thing nearly always, so that a ledger need not look up texts that it has seen.
type Entry struct {
	stamp   uint64
	at      int64 // seconds since 1970
	who     *who
	where   *where
	refused bool
	console bool
	uses    []use
}

// who is who calls, and who was behind it.
type who struct {
	principal string
	root      Root
}

// where is the account and the region of a record.
type where struct{ account, region string }

type use struct {
	act       *Act
	resources []string
}

// tuple is what a use of a resource is about.
func (e *Entry) tuple(u *use, resource string) tuple {
	return tuple{e.who.principal, e.who.root, *u.act, resource, e.where.account, e.where.region}
}

// Reason says why a record came to no entry.
type Reason string

// The reasons.
const (
	Kept      Reason = ""
	OtherLog  Reason = "of another log"
	NoCall    Reason = "no call: a service tells of itself"
	Endpoint  Reason = "seen at an endpoint: the call has a record of its own"
	NoName    Reason = "without the name of an event"
	NoTime    Reason = "without a time"
	NoCaller  Reason = "without a caller"
	Duplicate Reason = "delivered again"
)

var reasons = []Reason{OtherLog, NoCall, Endpoint, NoName, NoTime, NoCaller, Duplicate}
