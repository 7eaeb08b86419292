package triage

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// assigned is how an owner was found whom a person has named.
const assigned = "assigned"

// Assign gives a ticket to a team, to a person, or to a person of a team. A person alone takes it for the team that has it: whose it is decides who
// may settle it. Who there is, is for the caller to know.
func Assign(ctx context.Context, s Store, o Order, to ticket.Owner, now time.Time) error {
	if to.Team == "" && to.Person == "" {
		return fault.New(fault.Invalid, "nobody is named: want a team, a person or both")
	}
	return s.Update(ctx, func(tx Tx) error {
		tk, err := tx.Ticket(ctx, o.Ticket)
		if err != nil {
			return err
		}
		if tk.State == ticket.Closed {
			return fault.New(fault.Conflict, "ticket %s is closed: reopen it first", tk.ID)
		}
		next := ticket.Owner{Team: to.Team, Person: to.Person, Via: assigned}
		if next.Team == "" {
			next.Team = tk.Owner.Team
		}
		if next.Team == tk.Owner.Team && next.Person == tk.Owner.Person {
			return nil
		}
		tk.Owner = next
		return tx.AppendEntry(ctx, &tk, byPerson(o, "assigned", "Assigned to "+whose(next), now))
	})
}

// whose names an owner for people.
func whose(o ticket.Owner) string {
	switch {
	case o.Person == "":
		return "team " + o.Team
	case o.Team == "":
		return o.Person
	}
	return fmt.Sprintf("%s for team %s", o.Person, o.Team)
}

// Comment writes on a ticket what a person has to say, and changes nothing else of it. It may be closed.
func Comment(ctx context.Context, s Store, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		tk, err := tx.Ticket(ctx, o.Ticket)
		if err != nil {
			return err
		}
		return tx.AppendEntry(ctx, &tk, ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: "note", Text: o.Person + ": " + o.Reason})
	})
}
