package app

import (
	"context"
	"time"

	"jobzero/internal/console"
	"jobzero/internal/fault"
	"jobzero/internal/oncall/handoff"
)

// Coming are the next handovers of all rotas that people have written.
func (h *House) Coming(ctx context.Context, now time.Time) (out []console.Coming, err error) {
	w := h.watch()
	if w.Rotas.Sample() {
		return nil, nil
	}
	err = h.store.View(ctx, func(tx storeTx) error {
		out = nil
		for _, name := range w.Rotas.Rotas() {
			p, err := h.rota(ctx, tx, name, now.Add(-memory))
			if err != nil {
				return err
			}
			for _, s := range p.Shifts(now, now.Add(48*time.Hour)) {
				if !s.Start.After(now) {
					continue
				}
				with, err := h.planned(ctx, tx, p, s, now)
				if err != nil {
					return err
				}
				one := console.Coming{Rota: name, Due: s.Start, Written: s.Start.Add(-handoff.Before), From: with.From.Person, To: with.To, Site: s.Site}
				x, err := tx.Handoff(ctx, handoff.NewID(name, s.Start))
				if err == nil {
					one.ID = x.ID
				} else if !fault.Is(err, fault.NotFound) {
					return err
				}
				out = append(out, one)
				break
			}
		}
		return nil
	})
	return out, err
}

// Rotas are the names of all, and their text.
func (h *House) Rotas() (names []string, text string) {
	set := h.watch().Rotas
	return set.Rotas(), set.Text()
}
