package app

import (
	"context"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

// Wish makes the change of a rota that somebody wants, in the rotas that it is about, or refuses it and changes nothing.
func (w Watch) Wish(ctx context.Context, tx *store.Tx, want oncall.Wish, o oncall.Order) (oncall.Change, error) {
	make := func(p *oncall.Plan) (oncall.Change, error) { return p.Make(want, o) }
	switch want.Kind {
	case oncall.Away:
		return w.Leave(ctx, tx, want.Person, o.At, make)
	case oncall.Withdrawal:
		was, err := changed(ctx, tx, want.Change, o.At)
		if err != nil {
			return oncall.Change{}, err
		}
		if was.Kind == oncall.Away {
			return w.Leave(ctx, tx, was.Spans[0].Person, o.At, make)
		}
		return w.Amend(ctx, tx, was.Rota, o.At, make)
	case oncall.Override, oncall.Swap, oncall.Take:
	}
	return w.Amend(ctx, tx, want.Rota, o.At, make)
}

// changed is a change that is not over.
func changed(ctx context.Context, tx *store.Tx, id string, now time.Time) (oncall.Change, error) {
	all, err := tx.Changes(ctx, "", now)
	if err != nil {
		return oncall.Change{}, err
	}
	i := slices.IndexFunc(all, func(c oncall.Change) bool { return c.ID == id })
	if i < 0 {
		return oncall.Change{}, fault.New(fault.NotFound, "there is no change %s of a rota that is not over", id)
	}
	return all[i], nil
}

// ChangeRota makes the change that somebody wants.
func (h *House) ChangeRota(ctx context.Context, want oncall.Wish, o oncall.Order) (c oncall.Change, err error) {
	if h.watch().Rotas.Sample() {
		return c, fault.New(fault.Conflict, "this is the built-in rota, whose people are made up: write one and name it under oncall.rota")
	}
	o.At = h.clock.Now().UTC().Truncate(time.Second)
	o.ID = NewChangeID(o.At)
	err = h.store.Update(ctx, func(tx storeTx) error {
		c, err = h.watch().Wish(ctx, tx, want, o)
		return err
	})
	return c, err
}

// WhoseRotas are the teams of the rotas that a change would be about, an empty one for those that are nobody's, and who would be away by it.
func (h *House) WhoseRotas(ctx context.Context, want oncall.Wish) (teams []string, away string, err error) {
	w := h.watch()
	rota := want.Rota
	if want.Kind == oncall.Withdrawal {
		err := h.store.View(ctx, func(tx storeTx) error {
			was, err := changed(ctx, tx, want.Change, h.clock.Now())
			if rota = was.Rota; err == nil && was.Kind == oncall.Away {
				away = was.Spans[0].Person
			}
			return err
		})
		if err != nil {
			return nil, "", err
		}
	}
	if want.Kind == oncall.Away {
		away = want.Person
	}
	names := []string{rota}
	if away != "" {
		names = w.Rotas.Rotas()
	}
	for _, name := range names {
		p, err := w.Rotas.Plan(name, oncall.Facts{})
		if err != nil {
			return nil, "", err
		}
		if (away == "" || p.Site(away) != "") && !slices.Contains(teams, p.Team()) {
			teams = append(teams, p.Team())
		}
	}
	if len(teams) == 0 {
		return nil, "", fault.New(fault.NotFound, "%s has turns in no rota", away)
	}
	return teams, away, nil
}
