package pager

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/ticket"
)

// said is who says something, as timelines name them, and when.
type said struct {
	who string
	at  time.Time
}

// tell writes lines on the timeline of the ticket that a page was opened for. An answer is noted on it at once; the others of a storm are told
// by the leg.
func tell(ctx context.Context, tx Tx, p escalate.Page, by said, told ...escalate.Told) error {
	if len(told) == 0 {
		return nil
	}
	tk, err := tx.Ticket(ctx, p.First)
	if err != nil {
		return err
	}
	for _, t := range told {
		if t.Kind == "" {
			continue
		}
		if p.State == escalate.Acknowledged || p.State == escalate.Snoozed {
			tk.Acknowledge(p.By, p.Answered)
		}
		if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: by.at, Actor: by.who, Kind: t.Kind, Text: t.Text}); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many tickets of a storm are told of an answer in one transaction.
const atOnce = 50

// spread has the tickets of a page tell who has it, some at a time; false when all do.
func (g *Pager) spread(ctx context.Context, p escalate.Page) (more bool, err error) {
	if p.State != escalate.Acknowledged && p.State != escalate.Snoozed {
		return false, nil
	}
	err = g.Store.Update(ctx, func(tx Tx) error {
		more = false
		now, err := tx.Page(ctx, p.ID)
		if err != nil {
			return err
		}
		if now.Version != p.Version {
			return errMoved
		}
		some, err := tx.Untold(ctx, p.ID, p.Answered, atOnce)
		for _, id := range some {
			if err == nil {
				err = answered(ctx, tx, p, id)
			}
		}
		more = len(some) > 0
		return err
	})
	return more, err
}

// answered has one ticket tell that somebody has it. Its clock shows the first who said so.
func answered(ctx context.Context, tx Tx, p escalate.Page, id ticket.ID) error {
	if err := tx.TellTicket(ctx, p.ID, id, p.Answered); err != nil {
		return err
	}
	tk, err := tx.Ticket(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !tk.Acknowledge(p.By, p.Answered) {
		return err
	}
	return tx.AppendEntry(ctx, &tk, ticket.Entry{
		At: p.Answered, Actor: "person/" + p.By, Kind: "acknowledged", Text: fmt.Sprintf("%s has it, by page %s", p.By, p.ID),
	})
}

// spare notes who has answered, nobody when the page has ended by itself, and that nobody else of those who were asked need be called any more.
func spare(ctx context.Context, tx Tx, carrier Carrier, p escalate.Page, a escalate.Answer) error {
	calls, err := tx.Calls(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, c := range calls {
		to := escalate.Void
		switch {
		case c.Person == a.By:
			to = escalate.Answered
		case c.State != escalate.Queued:
			continue
		}
		if !c.Move(to, "", a.Reason, a.At) {
			continue
		}
		if err := tx.MoveCall(ctx, c); err != nil {
			return err
		}
	}
	if carrier == nil {
		return nil
	}
	return carrier.Spare(ctx, tx, p, a.Reason)
}
