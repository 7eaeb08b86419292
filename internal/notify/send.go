package notify

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// Leg is the name of the leg that carries deliveries.
const Leg = "notify"

// Tx is what it needs of a transaction.
type Tx interface {
	Delivery(ctx context.Context, id notice.ID) (notice.Delivery, error)
	Deliveries(ctx context.Context, f notice.Filter) ([]notice.Delivery, error)
	SaveDelivery(ctx context.Context, d notice.Delivery) error
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
}

// Store opens transactions.
type Store interface {
	View(ctx context.Context, do func(Tx) error) error
	Update(ctx context.Context, do func(Tx) error) error
}

// Send queues a message to somebody in the caller's transaction: it is sent if and only if the transaction is committed. What was said to
// the same on the same occasion is not said again.
func Send(ctx context.Context, tx Tx, m notice.Message, to notice.To, now time.Time) (notice.ID, error) {
	d, err := notice.Queue(m, to, now)
	if err != nil {
		return "", err
	}
	_, err = tx.Delivery(ctx, d.ID)
	switch {
	case err == nil:
		return d.ID, nil
	case !fault.Is(err, fault.NotFound):
		return "", err
	}
	return d.ID, save(ctx, tx, &d, time.Time{})
}

// Answer writes down what somebody pressed or said about a delivery; false when it was answered before. What follows on it is for the caller,
// in the same transaction.
func Answer(ctx context.Context, tx Tx, p notice.Press) (notice.Delivery, bool, error) {
	d, err := tx.Delivery(ctx, p.Delivery)
	if err != nil {
		return d, false, err
	}
	if !d.Answer(p) {
		return d, false, nil
	}
	return d, true, save(ctx, tx, &d, time.Time{})
}

// Settle ends all that is told of a thread: somebody has answered, or nobody need any more. Channels that can are told so too.
func Settle(ctx context.Context, tx Tx, thread, why string, now time.Time) error {
	all, err := tx.Deliveries(ctx, notice.Filter{Thread: thread, States: []notice.State{notice.Queued, notice.Sent, notice.Received}})
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Lapse(why, now) {
			if err := save(ctx, tx, &d, time.Time{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// save keeps a delivery and has the leg look at it.
func save(ctx context.Context, tx Tx, d *notice.Delivery, due time.Time) error {
	d.Version++
	if err := tx.SaveDelivery(ctx, *d); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Leg, string(d.ID), due)
}
