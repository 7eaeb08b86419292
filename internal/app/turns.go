package app

import (
	"context"
	"time"

	"jobzero/internal/oncall"
)

// Turns gives who has which shift in a rota between two times, with what was changed. An empty name is the first rota of the text.
func (h *House) Turns(ctx context.Context, rota string, from, until time.Time) (all []oncall.Turn, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		p, err := h.rota(ctx, tx, rota, from)
		if err == nil {
			all = p.Turns(from, until)
		}
		return err
	})
	return all, err
}
