package app

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
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
// the next shift begins. A rota that was never handed over has its first handoff at once, from nobody: until it is accepted the plan is believed.
func (h *House) write(ctx context.Context, tx storeTx, p *oncall.Plan, now time.Time) (coming time.Time, err error) {
	last, err := tx.Handoffs(ctx, p.Rota(), nil, now.Add(handoff.Before), 1)
	if err != nil {
		return coming, err
	}
	var due []oncall.Shift
	for _, s := range p.Shifts(now, now.Add(48*time.Hour)) {
		began := !s.Start.After(now)
		if began && (len(last) == 0 || last[0].Due.Before(s.Start)) || !began && !now.Before(s.Start.Add(-handoff.Before)) {
			due = append(due, s)
		}
		if !began {
			coming = s.Start
			break
		}
	}
	if len(last) == 0 && len(due) > 1 {
		due = due[1:] // the first handoff of the rota is that of the shift which is about to begin
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
	if !now.Before(s.Start) {
		before, err := tx.Handoffs(ctx, p.Rota(), nil, s.Start.Add(-time.Second), 1)
		if err != nil {
			return out, err
		}
		if len(before) == 0 { // nobody knows whether anybody was on duty
			out.From = oncall.Holder{}
		}
	}
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
