package app

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/source"
	"jobzero/internal/store"
)

// arrived notes that messages of ours came, which whoever carried them says. It moves no clock: silence counts. What there is no such delivery of is
// nothing to us.
func arrived(ctx context.Context, st *store.Store, reports []source.Report, now time.Time) error {
	var names []string
	for _, r := range reports {
		names = append(names, r.Arrived...)
	}
	if len(names) == 0 {
		return nil
	}
	return st.Update(ctx, func(tx storeTx) error {
		for _, name := range names {
			d, err := tx.Delivery(ctx, notice.ID(name))
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if d.State != notice.Sent { // it came before, or was answered, or nobody need know any more
				continue
			}
			d.Receipt()
			d.Version++
			if err := tx.SaveDelivery(ctx, d); err != nil {
				return err
			}
			if err := wentOut(ctx, tx, d, now); err != nil {
				return err
			}
		}
		return nil
	})
}
