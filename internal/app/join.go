package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"jobzero/internal/action"
	actions "jobzero/internal/action/builtin"
	"jobzero/internal/api"
	"jobzero/internal/api/scim"
	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/flow"
	"jobzero/internal/glass"
	"jobzero/internal/inventory"
	readers "jobzero/internal/inventory/builtin"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/org"
	"jobzero/internal/playbook"
	"jobzero/internal/principal/person"
	"jobzero/internal/stack"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// storeTx is the store's own transaction, for what the house itself writes.
type storeTx = *store.Tx

// openBus opens the bus that the configuration asks for.
func openBus(ctx context.Context, c config.Config) (flow.Bus, error) {
	bus := c.Bus.Reveal()
	if bus == config.Embedded {
		return flow.OpenEmbedded(c.DataDir)
	}
	return flow.Connect(ctx, flow.Cluster{URLs: strings.Split(bus, ",")})
}

// observed is the way into AWS with every call measured.
func (h *House) observed() awsorg.Config {
	c := h.config.AWS
	c.Observe = func(s awsorg.Seen) { h.metrics.Call(s.Service, string(s.Kind), s.Took) }
	return c
}

// joinAWS makes the readers and the actions, each with the way into the accounts that it may use.
func (h *House) joinAWS() error {
	var err error
	list := readers.Native()
	if h.config.Sweep.CloudControl {
		list = readers.Readers()
	}
	for i, r := range list {
		if _, ok := r.(cloudformation.Drifts); ok { // what it compares with comes from the same readers
			list[i] = cloudformation.Drifts{Hold: stack.Hand(func() stack.Catalogue { return h.inventory })}
		}
	}
	if h.inventory, err = inventory.New(h.org, inventory.Watching(list, h.config.Watch())...); err != nil {
		return err
	}
	h.inventory.Tell(readers.Tellers()...)
	h.actions, err = action.New(h.org, actions.All(Outside(h.config, func() *org.Org { return h.knowledge.Load().Org }, h.clock.Now))...)
	return err
}

func (h *House) doorOptions(version string) api.Options {
	return api.Options{
		Listen: h.config.Listen, Version: version, Metrics: h.metrics.Handler(h.measure), Log: h.log, People: h.directory(), Gate: h.gate, Rest: h.rest,
		Checks: []api.Check{
			{Name: "database", Ask: h.askStore},
			{Name: "bus", Ask: h.bus.Ping},
			{Name: "heart", Ask: h.askHeart},
		},
	}
}

// directory is the door for directories of people, nil when the settings have no token for it.
func (h *House) directory() http.Handler {
	if h.config.SCIM.Token == "" {
		return nil
	}
	return scim.New(scim.Options{
		Store: store.In(h.store, func(tx *store.Tx) scim.Tx { return tx }), Token: h.config.SCIM.Token,
		NewID: func() person.ID { return person.ID(newULID(h.clock.Now())) }, Now: h.clock.Now, Log: h.log,
	})
}

// measure sets the gauges from the database, just before somebody reads them. What cannot be counted keeps its last value;
// /readyz says that the database does not answer.
func (h *House) measure(ctx context.Context) {
	err := h.store.View(ctx, func(tx storeTx) error {
		c, err := tx.Count(ctx)
		if err != nil {
			return err
		}
		b, err := tx.Brake(ctx, playbook.EnforcementBrake)
		if err != nil {
			return err
		}
		left, err := tx.BackrunLeft(ctx)
		if err != nil {
			return err
		}
		h.metrics.Archive(left)
		h.metrics.Tickets(c.Tickets)
		h.metrics.Effects(c.Effects)
		h.metrics.Brake(b.On)
		return nil
	})
	if err != nil {
		h.log.Warn("measures are not fresh", "error", err)
	}
}

// askStore finds out whether the database answers.
func (h *House) askStore(ctx context.Context) error {
	return h.store.View(ctx, func(tx storeTx) error {
		_, err := tx.Brake(ctx, playbook.EnforcementBrake)
		return err
	})
}

func newTicketID(now time.Time) ticket.ID { return ticket.ID(newULID(now)) }

// NewGlassID names a use of break-glass.
func NewGlassID(now time.Time) glass.ID { return glass.ID(newULID(now)) }

func newRunID(now time.Time) string { return newULID(now) }

func newULID(now time.Time) string {
	return ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String()
}

// observer tells the metrics what the road does.
type observer struct {
	metrics *telemetry.Metrics
	heart   *heart
}

// Handled records how long a leg took for one thing.
func (o observer) Handled(leg string, took time.Duration, err error) {
	o.metrics.Observe(leg, took, err)
	if err == nil {
		o.heart.move(leg)
	}
}

// Sent counts hints for a leg.
func (o observer) Sent(leg string, hints int) { o.metrics.Sent(leg, hints) }

// Lost counts hints that nobody took in time.
func (o observer) Lost(hints int) { o.metrics.Lost(hints) }
