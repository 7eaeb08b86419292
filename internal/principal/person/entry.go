package person

import (
	"slices"
	"strings"
	"time"
)

// Kind is what happened to somebody or to a group.
type Kind string

// The kinds. The first that fits is told: who leaves and changes his title has left.
const (
	Joined   Kind = "joined"
	Departed Kind = "left"
	Returned Kind = "returned"
	Moved    Kind = "moved" // to another team or department
	Changed  Kind = "changed"
	Entered  Kind = "entered" // a group has new members
	Quit     Kind = "quit"    // a group has lost members
	Removed  Kind = "removed" // a group is gone
)

// Entry is one change of somebody or of a group, as it is kept.
type Entry struct {
	Subject ID        `json:"subject"`
	Seq     int64     `json:"seq"` // the version that the change made
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"` // scim, or who worked at the terminal
	Kind    Kind      `json:"kind"`
	Reason  string    `json:"reason,omitempty"` // of a person who says so
	Changes []Change  `json:"changes,omitempty"`
}

// Change is one field before and after. Texts of lists have commas between their parts.
type Change struct {
	Field string `json:"field"`
	Was   string `json:"was,omitempty"`
	Is    string `json:"is,omitempty"`
}

// Between says what changed from one state of somebody to the next; before is nil for somebody new. Without any change the kind is empty.
func Between(before *Person, after Person, actor string, now time.Time) Entry {
	e := Entry{Subject: after.ID, Seq: after.Version, At: now, Actor: actor}
	if before == nil {
		e.Kind, e.Changes = Joined, changes(&Person{}, &after)
		return e
	}
	e.Changes = changes(before, &after)
	was, is := before.State(now), after.State(now)
	switch {
	case is == Left && was != Left:
		e.Kind = Departed
	case was == Left && is != Left:
		e.Kind = Returned
	case before.Team != after.Team && before.Team != "", before.Department != after.Department && before.Department != "":
		e.Kind = Moved
	case len(e.Changes) > 0 || string(before.Said) != string(after.Said):
		e.Kind = Changed
	}
	return e
}

func changes(before, after *Person) (out []Change) {
	is := fields(after)
	for i, was := range fields(before) {
		if was.Is != is[i].Is {
			out = append(out, Change{was.Field, was.Is, is[i].Is})
		}
	}
	return out
}

// fields are those that count, in the order in which they are told.
func fields(p *Person) []Change {
	addresses := make([]string, 0, len(p.Emails))
	for _, e := range p.Emails {
		addresses = append(addresses, e.Value)
	}
	groups := slices.Sorted(slices.Values(p.Groups))
	active := "false"
	if p.Active {
		active = "true"
	}
	return []Change{
		{"user_name", "", p.UserName},
		{"active", "", active},
		{"team", "", p.Team},
		{"department", "", p.Department},
		{"manager", "", p.Manager},
		{"title", "", p.Title},
		{"external_id", "", p.ExternalID},
		{"employee_number", "", p.Number},
		{"display_name", "", p.Display},
		{"given_name", "", p.Given},
		{"family_name", "", p.Family},
		{"emails", "", strings.Join(addresses, ", ")},
		{"groups", "", strings.Join(groups, ", ")},
		{"start", "", day(p.Start)},
		{"end", "", day(p.End)},
		{"gone", "", day(p.Gone)},
		{"out", "", day(p.Out)},
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
