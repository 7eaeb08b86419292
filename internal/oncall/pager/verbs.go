package pager

import (
	"context"
	"strings"
	"time"

	"jobzero/internal/oncall/escalate"
)

// Order is what a person says of a page.
type Order struct {
	Page   escalate.ID
	Answer escalate.Answer
}

// Desk is where people say something of pages: at a terminal, in a chat, in the console.
type Desk struct {
	Store   Store
	Carrier Carrier // nil: there is nothing to be spared
}

// Acknowledge says that a person has it.
func (d Desk) Acknowledge(ctx context.Context, o Order) (escalate.Page, error) {
	return d.order(ctx, o, func(p *escalate.Page) (escalate.Told, error) { return p.Acknowledge(o.Answer) })
}

// Snooze says that a person has it and wants to be asked again.
func (d Desk) Snooze(ctx context.Context, o Order, span time.Duration) (escalate.Page, error) {
	return d.order(ctx, o, func(p *escalate.Page) (escalate.Told, error) { return p.Snooze(o.Answer, span) })
}

// Escalate has the next level asked now. Anybody may.
func (d Desk) Escalate(ctx context.Context, o Order) (escalate.Page, error) {
	return d.order(ctx, o, func(p *escalate.Page) (escalate.Told, error) { return p.Escalate(o.Answer) })
}

func (d Desk) order(ctx context.Context, o Order, do func(*escalate.Page) (escalate.Told, error)) (p escalate.Page, err error) {
	o.Answer.Reason = strings.TrimSpace(o.Answer.Reason)
	err = d.Store.Update(ctx, func(tx Tx) (err error) {
		if p, err = tx.Page(ctx, o.Page); err != nil {
			return err
		}
		told, err := do(&p)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, &p); err != nil {
			return err
		}
		if err := tell(ctx, tx, p, said{"person/" + o.Answer.By, o.Answer.At}, told); err != nil {
			return err
		}
		if p.State == escalate.Acknowledged || p.State == escalate.Snoozed {
			if err := spare(ctx, tx, d.Carrier, p, escalate.Answer{By: o.Answer.By, Reason: told.Text, At: o.Answer.At}); err != nil {
				return err
			}
		}
		return tx.Enqueue(ctx, Leg, PageRef(p.ID), time.Time{})
	})
	return p, err
}

// Delivery is what came of a call on its way.
type Delivery struct {
	Call  string // its key
	State escalate.CallState
	Via   string
	Note  string
	At    time.Time
}

// Delivered notes what came of a call on its way, in the transaction of whoever carries. It moves no clock.
func Delivered(ctx context.Context, tx Calling, d Delivery) error {
	c, err := tx.Call(ctx, d.Call)
	if err != nil {
		return err
	}
	if !c.Move(d.State, d.Via, d.Note, d.At) {
		return nil
	}
	return tx.MoveCall(ctx, c)
}
