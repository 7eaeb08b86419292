package crash

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"jobzero/internal/flow"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// owners says who answers for things here.
type owners struct{}

// OwnerOf is the same team for all.
func (owners) OwnerOf(resource.Ref, map[string]string, string) ticket.Owner {
	return ticket.Owner{Team: "storefront", Via: "account"}
}

func newTriager(s *store.Store) *triage.Triager {
	return triage.New(triage.Options{
		Store: store.In(s, func(tx *store.Tx) triage.Tx { return tx }), Now: time.Now, Owners: func() triage.Owners { return owners{} },
		NewID: func(time.Time) ticket.ID { return ticket.ID(rand.Text()) },
	})
}

func rooms(s *store.Store) playbook.Store {
	return store.In(s, func(tx *store.Tx) playbook.Tx { return tx })
}

func settings() playbook.Config {
	c := playbook.DefaultConfig()
	c.Mode, c.Canary = playbook.Enforce, false
	c.Limits = playbook.Limits{Run: 100, Minute: 1 << 30, Day: 1 << 30}
	c.Settle, c.Reads = 200*time.Millisecond, 2
	return c
}

func newDirector(s *store.Store, h hands) (*playbook.Director, error) {
	books, err := read()
	return playbook.New(playbook.Options{
		Store: rooms(s), Judge: h, Hands: h, Now: time.Now, Config: settings, NewID: func(time.Time) string { return rand.Text() },
		Playbooks: func() []book.Definition { return books },
	}), err
}

// work is a worker: it does what there is to do until it is killed, or asked to end.
func (c child) work() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bus, err := c.bus(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bus.Close()) }()
	director, err := newDirector(s, hands{c.Witness})
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if os.Getenv("JOBZERO_CRASH_LOG") == "1" {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	told, err := pages(s, c)
	if err != nil {
		return err
	}
	posted, err := hooks(s)
	if err != nil {
		return err
	}
	e, err := flow.New(flow.Options{
		Book: s, Bus: bus, Log: log, Alone: len(c.Bus) == 0, Lease: 3 * time.Second, Stall: 500 * time.Millisecond, MaxAttempts: 100,
		Retry: flow.Backoff{Base: 100 * time.Millisecond, Cap: 2 * time.Second},
		Poisoned: func(_ context.Context, leg, ref string, cause error) error {
			fmt.Println("poisoned:", leg, ref, cause)
			return nil
		},
		Legs: append(append(told, posted...),
			flow.Via(triage.Leg, "findings", newTriager(s).Triage, "tickets"),
			flow.Via(playbook.Leg, "tickets", director.Advance, "effects"),
			flow.Into(playbook.NextDoor, "effects", director.Act),
		),
	})
	if err != nil {
		return err
	}
	s.OnWork(e.Poke)
	if err := e.Start(ctx); err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return e.Stop(end)
}

func (c child) bus(ctx context.Context) (flow.Bus, error) {
	if len(c.Bus) == 0 {
		return flow.OpenEmbedded(c.Dir)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return flow.Connect(ctx, flow.Cluster{URLs: c.Bus})
}
