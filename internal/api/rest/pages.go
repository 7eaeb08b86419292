package rest

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/ticket"
)

type paging interface {
	pager.Paging
	pager.Calling
	Pages(ctx context.Context, f escalate.Filter) ([]escalate.Page, error)
	TicketsOfPage(ctx context.Context, id escalate.ID, limit int) ([]ticket.ID, error)
}

type pagesAsked struct {
	State    []escalate.State `query:"state" maxItems:"6" enum:"waiting,asking,acknowledged,snoozed,unanswered,resolved"`
	Severity finding.Severity `query:"severity" enum:"informational,low,medium,high,critical" doc:"At least so severe"`
	Size     int              `query:"size" minimum:"1" maximum:"500" default:"50"`
}

type pageList struct {
	Pages []escalate.Page `json:"pages"`
}

// asking is a page with everybody who was asked, and the first tickets that it tells of. Its ETag is that of the page.
type asking struct {
	escalate.Page
	Calls []escalate.Call `json:"calls"`
	Of    []ticket.ID     `json:"ticket_list" doc:"The first 100"`
}

// Perhaps is a reason that may be left out.
type Perhaps struct {
	Reason string `json:"reason,omitempty" maxLength:"1000" doc:"What you do about it, in one line"`
}

type pageAnswered struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the answer counts only for that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    Perhaps
}

type pageSnoozed struct {
	ID      string `path:"id" maxLength:"200"`
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read: the answer counts only for that"`
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"The same again with the same key has the same answer, for a day"`
	Body    struct {
		Perhaps

		For string `json:"for" minLength:"2" maxLength:"20" doc:"For how long, such as 15m; the policy says how long at the most"`
	}
}

func (s *server) pages() {
	route(s, plainGet("list-pages", "/pages", auth.Look, "Who is asked about what, the latest first"), func(ctx context.Context, a asked[pagesAsked]) (*answer[pageList], error) {
		f := escalate.Filter{States: a.in.State, MinSeverity: a.in.Severity, Limit: a.in.Size}
		all, err := view(ctx, s.Store, func(tx Tx) ([]escalate.Page, error) { return tx.Pages(ctx, f) })
		return &answer[pageList]{Body: pageList{full(all)}}, err
	})
	route(s, plainGet("show-page", "/pages/{id}", auth.Look, "A page with who was asked when, and how far each call came"), func(ctx context.Context, a asked[one]) (*answer[asking], error) {
		const most = 100
		out, err := view(ctx, s.Store, func(tx Tx) (out asking, err error) {
			if out.Page, err = tx.Page(ctx, escalate.ID(a.in.ID)); err != nil {
				return out, err
			}
			if out.Calls, err = tx.Calls(ctx, out.ID); err != nil {
				return out, err
			}
			out.Of, err = tx.TicketsOfPage(ctx, out.ID, most)
			return out, err
		})
		out.Calls, out.Of = full(out.Calls), full(out.Of)
		return &answer[asking]{tag(out.Page), out}, err
	})
	s.answerPages()
}

// answerPages are the verbs. Whom a page has asked may answer it, whatever the role; to ask the next level is for everybody who may look.
func (s *server) answerPages() {
	route(s, plainPost("ack-page", "/pages/{id}/ack", "", "Say that you have it, as one whom the page has asked or who may answer for its team"),
		func(ctx context.Context, a asked[pageAnswered]) (*answer[escalate.Page], error) {
			return s.onPage(ctx, pageWrite{a.who, a.in.ID, a.in.IfMatch, a.in.Body.Reason, a.now, true}, pager.Desk.Acknowledge)
		})
	route(s, plainPost("snooze-page", "/pages/{id}/snooze", "", "Say that you have it, and be asked again later"),
		func(ctx context.Context, a asked[pageSnoozed]) (*answer[escalate.Page], error) {
			d, err := time.ParseDuration(a.in.Body.For)
			if err != nil {
				return nil, fault.New(fault.Invalid, "for: %q is no duration: write it as 15m", a.in.Body.For)
			}
			w := pageWrite{a.who, a.in.ID, a.in.IfMatch, a.in.Body.Reason, a.now, true}
			return s.onPage(ctx, w, func(desk pager.Desk, ctx context.Context, o pager.Order) (escalate.Page, error) {
				return desk.Snooze(ctx, o, d)
			})
		})
	route(s, plainPost("escalate-page", "/pages/{id}/escalate", auth.Look, "Have the next level asked now; anybody may"),
		func(ctx context.Context, a asked[change]) (*answer[escalate.Page], error) {
			if a.who.Kind == auth.Machine && !a.who.May(auth.Duty, "") {
				return nil, may(a.who, auth.Duty, "") // a token that may only read wakes nobody
			}
			text, err := reason(a.in.Body.Reason)
			if err != nil {
				return nil, err
			}
			return s.onPage(ctx, pageWrite{a.who, a.in.ID, a.in.IfMatch, text, a.now, false}, pager.Desk.Escalate)
		})
}

// pageWrite is what somebody says of a page.
type pageWrite struct {
	who         auth.Visitor
	id, ifMatch string
	reason      string
	now         time.Time
	mine        bool // only for whom it has asked, and who answers for its teams
}

// onPage says something of a page, if it is still as it was read.
func (s *server) onPage(ctx context.Context, w pageWrite, do func(pager.Desk, context.Context, pager.Order) (escalate.Page, error)) (*answer[escalate.Page], error) {
	if w.reason != "" {
		text, err := reason(w.reason)
		if err != nil {
			return nil, err
		}
		w.reason = text
	}
	st := narrow[pager.Tx]{s.Store, func(tx Tx) pager.Tx { return tx }, func(ctx context.Context, tx Tx) error {
		p, err := tx.Page(ctx, escalate.ID(w.id))
		if err != nil {
			return err
		}
		if err := w.allowed(ctx, tx, p); err != nil {
			return err
		}
		return fits(w.ifMatch, p)
	}}
	desk := pager.Desk{Store: st, Carrier: s.Carrier}
	p, err := do(desk, ctx, pager.Order{Page: escalate.ID(w.id), Answer: escalate.Answer{By: w.who.ID, Reason: w.reason, At: w.now}})
	return &answer[escalate.Page]{tag(p), p}, err
}

func (w pageWrite) allowed(ctx context.Context, tx Tx, p escalate.Page) error {
	if !w.mine || w.who.May(auth.Duty, "") || slices.ContainsFunc(p.Owners, func(o ticket.Owner) bool { return w.who.May(auth.Duty, o.Team) }) {
		return nil
	}
	calls, err := tx.Calls(ctx, p.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(calls, func(c escalate.Call) bool { return c.Person == w.who.ID }) {
		return nil
	}
	return fault.New(fault.Denied, "page %s has not asked you, and is of no team for which you may answer", p.ID)
}
