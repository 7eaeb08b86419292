package flow

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"
	"time"

	"jobzero/internal/fault"
)

// Options is what an engine is made of. Book, Bus and Legs are needed; the rest has defaults.
type Options struct {
	Book     Book
	Bus      Bus
	Legs     []Leg    // the whole road, also what other processes run
	Roles    []string // names of the legs to run here; all when empty
	Clock    Clock
	Log      *slog.Logger
	Observer Observer
	Holder   string // names this process in leases; made up when empty
	// Alone says that no other process works on this book: leases found at the start belong to the dead and are ended at once.
	// True for SQLite with the embedded bus, whose folder lock makes sure of it.
	Alone bool
	// Poisoned is told of work that has failed for good, before it is put aside; it must give it to a person. An error from it
	// keeps the work alive, so that nothing fails in silence. It may be told twice.
	Poisoned func(ctx context.Context, leg, ref string, cause error) error

	Lease       time.Duration // how long a silent worker keeps its claim, 30 seconds when 0
	Stall       time.Duration // how long a hint may be under way, 2 seconds when 0; doubled for each one lost before
	Poll        time.Duration // how long the relay sleeps at most, 250 milliseconds when 0
	MaxAttempts int           // failures in a row until a person gets it, 8 when 0
	Retry       Backoff       // between failures
}

// Engine drives the legs. Make it with New.
type Engine struct {
	Options
	poked  chan struct{}
	intake context.CancelFunc // ends the wish for new work
	work   context.CancelFunc // ends work under way
	all    sync.WaitGroup
	busy   busy
}

// New checks the options and makes an engine that is not yet running.
func New(o Options) (*Engine, error) {
	if o.Book == nil || o.Bus == nil {
		return nil, fault.New(fault.Invalid, "flow: an engine needs a book and a bus")
	}
	o.Legs = slices.Clone(o.Legs)
	names := map[string]bool{}
	for i := range o.Legs {
		if err := o.Legs[i].check(); err != nil {
			return nil, err
		}
		if names[o.Legs[i].Name] {
			return nil, fault.New(fault.Invalid, "leg %s: two legs have this name", o.Legs[i].Name)
		}
		names[o.Legs[i].Name] = true
	}
	for _, r := range o.Roles {
		if !names[r] {
			return nil, fault.New(fault.Invalid, "role %q: there is no leg of this name", r)
		}
	}
	o.fill()
	return &Engine{Options: o, poked: make(chan struct{}, 1), busy: busy{refs: map[string]bool{}}}, nil
}

func (o *Options) fill() {
	if o.Clock == nil {
		o.Clock = Wall{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observer == nil {
		o.Observer = unobserved{}
	}
	if o.Poisoned == nil {
		o.Poisoned = func(context.Context, string, string, error) error { return nil }
	}
	if o.Holder == "" {
		o.Holder = rand.Text()[:12]
	}
	if o.Lease <= 0 {
		o.Lease = 30 * time.Second
	}
	if o.Stall <= 0 {
		o.Stall = 2 * time.Second
	}
	if o.Poll <= 0 {
		o.Poll = 250 * time.Millisecond
	}
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 8
	}
	o.Retry = o.Retry.fill()
}

// Start begins all legs of this process's roles and returns. Stop ends them. ctx is for the start alone.
func (e *Engine) Start(ctx context.Context) error {
	if e.intake != nil {
		return fault.New(fault.Conflict, "flow: the engine was started before")
	}
	if e.Alone {
		if err := e.takeOver(ctx); err != nil {
			return err
		}
	}
	base := context.WithoutCancel(ctx)
	intake, stopIntake := context.WithCancel(base)
	work, stopWork := context.WithCancel(base)
	e.intake, e.work = stopIntake, stopWork
	e.all.Go(func() { e.lead(intake) })
	for _, leg := range e.Legs {
		if len(e.Roles) > 0 && !slices.Contains(e.Roles, leg.Name) {
			continue
		}
		if leg.Kind == Stream {
			e.all.Go(func() { e.stream(intake, leg) })
			continue
		}
		for range leg.Workers {
			e.all.Go(func() { e.serve(intake, work, leg) })
		}
	}
	return nil
}

// takeOver begins where a process ended that may have been killed: all that was held or under way is due again, and old hints,
// which the bus could take for doubles of new ones, are gone.
func (e *Engine) takeOver(ctx context.Context) error {
	n, err := e.Book.ReleaseAll(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		e.Log.Info("took up work that was cut off", "things", n)
	}
	return e.Bus.Clear(ctx)
}

// Stop asks for no more work and waits for what is under way until ctx ends; then it cuts that off, to be taken up at the next
// start, and waits for it to have stopped. The bus and the book are the caller's to close afterwards.
func (e *Engine) Stop(ctx context.Context) error {
	if e.intake == nil {
		return nil
	}
	e.intake()
	defer e.work()
	done := make(chan struct{})
	go func() {
		e.all.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	e.work()
	<-done
	return fault.Wrap(fault.Unavailable, context.Cause(ctx), "flow: work was cut off and will be taken up again")
}

// Poke says that something may be due: the store calls it after each commit that enqueued. It never blocks.
func (e *Engine) Poke() { wake(e.poked) }

// stream keeps a stream leg running.
func (e *Engine) stream(ctx context.Context, leg Leg) {
	for failures := 0; ctx.Err() == nil; failures++ {
		began := time.Now()
		err := safely(func() error { return leg.Run(ctx) })
		if ctx.Err() != nil || err == nil {
			return
		}
		e.Observer.Handled(leg.Name, time.Since(began), err)
		if time.Since(began) > time.Minute {
			failures = 0 // it had been well
		}
		wait := e.Retry.After(failures)
		e.Log.Error("a stream leg failed and is started again", "leg", leg.Name, "error", err, "wait", wait)
		pause(ctx, wait)
	}
}

// unobserved is the Observer of those who have none.
type unobserved struct{}

// Handled does nothing.
func (unobserved) Handled(string, time.Duration, error) {}

// Sent does nothing.
func (unobserved) Sent(string, int) {}

// Lost does nothing.
func (unobserved) Lost(int) {}
