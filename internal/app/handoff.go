package app

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
)

const legHandoff = "handoff" // ref: name of a rota

// planHandoffs has duty handed over from now on, in every rota that people have written.
func (h *House) planHandoffs(ctx context.Context) error {
	w := h.watch()
	if w.Rotas.Sample() {
		return nil // its people are made up: nobody could accept anything
	}
	return h.store.Update(ctx, func(tx storeTx) error { return w.wake(ctx, tx, h.clock.Now()) })
}

// handoffs is the durable leg that writes the handoffs of a rota, asks people to accept them, and goes up the chain when nobody does. What is
// due is read from the rows: whoever wakes late, or after a jump of the clock, does what is due then, and nobody is skipped.
func (h *House) handoffs(ctx context.Context, ref string) (time.Time, error) {
	w := h.watch()
	if w.Rotas.Sample() || !slices.Contains(w.Rotas.Rotas(), ref) {
		return time.Time{}, nil
	}
	now := h.clock.Now()
	var next time.Time
	err := h.store.Update(ctx, func(tx storeTx) error {
		p, err := h.rota(ctx, tx, ref, now.Add(-memory))
		if err != nil {
			return err
		}
		next, err = h.handOver(ctx, tx, p, now)
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	if again := h.tellPeople(ctx, now); !again.IsZero() && again.Before(next) {
		next = again
	}
	return next, nil
}

// handOver writes what has to be written by now, has every open handoff do its step, and says when to look again.
func (h *House) handOver(ctx context.Context, tx storeTx, p *oncall.Plan, now time.Time) (time.Time, error) {
	coming, err := h.write(ctx, tx, p, now)
	if err != nil {
		return time.Time{}, err
	}
	next := coming.Add(-handoff.Before)
	if !now.Before(next) {
		next = coming // the one that is written is looked at when its hour comes
	}
	open, err := tx.Handoffs(ctx, p.Rota(), []handoff.State{handoff.Open}, time.Time{}, 0)
	if err != nil {
		return time.Time{}, err
	}
	for _, one := range slices.Backward(open) { // the earliest first: the next one begins with whoever is on duty by it
		again, err := h.step(ctx, tx, p, one, now)
		if err != nil {
			return time.Time{}, err
		}
		if !again.IsZero() && again.Before(next) {
			next = again
		}
	}
	return next, nil
}

// write writes the handoff of the shift that begins soon, and that of the shift that has begun when nobody was there to write it. It gives when
// the next shift begins. Of a rota that was never handed over the first handoff is that of the next shift: before it only the plan is known.
func (h *House) write(ctx context.Context, tx storeTx, p *oncall.Plan, now time.Time) (coming time.Time, err error) {
	last, err := tx.Handoffs(ctx, p.Rota(), nil, now.Add(handoff.Before), 1)
	if err != nil {
		return coming, err
	}
	var due []oncall.Shift
	for _, s := range p.Shifts(now, now.Add(48*time.Hour)) {
		began := !s.Start.After(now)
		if began && len(last) > 0 && last[0].Due.Before(s.Start) || !began && !now.Before(s.Start.Add(-handoff.Before)) {
			due = append(due, s)
		}
		if !began {
			coming = s.Start
			break
		}
	}
	for _, s := range due {
		if len(last) > 0 && !last[0].Due.Before(s.Start) {
			continue // it is written
		}
		with, err := h.planned(ctx, tx, p, s, now)
		if err != nil {
			return coming, err
		}
		d, err := h.openWork(ctx, tx, p, with, now)
		if err != nil {
			return coming, err
		}
		if err := tx.SaveHandoff(ctx, handoff.Write(with, d)); err != nil {
			return coming, err
		}
	}
	return coming, nil
}

// planned are the people of a handoff as they are known now.
func (h *House) planned(ctx context.Context, tx storeTx, p *oncall.Plan, s oncall.Shift, now time.Time) (handoff.Planned, error) {
	before, err := onDuty(ctx, tx, p, s.Start.Add(-time.Second), now)
	if err != nil {
		return handoff.Planned{}, err
	}
	at := p.At(s.Start)
	out := handoff.Planned{Shift: s, From: before.Primary, To: at.Primary.Person, Other: at.Secondary.Person}
	for _, m := range h.knowledge.Load().Org.Chain(out.To) {
		out.Chain = append(out.Chain, m.ID)
	}
	return out, nil
}

// step does what is due with one open handoff.
func (h *House) step(ctx context.Context, tx storeTx, p *oncall.Plan, was handoff.Handoff, now time.Time) (time.Time, error) {
	is := was
	if now.Before(was.Due) { // until the hour the people are those of the plan, which people may change
		shift := oncall.Shift{Rota: was.Rota, Site: was.Site, Start: was.Due, End: was.Ends}
		with, err := h.planned(ctx, tx, p, shift, now)
		if err != nil {
			return time.Time{}, err
		}
		is = was.Plan(with)
	} else if c, by := p.Granted(oncall.Primary, now); by {
		is = was.Taken(p.At(now).Primary.Person, c)
	}
	is, tell, again := is.Step(now)
	for _, t := range tell {
		if err := tx.AddTell(ctx, t); err != nil {
			return time.Time{}, err
		}
	}
	if is.Same(was) {
		return again, nil
	}
	is.Version = was.Version + 1
	return again, tx.SaveHandoff(ctx, is)
}

// TurnHandoff changes a handoff by what a person says, and has its rota looked at.
func TurnHandoff(ctx context.Context, tx *store.Tx, id handoff.ID, turn func(handoff.Handoff) (handoff.Handoff, error), now time.Time) (handoff.Handoff, error) {
	was, err := tx.Handoff(ctx, id)
	if err != nil {
		return was, err
	}
	is, err := turn(was)
	if err != nil {
		return was, err
	}
	is.Version = was.Version + 1
	if err := tx.SaveHandoff(ctx, is); err != nil {
		return was, err
	}
	return is, tx.Enqueue(ctx, legHandoff, is.Rota, now)
}

// AcceptHandoff has a person take duty over.
func (h *House) AcceptHandoff(ctx context.Context, id handoff.ID, person string, now time.Time) (out handoff.Handoff, err error) {
	err = h.store.Update(ctx, func(tx storeTx) error {
		out, err = TurnHandoff(ctx, tx, id, func(x handoff.Handoff) (handoff.Handoff, error) { return x.Accept(person, now) }, now)
		return err
	})
	return out, err
}

// tellPeople has those told who have to be, where a way to tell them is joined; until then the rows wait. It gives when to try again.
func (h *House) tellPeople(ctx context.Context, now time.Time) (again time.Time) {
	const most = 100
	if h.teller == nil {
		return again
	}
	var waiting []handoff.Tell
	err := h.store.View(ctx, func(tx storeTx) (err error) {
		waiting, err = tx.Tells(ctx, true, most)
		return err
	})
	for _, t := range slices.Backward(waiting) {
		if err = h.teller.Tell(ctx, t.Person, t.What); err == nil {
			err = h.store.Update(ctx, func(tx storeTx) error { return tx.MarkTold(ctx, t.Key, now) })
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		h.log.Error("somebody has to be told of a handoff, and was not", "error", err)
		again = now.Add(time.Minute)
	}
	return again
}
