package pager

import (
	"context"
	"errors"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
)

// carry takes a page as far as it can go now.
func (g *Pager) carry(ctx context.Context, id escalate.ID) (time.Time, error) {
	const enough = 1000 // transitions in one call: far more than any page has, so a defect cannot spin for ever
	var p escalate.Page
	read := true
	for range enough {
		if read {
			err := g.Store.View(ctx, func(tx Tx) (err error) {
				p, err = tx.Page(ctx, id)
				return err
			})
			if fault.Is(err, fault.NotFound) {
				return time.Time{}, nil
			}
			if err != nil {
				return time.Time{}, err
			}
		}
		more, err := g.step(ctx, &p)
		switch read = errors.Is(err, errMoved); {
		case read: // look again
		case err != nil:
			return time.Time{}, err
		case !more:
			return p.Due(), nil
		}
	}
	return time.Time{}, fault.New(fault.Internal, "page %s made %d transitions without coming to rest", id, enough)
}

// step makes one transition, false when there is none to be made now.
func (g *Pager) step(ctx context.Context, p *escalate.Page) (bool, error) {
	if more, err := g.spread(ctx, *p); more || err != nil {
		return more, err
	}
	now := g.Now()
	if mended := *p; mended.Mend(now) {
		return true, g.change(ctx, p, func(_ Tx, p *escalate.Page) error {
			p.Mend(now)
			return nil
		})
	}
	if due := p.Due(); due.IsZero() || now.Before(due) {
		return false, nil
	}
	w := g.world(ctx, *p, now)
	return true, g.change(ctx, p, func(tx Tx, p *escalate.Page) error {
		calls, told := p.Pass(now, w)
		for _, c := range calls {
			if err := g.call(ctx, tx, *p, c); err != nil {
				return err
			}
		}
		return tell(ctx, tx, *p, said{actor, now}, told...)
	})
}

// world is what is known at an instant of who sits where. A rota that does not answer must not stop the others from being asked: it is told.
func (g *Pager) world(ctx context.Context, p escalate.Page, now time.Time) escalate.World {
	policy := g.Policy()
	w := escalate.World{
		Seats: escalate.Seats{Org: g.Org(), Named: policy.Seats, Owners: p.Owners}, Quiet: policy.Quiet, Silent: "no rota is loaded",
	}
	if g.Roster == nil {
		return w
	}
	var err error
	w.Zone, w.Silent = g.Roster.Zone, ""
	if w.Seats.Primary, w.Seats.Secondary, err = g.Roster.OnDuty(ctx, p.Rota, now); err != nil {
		w.Silent = "who is on duty is not known: " + err.Error()
	}
	return w
}

// call notes a call and hands it on. The row's key makes sure that nobody is called twice for a level, whatever went before.
func (g *Pager) call(ctx context.Context, tx Tx, p escalate.Page, c escalate.Call) error {
	if g.Carrier == nil {
		c.Note = "no way to people is set up"
	}
	added, err := tx.AddCall(ctx, c)
	if err != nil || !added || g.Carrier == nil {
		return err
	}
	return g.Carrier.Carry(ctx, tx, p, c)
}

// change makes a transition in one transaction, unless the page is not as it was when it was looked at. Afterwards was is as it is kept.
func (g *Pager) change(ctx context.Context, was *escalate.Page, do func(Tx, *escalate.Page) error) error {
	var p escalate.Page
	err := g.Store.Update(ctx, func(tx Tx) (err error) {
		if p, err = tx.Page(ctx, was.ID); err != nil {
			return err
		}
		if p.Version != was.Version {
			return errMoved
		}
		if err := do(tx, &p); err != nil {
			return err
		}
		return save(ctx, tx, &p)
	})
	if err == nil {
		*was = p
	}
	return err
}

// save keeps a changed page.
func save(ctx context.Context, tx Tx, p *escalate.Page) error {
	p.Version++
	return tx.SavePage(ctx, *p)
}
