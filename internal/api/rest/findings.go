package rest

import (
	"context"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

type findingsAsked struct {
	State    finding.State    `query:"state" enum:"open,settled,human"`
	Severity finding.Severity `query:"severity" enum:"informational,low,medium,high,critical" doc:"At least so severe"`
	By       string           `query:"by" maxLength:"300" doc:"The ID of the rule or expectation"`
	Account  string           `query:"account" maxLength:"64"`
	After    string           `query:"after" maxLength:"700"`
	Size     int              `query:"size" minimum:"1" maximum:"500" default:"50"`
}

// foundList is a list that has no pages.
type foundList struct {
	Findings []finding.Finding `json:"findings"`
}

func (s *server) findings() {
	route(s, plainGet("list-findings", "/findings", auth.Look, "Findings, the last seen first"), func(ctx context.Context, a asked[findingsAsked]) (*answer[finding.Page], error) {
		q := finding.Query{State: a.in.State, By: a.in.By, Account: a.in.Account, Severity: a.in.Severity, After: a.in.After, Size: a.in.Size}
		p, err := view(ctx, s.Store, func(tx Tx) (finding.Page, error) { return tx.FindingPage(ctx, q) })
		p.Findings = full(p.Findings)
		return &answer[finding.Page]{Body: p}, err
	})
	route(s, plainGet("show-finding", "/findings/{id}", auth.Look, "A finding"), func(ctx context.Context, a asked[one]) (*answer[finding.Finding], error) {
		f, err := view(ctx, s.Store, func(tx Tx) (finding.Finding, error) {
			f, ok, err := tx.Finding(ctx, finding.Fingerprint(a.in.ID))
			if err == nil && !ok {
				err = fault.New(fault.NotFound, "there is no finding %s", a.in.ID)
			}
			return f, err
		})
		return &answer[finding.Finding]{tag(f), f}, err
	})
	route(s, plainGet("list-findings-of-ticket", "/tickets/{id}/findings", auth.Look, "The findings of a ticket"), func(ctx context.Context, a asked[one]) (*answer[foundList], error) {
		const most = 500
		all, err := view(ctx, s.Store, func(tx Tx) ([]finding.Finding, error) {
			if _, err := tx.Ticket(ctx, ticket.ID(a.in.ID)); err != nil {
				return nil, err
			}
			return tx.Findings(ctx, finding.Filter{Ticket: a.in.ID, Limit: most})
		})
		return &answer[foundList]{Body: foundList{full(all)}}, err
	})
}
