package handoff

import (
	"strings"
	"time"
)

// Document is what the next person has to know, made from what is open.
type Document struct {
	Written time.Time `json:"written"`
	Parts   []Part    `json:"parts"`
	// Unread says what could not be read, and why: nothing of it is known here.
	Unread []string `json:"unread,omitempty"`
}

// Part is one kind of open work.
type Part struct {
	Name  Name   `json:"name"`
	Total int    `json:"total"` // as far as was counted
	More  bool   `json:"more"`  // there are more than were counted
	Items []Item `json:"items"` // the first of them
}

// Name is what a part is of.
type Name string

// The parts, in the order in which they are read.
const (
	Watch     Name = "watch"     // what needs an eye
	Tickets   Name = "tickets"   // that people have or that are open
	Pages     Name = "pages"     // that nobody has answered
	Approvals Name = "approvals" // that wait for people
	Runs      Name = "runs"      // of playbooks that go on
	Waivers   Name = "waivers"   // that expire soon
	Drills    Name = "drills"    // exercises, and what jobzero tries by itself
	Changed   Name = "changed"   // during the shift
)

// Names gives all.
func Names() []Name { return []Name{Watch, Tickets, Pages, Approvals, Runs, Waivers, Drills, Changed} }

// MaxItems is how many items of a part are written; the others are counted.
const MaxItems = 40

// Item is one thing of a part.
type Item struct {
	ID    string    `json:"id,omitempty"`
	Title string    `json:"title"`
	Level string    `json:"level,omitempty"` // severity
	State string    `json:"state,omitempty"`
	Owner string    `json:"owner,omitempty"`
	At    time.Time `json:"at,omitzero"`   // since when, or when it is due
	Why   string    `json:"why,omitempty"` // in words
}

// NewPart makes a part of all items there are, the most important first. Most says that no more than these were read.
func NewPart(name Name, all []Item, most bool) Part {
	p := Part{Name: name, Total: len(all), More: most, Items: all}
	if len(all) > MaxItems {
		p.Items = all[:MaxItems:MaxItems]
	}
	if p.Items == nil {
		p.Items = []Item{}
	}
	return p
}

// Rest is how many items were counted and not written.
func (p Part) Rest() int { return p.Total - len(p.Items) }

// Part gives the part of a name.
func (d Document) Part(name Name) Part {
	for _, p := range d.Parts {
		if p.Name == name {
			return p
		}
	}
	return Part{Name: name}
}

// Title is the part as a headline.
func (n Name) Title() string {
	switch n {
	case Watch:
		return "What needs an eye"
	case Tickets:
		return "Open tickets"
	case Pages:
		return "Pages that nobody has answered"
	case Approvals:
		return "Waiting for people to agree"
	case Runs:
		return "Playbooks under way"
	case Waivers:
		return "Waivers that expire soon"
	case Drills:
		return "Exercises and checks"
	case Changed:
		return "What changed during the shift"
	}
	return string(n)
}

// String is the item in one line.
func (i Item) String() string {
	var words []string
	for _, w := range []string{i.Level, i.State, i.ID, i.Title} {
		if w != "" {
			words = append(words, w)
		}
	}
	text := strings.Join(words, " ")
	if i.Owner != "" {
		text += " (" + i.Owner + ")"
	}
	if !i.At.IsZero() {
		text += ", " + stamp(i.At)
	}
	if i.Why != "" {
		text += ": " + i.Why
	}
	return text
}
