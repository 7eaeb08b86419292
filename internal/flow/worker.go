package flow

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"jobzero/internal/fault"
)

// errLost ends a handler whose lease somebody else may have taken.
var errLost = errors.New("the lease on this work was lost")

// busy is what this process is working on. SQL leases keep other processes away; this keeps ourselves away even when a lease
// could not be renewed in time.
type busy struct {
	mu   sync.Mutex
	refs map[string]bool
}

func (b *busy) take(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refs[key] {
		return false
	}
	b.refs[key] = true
	return true
}

func (b *busy) release(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.refs, key)
}

// serve is one worker of a durable leg: it waits for hints until intake ends. work outlives it for the handler's sake.
func (e *Engine) serve(intake, work context.Context, leg Leg) {
	failures := 0
	for intake.Err() == nil {
		d, err := e.Bus.Next(intake, leg.Name)
		switch {
		case intake.Err() != nil:
			return // a hint that came too late is sent again
		case err != nil:
			wait := min(Backoff{Base: 50 * time.Millisecond, Cap: 2 * time.Second}.After(failures), 2*time.Second)
			failures++
			e.Log.Warn("no hints from the bus; trying again", "leg", leg.Name, "error", err, "wait", wait)
			pause(intake, wait)
			continue
		}
		failures = 0
		if d != nil {
			e.take(work, leg, d)
		}
	}
}

// take asks the row behind a hint and, if the row says so, does the work. The hint is spent once the row knows the end.
func (e *Engine) take(ctx context.Context, leg Leg, d *Delivery) {
	key := leg.Name + "\x00" + d.Ref
	if !e.busy.take(key) {
		_ = d.Ack() // should the row still be pending afterwards, it is sent again
		return
	}
	defer e.busy.release(key)
	wall := time.Now()
	claim, ok, err := e.Book.Claim(ctx, Ask{
		Leg: leg.Name, Ref: d.Ref, Holder: e.Holder + "/" + rand.Text()[:12],
		Now: e.Clock.Now(), Wall: wall, Until: wall.Add(e.Lease),
	})
	if err != nil {
		e.Log.Warn("could not claim work; the hint will come back", "leg", leg.Name, "ref", d.Ref, "error", err)
		_ = d.Back(time.Second)
		return
	}
	if ok {
		e.do(ctx, leg, claim, d.Hold)
	}
	_ = d.Ack()
}

// do calls the handler under the claim and writes the end into the book.
func (e *Engine) do(ctx context.Context, leg Leg, c Claim, hold func() error) {
	hctx, cancel := context.WithCancelCause(ctx)
	hctx, stop := context.WithTimeoutCause(hctx, leg.Patience,
		fault.New(fault.Unavailable, "leg %s: %s took longer than %s", leg.Name, c.Ref, leg.Patience))
	defer stop()
	var keeper sync.WaitGroup
	keeper.Go(func() { e.keep(hctx, c, hold, cancel) })
	began := time.Now()
	var again time.Time
	err := safely(func() (err error) {
		again, err = leg.Handle(hctx, c.Ref)
		return err
	})
	if err != nil && hctx.Err() != nil && ctx.Err() == nil {
		err = errors.Join(context.Cause(hctx), err)
	}
	lost := errors.Is(context.Cause(hctx), errLost)
	cancel(nil)
	keeper.Wait()
	e.Observer.Handled(leg.Name, time.Since(began), err)
	if lost {
		e.Log.Warn("work was taken over by another", "leg", leg.Name, "ref", c.Ref)
		return
	}
	e.finish(ctx, c, e.judge(ctx, c, again, err))
}

// keep renews the lease while the handler is at work, and ends the handler when the lease is lost.
func (e *Engine) keep(ctx context.Context, c Claim, hold func() error, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(e.Lease / 3)
	defer tick.Stop()
	until := time.Now().Add(e.Lease)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		wall := time.Now()
		ok, err := e.Book.Renew(ctx, c, wall.Add(e.Lease))
		switch {
		case err == nil && ok:
			until = wall.Add(e.Lease)
			_ = hold()
		case err == nil, wall.After(until):
			cancel(errLost)
			return
		}
	}
}

// judge decides what a handler's return means.
func (e *Engine) judge(ctx context.Context, c Claim, again time.Time, err error) Outcome {
	switch {
	case err == nil && again.IsZero():
		return Outcome{End: Settle}
	case err == nil:
		return Outcome{End: LookAgain, Due: again}
	case ctx.Err() != nil:
		return Outcome{End: LetGo} // we are stopping; it is not the handler's fault
	}
	retry := Outcome{End: TryAgain, Due: e.Clock.Now().Add(e.Retry.After(c.Attempts)), Error: err.Error()}
	if !fault.Is(err, fault.Invalid) && c.Attempts+1 < e.MaxAttempts {
		e.Log.Warn("work failed and is tried again", "leg", c.Leg, "ref", c.Ref, "attempt", c.Attempts+1, "error", err, "due", retry.Due)
		return retry
	}
	if told := safely(func() error { return e.Poisoned(ctx, c.Leg, c.Ref, err) }); told != nil {
		e.Log.Error("work failed for good and nobody could be told; tried again", "leg", c.Leg, "ref", c.Ref, "error", err, "cause", told)
		retry.Error = errors.Join(err, told).Error()
		return retry
	}
	e.Log.Error("work failed for good; a person has it", "leg", c.Leg, "ref", c.Ref, "attempts", c.Attempts+1, "error", err)
	return Outcome{End: GiveUp, Error: err.Error(), Wall: time.Now()}
}

// finish writes the end into the book, also while the engine is stopping. When it cannot, the lease ends by itself and the
// work is done again.
func (e *Engine) finish(ctx context.Context, c Claim, o Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.Lease)
	defer cancel()
	retry := Backoff{Base: 50 * time.Millisecond, Cap: time.Second}
	var err error
	for i := range 5 {
		var end Ended
		if end, err = e.Book.Finish(ctx, c, o); err == nil {
			if !end.Held {
				e.Log.Warn("work had been taken over when it ended", "leg", c.Leg, "ref", c.Ref)
			}
			if end.Pending {
				e.Poke()
			}
			return
		}
		pause(ctx, retry.After(i))
	}
	e.Log.Error("could not record the end of work; it will be done again", "leg", c.Leg, "ref", c.Ref, "error", err)
}

// safely turns a panic into an error, so that one bad thing cannot end the process that works on all others.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Wrap(fault.Internal, fmt.Errorf("%v\n%s", p, debug.Stack()), "panic")
		}
	}()
	return f()
}
