package person

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// ID names a person or a group here: a ULID, which never names another one again.
type ID string

// Person is somebody whom a directory knows, as it said last.
type Person struct {
	ID         ID     `json:"id"`
	UserName   string `json:"user_name"`             // how he signs in; nobody else who is here has it, whatever the case of its letters
	ExternalID string `json:"external_id,omitempty"` // of the directory
	Number     string `json:"employee_number,omitempty"`

	Display string  `json:"display_name,omitempty"`
	Given   string  `json:"given_name,omitempty"`
	Family  string  `json:"family_name,omitempty"`
	Emails  []Email `json:"emails,omitempty"`

	Title      string   `json:"title,omitempty"`
	Department string   `json:"department,omitempty"`
	Team       string   `json:"team,omitempty"`
	Manager    string   `json:"manager,omitempty"` // ID, user name or name, as the directory says it
	Groups     []string `json:"groups,omitempty"`  // names, where the source has no groups of its own

	Active bool      `json:"active"`
	Start  time.Time `json:"start,omitzero"` // the first day; zero: nobody says
	End    time.Time `json:"end,omitzero"`   // when the last day is over; zero: nobody says

	Source  string    `json:"source"`        // SCIM, or the name of a file's source
	Created time.Time `json:"created"`       // here
	Changed time.Time `json:"changed"`       // here
	Gone    time.Time `json:"gone,omitzero"` // when the directory deleted him; he is kept, because what was his may be there still
	Out     time.Time `json:"out,omitzero"`  // when somebody here said that he has left; holds whatever a directory or file says
	Version int64     `json:"version"`       // counts changes, from 1

	Said json.RawMessage `json:"said,omitempty"` // all that a SCIM client said, as a SCIM resource; whether he is active is said above
}

// Email is an address.
type Email struct {
	Value   string `json:"value"`
	Kind    string `json:"type,omitempty"` // work, home, other
	Primary bool   `json:"primary,omitempty"`
}

// SCIM is the source of people whom a directory tells of by itself.
const SCIM = "scim"

// State is whether somebody is here.
type State string

// The states.
const (
	Here   State = "here"
	Coming State = "coming" // has not begun yet
	Left   State = "left"
)

// State says whether somebody is here at a time. A directory that has deleted or disabled somebody, a last day that is over, and somebody
// who says so, each mean that he has left.
func (p *Person) State(now time.Time) State {
	switch {
	case !p.Active, !p.Gone.IsZero(), !p.Out.IsZero(), !p.End.IsZero() && !now.Before(p.End):
		return Left
	case !p.Start.IsZero() && now.Before(p.Start):
		return Coming
	}
	return Here
}

// Since is when somebody left, as well as it is known; zero for somebody who is here.
func (p *Person) Since(now time.Time) time.Time {
	switch {
	case p.State(now) != Left:
		return time.Time{}
	case !p.End.IsZero() && !now.Before(p.End):
		return p.End
	case !p.Out.IsZero():
		return p.Out
	case !p.Gone.IsZero():
		return p.Gone
	}
	return p.Changed
}

// Name is what people call somebody: the display name, else given and family name, else the user name.
func (p *Person) Name() string {
	full := strings.TrimSpace(p.Given + " " + p.Family)
	switch {
	case p.Display != "":
		return p.Display
	case full != "":
		return full
	}
	return p.UserName
}

// Mail is the address that somebody is written to: the primary one, else that of his work, else the first.
func (p *Person) Mail() string {
	best, rank := "", 0
	for _, e := range p.Emails {
		r := 1
		if e.Kind == "work" {
			r = 2
		}
		if e.Primary {
			r = 3
		}
		if r > rank {
			best, rank = e.Value, r
		}
	}
	return best
}

// Answers reports whether a name that a person typed means this one: the ID, the user name, an address, the directory's ID or the number.
func (p *Person) Answers(name string) bool {
	if name == "" {
		return false
	}
	return string(p.ID) == name || p.ExternalID == name || p.Number == name || strings.EqualFold(p.UserName, name) ||
		slices.ContainsFunc(p.Emails, func(e Email) bool { return strings.EqualFold(e.Value, name) })
}

// Key is the form of a user name or of a group's name that is compared: SCIM says that case does not count (RFC 7643, 4.1.1).
func Key(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// The longest a text of a person may be, in bytes, and the most addresses and groups: a directory is a stranger, too.
const (
	MaxText = 1024
	MaxList = 1000
)

// Check refuses what cannot be kept. An error is fault.Invalid.
func (p *Person) Check() error {
	if Key(p.UserName) == "" {
		return fault.New(fault.Invalid, "a person has no user name: want how he signs in, such as an address")
	}
	texts := []string{p.UserName, p.ExternalID, p.Number, p.Display, p.Given, p.Family, p.Title, p.Department, p.Team, p.Manager, p.Source}
	for _, e := range p.Emails {
		texts = append(texts, e.Value, e.Kind)
	}
	for _, t := range append(texts, p.Groups...) {
		if len(t) > MaxText {
			return fault.New(fault.Invalid, "person %.80q: %.40q… is longer than %d bytes", p.UserName, t, MaxText)
		}
	}
	switch {
	case len(p.Emails) > MaxList:
		return fault.New(fault.Invalid, "person %.80q has %d addresses: at most %d", p.UserName, len(p.Emails), MaxList)
	case len(p.Groups) > MaxList:
		return fault.New(fault.Invalid, "person %.80q is in %d groups: at most %d", p.UserName, len(p.Groups), MaxList)
	case !p.Start.IsZero() && !p.End.IsZero() && p.End.Before(p.Start):
		return fault.New(fault.Invalid, "person %.80q ends on %s, before the start on %s", p.UserName, p.End.Format(time.DateOnly), p.Start.Format(time.DateOnly))
	}
	return nil
}

// Group is a group of people. Who is in it is kept beside it, because that may be everybody.
type Group struct {
	ID         ID        `json:"id"`
	Name       string    `json:"name"`
	ExternalID string    `json:"external_id,omitempty"`
	Source     string    `json:"source"`
	Created    time.Time `json:"created"`
	Changed    time.Time `json:"changed"`
	Version    int64     `json:"version"` // counts changes, of members too
}

// Member is somebody in a group.
type Member struct {
	ID    ID     `json:"id"`
	Name  string `json:"name"`            // what people call him, or the group's
	Group bool   `json:"group,omitempty"` // a group is in the group
}

// Check refuses a group that cannot be kept. An error is fault.Invalid.
func (g *Group) Check() error {
	switch {
	case Key(g.Name) == "":
		return fault.New(fault.Invalid, "a group has no name")
	case len(g.Name) > MaxText || len(g.ExternalID) > MaxText:
		return fault.New(fault.Invalid, "group %.80q: a text of it is longer than %d bytes", g.Name, MaxText)
	}
	return nil
}
