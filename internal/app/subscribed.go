package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// legChanges is the stream that wakes those who tell subscriptions.
const legChanges = "changes"

// NewSubscriptions is where admins subscribe addresses, beside a running house or in it.
func NewSubscriptions(c config.Config, s *store.Store, now func() time.Time) *subscription.Desk {
	return &subscription.Desk{
		Store: subscriptions(s), Config: c.Subscriptions, Now: now, NewID: func() string { return newULID(now()) },
		Key: func() (telemetry.Secret, error) {
			keyed, err := c.Subscribing()
			return keyed.Key, err
		},
	}
}

func subscriptions(s *store.Store) subscription.Store {
	return store.In(s, func(tx *store.Tx) subscription.Tx { return tx })
}

// subscribingLegs tell addresses of what changes.
func (h *House) subscribingLegs() []flow.Leg {
	return []flow.Leg{
		flow.From(legChanges, h.watchChain, "changes"),
		flow.Into(subscription.Leg, "changes", h.tellSubscription),
	}
}

// tellSubscription is the durable leg. The key is read anew: the first one may have been made since this process began.
func (h *House) tellSubscription(ctx context.Context, id string) (time.Time, error) {
	c, err := h.config.Subscribing()
	if err != nil {
		return time.Time{}, err
	}
	return h.courier(c).Carry(ctx, id)
}

func (h *House) courier(c subscription.Config) *subscription.Courier {
	return subscription.New(subscription.Options{
		Store: subscriptions(h.store), Config: c, Now: h.clock.Now, Fill: h.fillEvent, Ended: h.subscriptionEnded,
	})
}

// watchChain looks each second whether the chain has something new, and wakes those who tell of it. It is one small read while there is nothing.
func (h *House) watchChain(ctx context.Context) error {
	const every = time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	c := h.courier(subscription.Config{}) // it posts nothing, and needs no key
	for seen := int64(-1); ; {
		last, err := c.Wake(ctx, seen)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			h.log.Warn("webhooks are not told of what changes at the moment", "error", err)
		default:
			seen = last
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// fillEvent says more of what has changed, as it is now. What is not there any more says nothing.
func (h *House) fillEvent(ctx context.Context, tx subscription.Tx, c subscription.Change, e *subscription.Event) error {
	st, err := inStore(tx)
	if err != nil {
		return err
	}
	switch c.Kind {
	case "ticket":
		err = h.fillTicket(ctx, st, c, e)
	case "run":
		err = h.fillRun(ctx, st, c, e)
	case "page":
		var p escalate.Page
		if p, err = st.Page(ctx, escalate.ID(c.ID)); err == nil {
			e.State, e.Severity, e.Account, e.Ticket = string(p.State), p.Severity, p.Account, string(p.First)
		}
	case "handoff":
		var x handoff.Handoff
		if x, err = st.Handoff(ctx, handoff.ID(c.ID)); err == nil {
			e.State = string(x.State)
		}
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func (h *House) fillTicket(ctx context.Context, st storeTx, c subscription.Change, e *subscription.Event) error {
	t, err := st.Ticket(ctx, ticket.ID(c.ID))
	if err != nil {
		return err
	}
	e.Severity, e.Account, e.Team, e.Ticket, e.Link = t.Severity, t.Account, t.Owner.Team, c.ID, h.seenAt("tickets", c.ID)
	return nil
}

func (h *House) fillRun(ctx context.Context, st storeTx, c subscription.Change, e *subscription.Event) error {
	r, err := st.Run(ctx, c.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.Steps, func(s playbook.Step) bool { return s.State == playbook.StepAsking }) {
		e.Type = c.Kind + ".asking"
	}
	e.State, e.Ticket, e.Link = string(r.State), string(r.Ticket), h.seenAt("runs", c.ID)
	return nil
}

// seenAt is where people see a thing; empty where nobody has said how browsers reach the door.
func (h *House) seenAt(what, id string) string {
	if h.config.Auth.URL == "" || h.config.Console.Off {
		return ""
	}
	return strings.TrimSuffix(h.config.Auth.URL, "/") + "/" + what + "/" + id
}

// subscriptionEnded tells whoever subscribed, in the transaction that gives it up.
func (h *House) subscriptionEnded(ctx context.Context, tx subscription.Tx, s subscription.Subscription) error {
	h.log.Error("a webhook is given up", "webhook", s.Name, "why", s.Why)
	st, err := inStore(tx)
	if err != nil {
		return err
	}
	if _, ok := h.knowledge.Load().Org.Person(s.By); !ok || len(h.channels) == 0 {
		return nil // the list says so, and the log does
	}
	m := notice.Message{
		Occasion: fmt.Sprintf("subscription %s/%d", s.ID, s.Version), Kind: notice.Digest, Title: "The webhook " + s.Name + " is told no more",
		Text: s.Why + "\n\nMend its address, then: jobzero webhook resume " + s.Name + ". Nothing is lost meanwhile: it goes on where it was.",
	}
	_, err = notify.Send(ctx, st, m, notice.To{Person: s.By}, h.clock.Now())
	return err
}
