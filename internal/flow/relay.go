package flow

import (
	"context"
	"time"

	"jobzero/internal/fault"
)

const (
	leadership = "relay" // name of the lease
	leadTime   = 10 * time.Second
	perLeg     = 256 // hints under way for a leg at most: a backlog stays in the book, where it costs nothing
	refill     = 128 // more are sent when so few are left
	stallCap   = 6   // a lost hint is waited for at most 2^6 times as long as the first
	pruneEvery = time.Hour
	pruneAfter = 24 * time.Hour
)

// duty is when the leader's duties were done last, by the wall clock.
type duty struct {
	until         time.Time // the lease is ours
	swept, pruned time.Time
}

// lead competes for the lease, and relays and sweeps while it has it.
func (e *Engine) lead(ctx context.Context) {
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := e.Book.Resign(ctx, leadership, e.Holder); err != nil {
			e.Log.Warn("could not give the relay's lease back; it ends by itself", "error", err)
		}
	}()
	var d duty
	failures := 0
	for ctx.Err() == nil {
		wait, err := e.turn(ctx, &d)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = min(e.Retry.After(failures), 5*time.Second)
			failures++
			e.Log.Warn("the relay failed and tries again", "error", err, "wait", wait)
			pause(ctx, wait)
			continue
		}
		failures = 0
		if wait > 0 {
			e.rest(ctx, wait, d.until.After(time.Now()))
		}
	}
}

// rest sleeps until something may be due. Who does not lead passes the news on.
func (e *Engine) rest(ctx context.Context, d time.Duration, leading bool) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-e.Clock.Changed():
	case <-e.Bus.Nudged():
	case <-e.poked:
		if !leading {
			e.Bus.Nudge()
		}
	}
}

// turn does what is to be done now, if this process leads, and says how long there is nothing to do.
func (e *Engine) turn(ctx context.Context, d *duty) (time.Duration, error) {
	wall := time.Now()
	if wall.Add(leadTime * 2 / 3).After(d.until) {
		next := wall.Add(leadTime)
		ok, err := e.Book.Lead(ctx, leadership, e.Holder, wall, next)
		if err != nil {
			return 0, err
		}
		if !ok {
			d.until = time.Time{}
			return leadTime / 10, nil
		}
		d.until = next
	}
	if wall.Sub(d.swept) >= e.Poll {
		n, err := e.Book.Unsend(ctx, wall)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			e.Observer.Lost(n)
		}
		d.swept = wall
	}
	if wall.Sub(d.pruned) > pruneEvery {
		if _, err := e.Book.Prune(ctx, e.Clock.Now().Add(-pruneAfter)); err != nil {
			return 0, err
		}
		d.pruned = wall
	}
	return e.relay(ctx)
}

// relay sends hints for what is due and says how long nothing will be.
func (e *Engine) relay(ctx context.Context) (time.Duration, error) {
	now := e.Clock.Now()
	due, ok, err := e.Book.NextDue(ctx, time.Now())
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return e.Poll, nil
	case due.After(now):
		return min(due.Sub(now), e.Poll), nil
	}
	under, err := e.Book.Underway(ctx)
	if err != nil {
		return 0, err
	}
	var hints []Hint
	for _, leg := range e.Legs {
		if leg.Kind != Durable || under[leg.Name] > refill {
			continue
		}
		h, err := e.Book.Unsent(ctx, leg.Name, now, time.Now(), perLeg-under[leg.Name])
		if err != nil {
			return 0, err
		}
		hints = append(hints, h...)
	}
	if len(hints) == 0 { // enough is under way, or it is for a leg that is not of this road
		return e.Poll, nil
	}
	return 0, e.send(ctx, hints)
}

// send publishes and then marks, never the other way round: a crash between the two sends twice instead of not at all.
func (e *Engine) send(ctx context.Context, hints []Hint) error {
	taken, err := e.Bus.Publish(ctx, hints)
	if len(taken) > 0 {
		wall := time.Now()
		if err := e.Book.MarkSent(ctx, taken, wall, func(h Hint) time.Time { return wall.Add(e.stall(h.Resends)) }); err != nil {
			return fault.Wrap(fault.CodeOf(err), err, "mark %d hints as sent", len(taken))
		}
		count := map[string]int{}
		for _, h := range taken {
			count[h.Leg]++
		}
		for leg, n := range count {
			e.Observer.Sent(leg, n)
		}
	}
	return err
}

// stall is how long a hint may be under way. It grows, so that a slow disk or a slow worker is not answered with a flood.
func (e *Engine) stall(resends int) time.Duration {
	return e.Stall << min(max(resends, 0), stallCap)
}
