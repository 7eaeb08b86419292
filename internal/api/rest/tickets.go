package rest

import (
	"context"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

type ticketsAsked struct {
	State    []ticket.State   `query:"state" maxItems:"6" enum:"open,investigating,remediating,verifying,closed,human"`
	Severity finding.Severity `query:"severity" enum:"informational,low,medium,high,critical" doc:"At least so severe"`
	Account  string           `query:"account" maxLength:"64"`
	Owner    string           `query:"owner" maxLength:"200" doc:"A team or a person"`
	Text     string           `query:"text" maxLength:"200" doc:"Somewhere in the title or the subject"`
	After    string           `query:"after" maxLength:"200"`
	Size     int              `query:"size" minimum:"1" maximum:"500" default:"50"`
}

// story is a ticket with its timeline. Its ETag is that of the ticket, which holds the hash of the timeline's end.
type story struct {
	ticket.Ticket
	Timeline []ticket.Entry `json:"timeline"`
}

type reviewed struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200"`
	Key     string `header:"Idempotency-Key" maxLength:"200"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why, in one line: others will read it"`

		Right bool `json:"right" doc:"Whether software was right to close it; else it is opened again"`
	}
}

func (s *server) tickets() {
	route(s, plainGet("list-tickets", "/tickets", auth.Look, "Tickets, newest first"), func(ctx context.Context, a asked[ticketsAsked]) (*answer[ticket.Page], error) {
		q := ticket.Query{States: a.in.State, Account: a.in.Account, Owner: a.in.Owner, Severity: a.in.Severity, Text: a.in.Text, After: ticket.ID(a.in.After), Size: a.in.Size}
		p, err := view(ctx, s.Store, func(tx Tx) (ticket.Page, error) { return tx.TicketPage(ctx, q) })
		p.Tickets = full(p.Tickets)
		return &answer[ticket.Page]{Body: p}, err
	})
	route(s, plainGet("show-ticket", "/tickets/{id}", auth.Look, "A ticket with its timeline"), func(ctx context.Context, a asked[one]) (*answer[story], error) {
		out, err := view(ctx, s.Store, func(tx Tx) (out story, err error) {
			if out.Ticket, err = tx.Ticket(ctx, ticket.ID(a.in.ID)); err != nil {
				return out, err
			}
			out.Timeline, err = tx.Timeline(ctx, out.ID)
			return out, err
		})
		return &answer[story]{tag(out.Ticket), out}, err
	})
	for _, verb := range []struct {
		Route
		do func(context.Context, triage.Store, triage.Order, time.Time) error
	}{
		{plainPost("close-ticket", "/tickets/{id}/close", auth.Settle, "Close a ticket because you say so"), triage.Close},
		{plainPost("reopen-ticket", "/tickets/{id}/reopen", auth.Settle, "Give a ticket back to the software"), triage.Reopen},
	} {
		route(s, verb.Route, func(ctx context.Context, a asked[change]) (*answer[ticket.Ticket], error) {
			return s.settle(ctx, a, func(st triage.Store, o triage.Order) error { return verb.do(ctx, st, o, a.now) })
		})
	}
	route(s, plainPost("review-ticket", "/tickets/{id}/review", auth.Settle, "Say whether software was right to close a ticket"),
		func(ctx context.Context, a asked[reviewed]) (*answer[ticket.Ticket], error) {
			c := asked[change]{&change{ID: a.in.ID, IfMatch: a.in.IfMatch, Body: why{a.in.Body.Reason}}, a.who, a.now}
			return s.settle(ctx, c, func(st triage.Store, o triage.Order) error { return triage.Review(ctx, st, o, a.in.Body.Right, a.now) })
		})
}

// settle does something to a ticket that the visitor may settle, if it is still as it was read.
func (s *server) settle(ctx context.Context, a asked[change], do func(triage.Store, triage.Order) error) (*answer[ticket.Ticket], error) {
	text, err := reason(a.in.Body.Reason)
	if err != nil {
		return nil, err
	}
	st := narrow[triage.Tx]{s.Store, func(tx Tx) triage.Tx { return tx }, func(ctx context.Context, tx Tx) error {
		k, err := tx.Ticket(ctx, ticket.ID(a.in.ID))
		if err != nil {
			return err
		}
		if err := may(a.who, auth.Settle, k.Owner.Team); err != nil {
			return err
		}
		return fits(a.in.IfMatch, k)
	}}
	if err := do(st, triage.Order{Ticket: ticket.ID(a.in.ID), Person: a.who.ID, Reason: text}); err != nil {
		return nil, err
	}
	k, err := view(ctx, s.Store, func(tx Tx) (ticket.Ticket, error) { return tx.Ticket(ctx, ticket.ID(a.in.ID)) })
	return &answer[ticket.Ticket]{tag(k), k}, err
}

// full is a list that is there, if empty.
func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
