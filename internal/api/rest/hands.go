package rest

import (
	"context"
	"strings"
	"unicode"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

type assignAsked struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the change is made only to that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why, in one line: others will read it"`
		Team   string `json:"team,omitempty" maxLength:"200" doc:"Of the organisation file; left out: the team that has it"`
		Person string `json:"person,omitempty" maxLength:"200" doc:"ID in the organisation file"`
	}
}

type commentAsked struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    struct {
		Text string `json:"text" minLength:"1" maxLength:"8000" doc:"Plain text, as the timeline shows it; nobody can take it back"`
	}
}

// hands are what people do with a ticket that stays as it is: give it to somebody, and say something about it.
func (s *server) hands() {
	route(s, plainPost("assign-ticket", "/tickets/{id}/assign", auth.Settle, "Give a ticket to a team or a person"), func(ctx context.Context, a asked[assignAsked]) (*answer[ticket.Ticket], error) {
		b := a.in.Body
		to := ticket.Owner{Team: b.Team, Person: b.Person}
		if err := s.Know.MayOwn(to); err != nil {
			return nil, err
		}
		c := asked[change]{&change{ID: a.in.ID, IfMatch: a.in.IfMatch, Body: why{b.Reason}}, a.who, a.now}
		return s.settle(ctx, c, func(st triage.Store, o triage.Order) error { return triage.Assign(ctx, st, o, to, a.now) })
	})
	route(s, plainPost("comment-ticket", "/tickets/{id}/comment", auth.Settle, "Say something on a ticket"), func(ctx context.Context, a asked[commentAsked]) (*answer[ticket.Ticket], error) {
		text, err := comment(a.in.Body.Text)
		if err != nil {
			return nil, err
		}
		c := asked[change]{&change{ID: a.in.ID, IfMatch: a.in.IfMatch, Body: why{"-"}}, a.who, a.now}
		return s.settle(ctx, c, func(st triage.Store, o triage.Order) error {
			o.Reason = text
			return triage.Comment(ctx, st, o, a.now)
		})
	})
}

// comment is plain text of some lines.
func comment(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	odd := func(r rune) bool {
		return r != '\n' && r != '\t' && !unicode.IsPrint(r) || r == unicode.ReplacementChar
	}
	if text == "" || strings.ContainsFunc(text, odd) {
		return "", fault.New(fault.Invalid, "text: want plain text")
	}
	return text, nil
}
