package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"jobzero/internal/action"
	"jobzero/internal/api"
	"jobzero/internal/api/live"
	"jobzero/internal/api/rest"
	"jobzero/internal/auth"
	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/flow"
	"jobzero/internal/glass"
	"jobzero/internal/inventory"
	"jobzero/internal/notify"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/source"
	"jobzero/internal/source/logs"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/triage"
)

// House is everything, joined. Make it with New, then Start, and Stop when New or Start has given no error.
type House struct {
	config    config.Config
	log       *slog.Logger
	clock     flow.Clock
	version   string
	knowledge atomic.Pointer[Knowledge]
	rights    atomic.Pointer[rights] // nil: nobody has read them yet
	swapping  sync.Mutex             // whoever makes another knowledge of the one that there is
	metrics   *telemetry.Metrics
	store     *store.Store
	bus       flow.Bus
	org       *awsorg.Org
	logs      logs.Options // of logs other than CloudTrail's
	inventory *inventory.Catalogue
	actions   *action.Catalogue
	triager   *triage.Triager
	director  *playbook.Director
	keeper    *grant.Keeper
	pager     *pager.Pager
	carrier   *notify.Carrier
	heart     heart
	channels  []notify.Channel
	engine    *flow.Engine
	door      *api.Server
	gate      *auth.Gate
	rest      *rest.Rest
	live      *live.Hub
	links     io.Writer // where a one-time link is shown; nil: nowhere
	address   net.Addr

	window   *source.Dedupe
	windows  windows
	marks    progress
	hearing  hearing
	sessions *Sessions
	habits   habits
	deeds    *Deeds
	folding  folding
	reused   *Reused
	compares comparing
	leaving  leaving
	departed departed
	proofs   proofs
	teller   handoff.Teller // nil: nothing tells people yet, and rows wait
	counting counting
	pace     *pace

	undo []ending
}

// ending is how one part ends; parts end in the reverse of the order in which they were made.
type ending struct {
	name string
	end  func(context.Context) error
}

// Options are what New needs besides the configuration.
type Options struct {
	Log   *slog.Logger
	Clock flow.Clock // nil: the wall clock
	Roles []string   // legs to run in this process; all when empty
	// Version is shown by the door.
	Version string
	// Links is where a one-time link for signing in is shown, when there is no other way in; nil: nowhere, so that it is in no log.
	Links  io.Writer
	Teller handoff.Teller // tells people of handoffs; nil: rows wait until something does
}

// New builds the house and starts nothing. What it has made by the time that something fails is ended.
func New(ctx context.Context, c config.Config, o Options) (*House, error) {
	h := &House{links: o.Links, config: c, log: o.Log, clock: o.Clock, version: o.Version, teller: o.Teller, metrics: telemetry.NewMetrics(), window: source.NewDedupe(0), sessions: NewSessions()}
	if h.clock == nil {
		h.clock = flow.Wall{}
	}
	if c.Ledger.Days > 0 {
		h.deeds = NewDeeds(h.sessions)
	}
	if err := h.build(ctx, o); err != nil {
		return nil, errors.Join(err, h.Stop(ctx))
	}
	return h, nil
}

// build is the one straight line.
func (h *House) build(ctx context.Context, o Options) (err error) {
	h.logs, _ = h.config.Logs.Options() // what is wrong with them was told when the settings were checked
	if err = h.learn(); err != nil {
		return err
	}
	if err = h.joinBaselines(); err != nil {
		return err
	}
	if h.bus, err = openBus(ctx, h.config); err != nil {
		return err
	}
	h.onStop("bus", func(context.Context) error { return h.bus.Close() })
	if h.store, err = store.Open(ctx, h.config.DatabaseURL().Reveal()); err != nil {
		return err
	}
	h.onStop("store", func(context.Context) error { return h.store.Close() })
	if h.org, err = awsorg.New(ctx, h.observed()); err != nil {
		return err
	}
	h.onStop("aws", func(context.Context) error { h.org.Close(); return nil })
	if err = h.joinAWS(); err != nil {
		return err
	}
	h.joinRooms()
	h.pace = newPace(observer{h.metrics, &h.heart}, h.clock.Now)
	h.joinTelling()
	h.joinPager()
	if h.engine, err = flow.New(h.engineOptions(o)); err != nil {
		return err
	}
	h.store.OnWork(h.engine.Poke)
	if err = h.joinGate(); err != nil {
		return err
	}
	if err = h.joinRest(); err != nil { //nolint:contextcheck // requests bring their own
		return err
	}
	h.door, err = h.openable(o.Version) //nolint:contextcheck // requests bring their own
	return err
}

func (h *House) joinRooms() {
	h.triager = newTriager(h.store, h.knowledge.Load, h.clock.Now)
	h.reused = NewReused(h.config.Playbooks.Settle)
	h.director = playbook.New(playbook.Options{
		Store: store.In(h.store, func(tx *store.Tx) playbook.Tx { return asking{tx, h} }), Judge: judge{h}, Reader: legInventory, Hands: h.actions,
		Config:    func() playbook.Config { return h.config.Playbooks },
		Playbooks: func() []book.Definition { return h.knowledge.Load().Playbooks },
		NewID:     newRunID, Now: h.clock.Now, Facts: h.conditions(), Gather: h.gather,
		Verdicts: func() playbook.Verdicts {
			return playbook.Verdicts{All: h.knowledge.Load().Verdicts, Mode: h.config.Verdicts.Mode}
		},
	})
	h.keeper = grant.New(grant.Options{
		Store: store.In(h.store, func(tx *store.Tx) grant.Tx { return tx }), Hands: h.actions,
		Policy: func() glass.Policy { return h.config.BreakGlass }, Now: h.clock.Now,
	})
}

func (h *House) engineOptions(o Options) flow.Options {
	alone := h.config.Bus.Reveal() == config.Embedded && h.store.Embedded()
	return flow.Options{
		Book: h.store, Bus: h.bus, Legs: h.legs(), Roles: o.Roles, Clock: h.clock, Log: h.log,
		Observer: h.pace, Alone: alone, Poisoned: h.poisoned, Lease: h.config.Lease,
	}
}

// Start opens the door and begins the road.
func (h *House) Start(ctx context.Context) error {
	address, err := h.door.Open(ctx)
	if err != nil {
		return err
	}
	h.address = address
	h.onStop("door", h.door.Stop)
	h.tellChanges(ctx)
	if err := h.engine.Start(ctx); err != nil {
		return err
	}
	h.onStop("road", h.engine.Stop)
	h.holdRights(ctx)
	return errors.Join(h.planSweeps(ctx), h.planUpkeep(ctx), h.planBackrun(ctx), h.planBaselines(ctx), h.planLedger(ctx), h.planReconcile(ctx), h.planLeavers(ctx), h.planSchedules(ctx), h.planCheckpoints(ctx), h.planHandoffs(ctx), h.planRotas(ctx), h.planPages(ctx), h.planMail(ctx))
}

// Address is where the door is open.
func (h *House) Address() net.Addr { return h.address }

func (h *House) onStop(name string, end func(context.Context) error) {
	h.undo = append(h.undo, ending{name, end})
}

// Stop ends everything in the reverse of the order in which it was made, and gives all errors of it.
func (h *House) Stop(ctx context.Context) error {
	const patience = 20 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var all []error
	for i := len(h.undo) - 1; i >= 0; i-- {
		if err := h.undo[i].end(ctx); err != nil {
			all = append(all, err)
			h.log.Warn("ending a part", "part", h.undo[i].name, "error", err)
		}
	}
	h.undo = nil
	return errors.Join(all...)
}
