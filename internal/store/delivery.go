package store

import (
	"context"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
	"jobzero/internal/store/db"
)

// Delivery gives one message to one receiver, or fault.NotFound.
func (t *Tx) Delivery(ctx context.Context, id notice.ID) (notice.Delivery, error) {
	doc, err := t.q.Delivery(ctx, column(string(id)))
	switch {
	case missing(err):
		return notice.Delivery{}, fault.New(fault.NotFound, "there is no delivery %s", id)
	case err != nil:
		return notice.Delivery{}, t.s.fail(err, "read delivery "+string(id))
	}
	return decode[notice.Delivery]("delivery "+string(id), doc)
}

// SaveDelivery keeps a delivery. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SaveDelivery(ctx context.Context, d notice.Delivery) error {
	doc, err := encode("delivery "+string(d.ID), d)
	if err != nil {
		return err
	}
	row := db.Delivery{
		ID: column(string(d.ID)), State: column(string(d.State)), Person: column(d.To.Person), Channel: column(d.To.Channel),
		Thread: column(d.Message.Thread), MadeAt: stamp(d.Made), Version: d.Version, Doc: doc,
	}
	n, err := t.q.SaveDelivery(ctx, db.SaveDeliveryParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save delivery "+string(d.ID))
	case n == 0:
		return fault.New(fault.Conflict, "delivery %s was changed in between: read again", d.ID)
	}
	t.seal(deliveryName(row), deliverySum(row))
	return nil
}

// Deliveries lists what people were told, the newest first.
func (t *Tx) Deliveries(ctx context.Context, f notice.Filter) ([]notice.Delivery, error) {
	docs, err := t.q.Deliveries(ctx, db.DeliveriesParams{States: words(f.States), Person: column(f.Person), Thread: column(f.Thread), Most: most(f.Limit)})
	if err != nil {
		return nil, t.s.fail(err, "list deliveries")
	}
	return decodeAll[notice.Delivery]("delivery", docs)
}

func deliveryRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedDeliveries(ctx, db.SealedDeliveriesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{deliveryName(r.Delivery), r.Delivery.ID, deliverySum(r.Delivery), r.Chained}
	}
	return out, err
}

func deliveryName(r db.Delivery) string { return "delivery " + r.ID }

func deliverySum(r db.Delivery) string {
	return rowSum(deliveryName(r), r.State, r.Person, r.Channel, r.Thread, r.MadeAt, r.Version, r.Doc)
}
