package org

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// MayOwn says why somebody cannot be given a ticket: the file does not know the team or the person.
func (o *Org) MayOwn(to ticket.Owner) error {
	if to.Team != "" {
		if _, ok := o.Team(to.Team); !ok {
			return fault.New(fault.Invalid, "the organisation file has no team %q%s", to.Team, o.listTeams())
		}
	}
	if to.Person != "" {
		if _, ok := o.Person(to.Person); !ok {
			return fault.New(fault.Invalid, "nobody is called %q in the organisation file: want the id of a person", to.Person)
		}
	}
	return nil
}

// listTeams names the teams that there are, if they are few enough to be read.
func (o *Org) listTeams() string {
	const few = 20
	if o == nil || len(o.Teams) == 0 || len(o.Teams) > few {
		return ""
	}
	var names []string
	for _, t := range o.Teams {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return ": there are " + strings.Join(names, ", ")
}
