package grant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/ticket"
)

// Asked is a request with what it is decided by.
type Asked struct {
	ID      glass.ID
	Request glass.Request
	Policy  glass.Policy
	Owner   ticket.Owner // of the account
}

// Ask writes a request down. It waits for its answer on a ticket of the same ID.
func Ask(ctx context.Context, s Store, a Asked, now time.Time) (glass.Use, error) {
	u, err := glass.Ask(a.ID, a.Request, a.Policy, now)
	if err != nil {
		return u, err
	}
	ref := u.Ref()
	t := ticket.Ticket{
		ID: ticket.ID(u.ID), Subject: u.ID.Subject(), State: ticket.Human, Severity: finding.Medium, Owner: a.Owner, Account: u.Account,
		Title: fmt.Sprintf("Break-glass: %s for %s", u.Role, u.Person), Resource: &ref,
		Clocks: ticket.Clocks{Occurred: now, Detected: now, Opened: now},
	}
	text := fmt.Sprintf("%s asks for %s in account %s for %s, as %s: %s", u.Person, u.Role, u.Account, u.For, u.Principal, u.Reason)
	if u.Ticket != "" {
		text += " (" + u.Ticket + ")"
	}
	return u, s.Update(ctx, func(tx Tx) error {
		u.Version = 0 // the transaction may be tried again
		return write(ctx, tx, &u, t, entry{at: now, actor: "person/" + u.Person, line: glass.Line{Kind: "asked", Text: text}, data: u.Request})
	})
}

// Order is what a person says of a use.
type Order struct {
	ID  glass.ID
	Who glass.Answer
}

// Approve is a yes.
func Approve(ctx context.Context, s Store, o Order, p glass.Policy) (glass.Use, error) {
	return order(ctx, s, o, func(_ Tx, u *glass.Use) (glass.Line, error) { return u.Approve(o.Who, p) })
}

// Deny is a no.
func Deny(ctx context.Context, s Store, o Order) (glass.Use, error) {
	return order(ctx, s, o, func(_ Tx, u *glass.Use) (glass.Line, error) { return u.Deny(o.Who) })
}

// Revoke ends a use at once; one that was not granted yet is withdrawn.
func Revoke(ctx context.Context, s Store, o Order) (glass.Use, error) {
	return order(ctx, s, o, func(_ Tx, u *glass.Use) (glass.Line, error) { return u.RevokeNow(o.Who) })
}

// Review is what somebody says of what was done, with the record as it is now.
func Review(ctx context.Context, s Store, o Order, justified bool) (glass.Use, error) {
	return order(ctx, s, o, func(tx Tx, u *glass.Use) (glass.Line, error) {
		deeds, err := tx.Deeds(ctx, u.ID, 0)
		if err != nil {
			return glass.Line{}, err
		}
		return u.Judge(o.Who, justified, u.SumUp(deeds))
	})
}

// order lets a person change a use, and wakes the leg.
func order(ctx context.Context, s Store, o Order, do func(Tx, *glass.Use) (glass.Line, error)) (u glass.Use, err error) {
	err = s.Update(ctx, func(tx Tx) error {
		if u, err = tx.Glass(ctx, o.ID); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(u.ID))
		if err != nil {
			return err
		}
		line, err := do(tx, &u)
		if err != nil {
			return err
		}
		e := entry{at: o.Who.At, actor: "person/" + o.Who.By, line: line}
		if u.Review != nil {
			e.data = u.Review
		}
		return write(ctx, tx, &u, t, e)
	})
	return u, err
}

// entry is a line of the timeline to be.
type entry struct {
	at    time.Time
	actor string
	line  glass.Line
	data  any
	made  []effect.Made    // that it is the record of
	worse finding.Severity // the ticket is at least so severe from now on
}

// write saves a use with its ticket, tells the timeline and wakes the leg: all of it or nothing.
func write(ctx context.Context, tx Tx, u *glass.Use, t ticket.Ticket, e entry) error {
	data, err := json.Marshal(e.data)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "tell of break-glass %s", u.ID)
	}
	if e.data == nil {
		data = nil
	}
	to := ticket.Human
	if u.State.Over() {
		to = ticket.Closed
	}
	if err := t.Move(to, e.line.Text, e.at); err != nil {
		return err
	}
	if e.worse.Rank() > t.Severity.Rank() {
		t.Severity = e.worse
	}
	if err := tx.AppendEntry(ctx, &t, ticket.Entry{At: e.at, Actor: e.actor, Kind: e.line.Kind, Text: e.line.Text, Data: data, Made: e.made}); err != nil {
		return err
	}
	u.Version++
	if err := tx.SaveGlass(ctx, *u); err != nil || u.State.Over() {
		return err
	}
	return tx.Enqueue(ctx, Leg, string(u.ID), e.at)
}
