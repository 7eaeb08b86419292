package console

import (
	"net/http"

	"jobzero/internal/fault"
)

// Right is what a visitor may do, in the words of auth's table.
type Right string

// The rights that pages ask for.
const (
	Look    Right = "look"    // see pages
	Letters Right = "letters" // see dead letters, which hold raw records
	Settle  Right = "settle"  // close and reopen tickets
	Operate Right = "operate" // hold, end and take back runs, say that a task is done
	Approve Right = "approve" // answer what runs ask
	Replay  Right = "replay"  // try to read dead letters again
	OnDuty  Right = "duty"    // answer pages, change who is on duty
)

// Visitor is who asks for a page.
type Visitor struct {
	Person string // as org.yaml and timelines name them; empty: nobody in particular
	Name   string // for people
	// May says whether the visitor may do something to what a team owns; an empty team owns what nobody does.
	May   func(right Right, team string) bool
	Leave string // where to sign out; empty: there is nothing to leave
	// Stranger is set where nobody has signed in and none has to: only the pages for everybody are shown.
	Stranger bool
}

// Visitors knows who is visiting. Auth is one.
type Visitors interface {
	// Visitor says who sent a request, or fault.Denied.
	Visitor(r *http.Request) (Visitor, error)
	// Enter is where somebody who is not let in may sign in; empty: nowhere.
	Enter(r *http.Request) string
}

// may reports whether the visitor has a right; who is nobody in particular changes nothing.
func (v Visitor) may(r Right, team string) bool {
	return v.May != nil && v.May(r, team) && (r == Look || r == Letters || v.Person != "")
}

// must says no to whoever lacks a right.
func (v Visitor) must(r Right, team string) error {
	switch {
	case v.may(r, team):
		return nil
	case v.Person == "":
		return fault.New(fault.Denied, "nobody is signed in here, so these pages are only for reading: use the command line, or say in the settings who works here")
	case team != "":
		return fault.New(fault.Denied, "%s has no right to %s what team %s owns", v.Person, r, team)
	}
	return fault.New(fault.Denied, "%s has no right to %s here", v.Person, r)
}

// rights are what the visitor may do on a page.
type rights struct{ Settle, Operate, Approve, Replay bool }

func rightsOf(v Visitor, team string) rights {
	return rights{v.may(Settle, team), v.may(Operate, team), v.may(Approve, team), v.may(Replay, team)}
}
