package store

import (
	"context"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Subscription gives one address that is told of changes, or fault.NotFound.
func (t *Tx) Subscription(ctx context.Context, id string) (subscription.Subscription, error) {
	doc, err := t.q.Subscription(ctx, column(id))
	if missing(err) {
		return subscription.Subscription{}, fault.New(fault.NotFound, "there is no subscription %s", id)
	}
	if err != nil {
		return subscription.Subscription{}, t.s.fail(err, "read subscription "+id)
	}
	return decode[subscription.Subscription]("subscription "+id, doc)
}

// Subscriptions are all, also those that were removed.
func (t *Tx) Subscriptions(ctx context.Context) ([]subscription.Subscription, error) {
	docs, err := t.q.Subscriptions(ctx)
	if err != nil {
		return nil, t.s.fail(err, "list subscriptions")
	}
	return decodeAll[subscription.Subscription]("subscription", docs)
}

// SaveSubscription keeps one. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SaveSubscription(ctx context.Context, s subscription.Subscription) error {
	doc, err := encode("subscription "+s.ID, s)
	if err != nil {
		return err
	}
	row := db.Subscription{ID: column(s.ID), Name: column(s.Name), State: column(string(s.State)), Version: s.Version, Doc: doc}
	n, err := t.q.SaveSubscription(ctx, db.SaveSubscriptionParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save subscription "+s.ID)
	case n == 0:
		return fault.New(fault.Conflict, "subscription %s was changed in between: read again", s.ID)
	}
	t.seal(subscriptionName(row), subscriptionSum(row))
	return nil
}

// Place is how far a subscription was told; of one that there is not, the beginning.
func (t *Tx) Place(ctx context.Context, id string) (subscription.Place, error) {
	doc, err := t.q.SubscriptionPlace(ctx, column(id))
	if missing(err) {
		return subscription.Place{}, nil
	}
	if err != nil {
		return subscription.Place{}, t.s.fail(err, "read the place of subscription "+id)
	}
	return decode[subscription.Place]("the place of subscription "+id, doc)
}

// SavePlace keeps it. It is not in the chain, which it would make longer by reading it.
func (t *Tx) SavePlace(ctx context.Context, id string, p subscription.Place) error {
	doc, err := encode("the place of subscription "+id, p)
	if err != nil {
		return err
	}
	return t.s.fail(t.q.SaveSubscriptionPlace(ctx, db.SaveSubscriptionPlaceParams{ID: column(id), Doc: doc}), "save the place of subscription "+id)
}

// ChainEnd is the place of the chain's last link.
func (t *Tx) ChainEnd(ctx context.Context) (int64, error) {
	l, err := t.LastLink(ctx)
	return l.Seq, err
}

// ChainAfter are the links of the chain after one, in order, with the entries that they are of.
func (t *Tx) ChainAfter(ctx context.Context, after int64, limit int) ([]subscription.Change, error) {
	rows, err := t.q.Changes(ctx, db.ChangesParams{After: after, Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read the chain")
	}
	out := make([]subscription.Change, len(rows))
	for i, r := range rows {
		c := subscription.Change{Seq: r.Seq, Kind: "ticket", ID: r.Ticket}
		if r.RowKey != "" {
			c.Kind, c.ID, _ = strings.Cut(r.RowKey, " ")
		}
		if r.Entry != "" {
			e, err := decode[ticket.Entry]("an entry of ticket "+r.Ticket, r.Entry)
			if err != nil {
				return nil, err
			}
			c.Entry = &e
		}
		if r.Before != "" {
			e, err := decode[ticket.Entry]("an entry of ticket "+r.Ticket, r.Before)
			if err != nil {
				return nil, err
			}
			c.Was = e.State
		}
		out[i] = c
	}
	return out, nil
}

func subscriptionRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedSubscriptions(ctx, db.SealedSubscriptionsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{subscriptionName(r.Subscription), r.Subscription.ID, subscriptionSum(r.Subscription), r.Chained}
	}
	return out, err
}

func subscriptionName(r db.Subscription) string { return "subscription " + r.ID }

func subscriptionSum(r db.Subscription) string {
	return rowSum(subscriptionName(r), r.Name, r.State, r.Version, r.Doc)
}
