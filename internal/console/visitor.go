package console

import (
	"net/http"

	"jobzero/internal/fault"
)

// Right is what a visitor may do.
type Right string

// The rights. Who has none of the last three may only read.
const (
	Look    Right = "look"    // see pages
	Respond Right = "respond" // close and reopen tickets, replay dead letters
	Approve Right = "approve" // answer what playbooks ask
	Undo    Right = "undo"    // ask for effects to be taken back
)

// Visitor is who asks for a page.
type Visitor struct {
	Person string // as org.yaml and timelines name them; empty: nobody in particular
	Name   string // for people
	May    func(Right) bool
	Leave  string // where to sign out; empty: there is nothing to leave
	Token  string // that forms carry against forgery; empty: none is asked for
}

// Visitors knows who is visiting. Auth is one.
type Visitors interface {
	// Visitor says who sent a request, or fault.Denied.
	Visitor(r *http.Request) (Visitor, error)
	// Enter is where somebody who is not let in may sign in; empty: nowhere.
	Enter(r *http.Request) string
}

// may reports whether the visitor has a right; who is nobody in particular changes nothing.
func (v Visitor) may(r Right) bool {
	return v.May != nil && v.May(r) && (r == Look || v.Person != "")
}

// must says no to whoever lacks a right.
func (v Visitor) must(r Right) error {
	if v.may(r) {
		return nil
	}
	if v.Person == "" {
		return fault.New(fault.Denied, "nobody is signed in here, so these pages are only for reading: use the command line, or say in the settings who works here")
	}
	return fault.New(fault.Denied, "%s has no right to %s here", v.Person, r)
}
