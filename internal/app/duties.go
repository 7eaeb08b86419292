package app

import (
	"cmp"
	"context"
	"time"

	"jobzero/internal/console"
	"jobzero/internal/oncall"
)

// dutiesNow are those on duty in each rota, for the console.
func (h *House) dutiesNow(ctx context.Context, now time.Time) (out []console.Duty, err error) {
	for _, rota := range h.knowledge.Load().Rotas.Rotas() {
		d, err := h.Duty(ctx, rota, now)
		if err != nil {
			return nil, err
		}
		name := rota
		if d.Sample {
			name += " (built-in sample)"
		}
		out = append(out, console.Duty{
			Rota: name, Person: d.Primary.Person, Site: d.Primary.Site, Secondary: d.Secondary.Person,
			Since: d.Primary.Since, Until: d.Primary.Until, Next: d.Next.Person,
		})
	}
	return out, nil
}

// shifts are who has which time of each rota, with what was changed: as it is planned, whoever accepts.
func (h *House) shifts(ctx context.Context, from, to time.Time) (out []console.Shift, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		for _, rota := range h.knowledge.Load().Rotas.Rotas() {
			p, err := h.rota(ctx, tx, rota, from)
			if err != nil {
				return err
			}
			behind := p.Stints(oncall.Secondary, from, to)
			for _, s := range p.Stints(oncall.Primary, from, to) {
				out = append(out, console.Shift{Rota: rota, Site: s.Site, Person: cmp.Or(s.Person, "nobody"), Secondary: holds(behind, s.From), From: s.From, To: s.Until})
			}
		}
		return nil
	})
	return out, err
}

// holds is who has the seat of some stints at a time.
func holds(all []oncall.Stint, at time.Time) string {
	for _, s := range all {
		if !at.Before(s.From) && at.Before(s.Until) {
			return s.Person
		}
	}
	return ""
}
