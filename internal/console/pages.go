package console

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/ticket"
)

const (
	mostPages   = 200 // in a list
	mostOfStorm = 20  // tickets of one page
)

// pagesPage is who is asked about what.
type pagesPage struct {
	All   []escalate.Page
	Ended bool // those that are resolved too
	Full  bool
}

func (c *Console) pageList(v visit) (page, error) {
	out := pagesPage{Ended: v.URL.Query().Get("all") != ""}
	f := escalate.Filter{Limit: mostPages}
	if !out.Ended {
		f.States = slices.DeleteFunc(escalate.States(), func(s escalate.State) bool { return s == escalate.Resolved })
	}
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		out.All, err = tx.Pages(v.Context(), f)
		return err
	})
	out.Full = len(out.All) == mostPages
	return page{name: "pages", title: "Pages", here: "/oncall", content: out}, err
}

// onePageShown is one page with who was asked, and what the visitor may do with it.
type onePageShown struct {
	escalate.Page
	Calls   []escalate.Call
	Of      []ticket.Ticket
	Rest    int // tickets that are not shown
	Late    time.Duration
	Answer  bool // the visitor may acknowledge and snooze
	Raise   bool
	Longest time.Duration
}

// Level is the number of a call's level as people count.
func (onePageShown) Level(c escalate.Call) int { return c.Level + 1 }

// As is who somebody was asked as.
func (onePageShown) As(c escalate.Call) string { return escalate.Describe(c.Seat) }

func (c *Console) onePage(v visit) (page, error) {
	out := onePageShown{}
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		if out.Page, err = tx.Page(v.Context(), escalate.ID(v.PathValue("id"))); err != nil {
			return err
		}
		if out.Calls, err = tx.Calls(v.Context(), out.ID); err != nil {
			return err
		}
		ids, err := tx.TicketsOfPage(v.Context(), out.ID, mostOfStorm)
		for _, id := range ids {
			k, err := tx.Ticket(v.Context(), id)
			if err != nil {
				return err
			}
			out.Of = append(out.Of, k)
		}
		return err
	})
	if err != nil {
		return page{}, err
	}
	end := v.now
	if out.Over() {
		end = out.Ended
	}
	if !out.FixBy.IsZero() {
		out.Late = max(0, end.Sub(out.FixBy))
	}
	out.Rest, out.Longest = max(0, out.Tickets-len(out.Of)), out.Line.Snooze.Of()
	out.Raise = !out.Over() && v.visitor.Person != "" && !out.Page.Answer.Over && out.Page.Answer.Next < len(out.Line.Acknowledge)
	out.Answer = !out.Over() && (v.visitor.may(OnDuty, "") || mayAnswer(v, out.Page, out.Calls))
	return page{name: "page", title: first(out.Title), here: "/oncall", content: out}, nil
}

// mayAnswer reports whether a page has asked the visitor, or is of a team for which the visitor may answer.
func mayAnswer(v visit, p escalate.Page, calls []escalate.Call) bool {
	return v.visitor.Person != "" && (slices.ContainsFunc(calls, func(c escalate.Call) bool { return c.Person == v.visitor.Person }) ||
		slices.ContainsFunc(p.Owners, func(o ticket.Owner) bool { return o.Team != "" && v.visitor.may(OnDuty, o.Team) }))
}

func (c *Console) called(v visit) bool {
	var (
		p     escalate.Page
		calls []escalate.Call
	)
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		if p, err = tx.Page(v.Context(), escalate.ID(v.PathValue("id"))); err == nil {
			calls, err = tx.Calls(v.Context(), p.ID)
		}
		return err
	})
	return err == nil && mayAnswer(v, p, calls)
}

func (o order) answersPage() pager.Order {
	return pager.Order{Page: escalate.ID(o.PathValue("id")), Answer: escalate.Answer{By: o.visitor.Person, Reason: o.reason, At: o.now}}
}

func (c *Console) acknowledge(o order) (to, said string, err error) {
	_, err = c.Desk.Acknowledge(o.Context(), o.answersPage())
	return "/pages/" + o.PathValue("id"), "acknowledged", err
}

func (c *Console) snooze(o order) (to, said string, err error) {
	d, err := ago(o.PostForm.Get("for"))
	if err == nil {
		_, err = c.Desk.Snooze(o.Context(), o.answersPage(), d)
	}
	return "/pages/" + o.PathValue("id"), "snoozed", err
}

// escalate is for everybody who has a name here.
func (c *Console) escalate(o order) (to, said string, err error) {
	if o.visitor.Person == "" {
		return "", "", o.visitor.must(OnDuty, "")
	}
	_, err = c.Desk.Escalate(o.Context(), o.answersPage())
	return "/pages/" + o.PathValue("id"), "escalated", err
}

// perhaps reads a reason that may be left out.
func perhaps(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "read the form")
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if len(reason) > mostReason || strings.ContainsFunc(reason, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "what you say takes one line of plain text of at most %d bytes", mostReason)
	}
	return reason, nil
}
