package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/oncall/pager"
)

// paging hands the calls of pages to those who carry messages, in the transaction that decides on them.
type paging struct{ now func() time.Time }

// Paging makes what does, for those who are no house too.
func Paging(now func() time.Time) pager.Carrier { return paging{now} }

func pageThread(id escalate.ID) string { return "page " + string(id) }

const callOccasion = "call " // the call's key follows

// Carry queues what one person is told of a page.
func (p paging) Carry(ctx context.Context, tx pager.Tx, page escalate.Page, c escalate.Call) error {
	st, err := inStore(tx)
	if err != nil {
		return err
	}
	m := notice.Message{
		Occasion: callOccasion + c.Key(), Thread: pageThread(page.ID), Kind: notice.Page, Severity: page.Severity, Title: page.Title, Text: page.Why,
		Ticket: page.First, About: string(page.ID), Buttons: []notice.Deed{notice.Acknowledge, notice.Escalate},
		Facts: []notice.Fact{
			{Name: "Account", Text: page.Account},
			{Name: "Asked as", Text: c.Seat},
			{Name: "Or", Text: fmt.Sprintf("jobzero page ack %s", page.ID)},
		},
	}
	if page.Tickets > 1 {
		m.Facts = append(m.Facts, notice.Fact{Name: "Tickets", Text: strconv.Itoa(page.Tickets)})
	}
	if !page.FixBy.IsZero() {
		m.Facts = append(m.Facts, notice.Fact{Name: "Fix by", Text: page.FixBy.UTC().Format("2006-01-02T15:04Z")})
	}
	_, err = notify.Send(ctx, st, m, notice.To{Person: c.Person}, p.now())
	return err
}

// Spare ends what others would still be told of a page.
func (p paging) Spare(ctx context.Context, tx pager.Tx, page escalate.Page, why string) error {
	st, err := inStore(tx)
	if err != nil {
		return err
	}
	return notify.Settle(ctx, st, pageThread(page.ID), why, p.now())
}

// inStore is the store's transaction behind what a room sees of it.
func inStore(tx any) (storeTx, error) {
	st, ok := tx.(storeTx)
	if !ok {
		return nil, fault.New(fault.Internal, "%T is no transaction of the store", tx)
	}
	return st, nil
}

// wayToPeople is how pages reach people; nil where the settings have no channel, and each call says so.
func (h *House) wayToPeople() pager.Carrier {
	if len(h.channels) == 0 {
		return nil
	}
	return Paging(h.clock.Now)
}

// wentOut notes on a page's call what became of its message. It moves no clock: silence counts.
func wentOut(ctx context.Context, tx storeTx, d notice.Delivery, now time.Time) error {
	key, ok := strings.CutPrefix(d.Message.Occasion, callOccasion)
	if !ok || d.Message.Kind != notice.Page {
		return nil
	}
	to := map[notice.State]escalate.CallState{notice.Sent: escalate.Sent, notice.Received: escalate.Delivered, notice.Failed: escalate.Failed}[d.State]
	if to == "" {
		return nil
	}
	via := ""
	if took := d.Taken(); len(took) > 0 {
		via = took[len(took)-1].Channel
	}
	return pager.Delivered(ctx, tx, pager.Delivery{Call: key, State: to, Via: via, Note: d.Why, At: now})
}

// inPage is the pages' store whose transactions are a part of one that is open.
type inPage struct{ tx pager.Tx }

// Update goes on in the transaction.
func (w inPage) Update(_ context.Context, do func(pager.Tx) error) error { return do(w.tx) }

// View goes on in the transaction.
func (w inPage) View(_ context.Context, do func(pager.Tx) error) error { return do(w.tx) }

// taken says that whoever pressed has the page.
func (h *House) taken(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (string, error) {
	_, err := pager.Desk{Store: inPage{tx}, Carrier: h.wayToPeople()}.Acknowledge(ctx, pressedOn(d, p))
	return "You have it.", err
}

// higher asks the next level of the page.
func (h *House) higher(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (string, error) {
	_, err := pager.Desk{Store: inPage{tx}, Carrier: h.wayToPeople()}.Escalate(ctx, pressedOn(d, p))
	return "The next level is asked.", err
}

func pressedOn(d notice.Delivery, p notice.Press) pager.Order {
	return pager.Order{Page: escalate.ID(d.Message.About), Answer: escalate.Answer{By: p.Person, Reason: "by " + p.Via, At: p.At}}
}

// messenger tells people of handoffs by the channels of the settings.
type messenger struct{ h *House }

// Tell queues it. Said again it is the same message.
func (m messenger) Tell(ctx context.Context, t handoff.Tell) error {
	return m.h.store.Update(ctx, func(tx storeTx) error {
		x, err := tx.Handoff(ctx, t.Handoff)
		if err != nil {
			return err
		}
		say := notice.Message{
			Occasion: "handoff " + t.Key, Thread: handoffThread(t.Handoff), Kind: notice.Handoff, Title: "Handoff " + string(t.Handoff), Text: t.What,
			About: string(t.Handoff), Until: x.Ends, Link: m.h.page("/oncall/handoff/" + url.PathEscape(string(t.Handoff))),
		}
		if x.State == handoff.Open && slices.ContainsFunc(x.Asked, func(a handoff.Asked) bool { return a.Person == t.Person }) {
			say.Buttons = []notice.Deed{notice.Accept}
		}
		_, err = notify.Send(ctx, tx, say, notice.To{Person: t.Person}, m.h.clock.Now())
		return err
	})
}

// accepted takes duty over for whoever pressed.
func (h *House) accepted(ctx context.Context, tx storeTx, d notice.Delivery, p notice.Press) (string, error) {
	_, err := TurnHandoff(ctx, tx, handoff.ID(d.Message.About), func(x handoff.Handoff) (handoff.Handoff, error) { return x.AcceptBy(p.Person, p.Via, p.At) }, p.At)
	return "You are on duty.", err
}

// openPages are those of a rota that have not ended, for its handoff.
func (h *House) openPages(ctx context.Context, tx storeTx, rota string) (out []handoff.Item, err error) {
	all, err := tx.Pages(ctx, escalate.Filter{States: []escalate.State{escalate.Unanswered, escalate.Asking, escalate.Acknowledged, escalate.Snoozed, escalate.Waiting}})
	for _, p := range all {
		if p.Rota != "" && p.Rota != rota {
			continue
		}
		why := "nobody has answered"
		if p.By != "" {
			why = p.By + " has it"
		}
		out = append(out, handoff.Item{ID: string(p.ID), Title: p.Title, Level: string(p.Severity), State: string(p.State), Owner: p.By, At: p.Opened, Why: why})
	}
	return out, err
}
