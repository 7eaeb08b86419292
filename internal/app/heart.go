package app

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/pulse"
)

const (
	legHeart = "heart" // of the stream that beats
	legProbe = "probe" // ref: probe
	probe    = "probe"
	// probed names when a probe has gone all the way last: a row, the bus, a worker and a row again.
	probed = "probed"
	// missed is how many beats in a row a probe may be late.
	missed = 3
)

// heart is whether all is well, as it was looked at last.
type heart struct {
	mu    sync.Mutex
	ill   string
	last  int64                // of the probe that came last, in microseconds
	came  time.Time            // when it was seen that it came
	moved map[string]time.Time // when each leg did something last, in this process
}

// alive is the stream that looks each minute whether all is well, and only then says so outside. Its ticks are of a clock that nobody can
// set; that is why it is the one who wakes pages whose wait depends on one that was put back.
func (h *House) alive(ctx context.Context) error {
	out := pulse.New(h.config.Pulse, h.org.Hub)
	stuck := pulse.Stuck{After: h.config.Pulse.Stuck}
	tick := time.NewTicker(h.config.Pulse.Every)
	defer tick.Stop()
	h.heart.begin()
	for {
		if err := h.probe(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("no probe could be sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		ill := h.examine(ctx, &stuck)
		if ctx.Err() != nil {
			return nil
		}
		if h.heart.say(ill) && ill != "" {
			h.log.Error("no heartbeat: something is wrong", "what", ill)
		}
		if ill != "" {
			continue
		}
		if err := out.Beat(ctx, time.Now()); err != nil && ctx.Err() == nil {
			h.log.Warn("the heartbeat did not come through", "error", err)
		}
	}
}

// probe sends one thing down a leg, and has pages looked at whose clock was put back.
func (h *House) probe(ctx context.Context) error {
	return h.store.Update(ctx, func(tx storeTx) error {
		return errors.Join(tx.Enqueue(ctx, legProbe, probe, time.Time{}), tx.Enqueue(ctx, pager.Leg, pager.Clock, time.Time{}))
	})
}

// probed is the durable leg that notes that a probe has come.
func (h *House) probed(ctx context.Context, ref string) (time.Time, error) {
	if ref != probe {
		return time.Time{}, fault.New(fault.Invalid, "%q is no probe", ref)
	}
	return time.Time{}, h.store.Update(ctx, func(tx storeTx) error { return tx.SaveAuditMark(ctx, probed, time.Now().UnixMicro()) })
}

// examine says what is wrong, empty when nothing is.
func (h *House) examine(ctx context.Context, stuck *pulse.Stuck) string {
	ctx, cancel := context.WithTimeout(ctx, h.config.Pulse.Every)
	defer cancel()
	var last int64
	err := h.store.View(ctx, func(tx storeTx) (err error) {
		last, _, err = tx.AuditMark(ctx, probed)
		return err
	})
	if err != nil {
		return "the database does not answer: " + err.Error()
	}
	oldest, err := h.store.Oldest(ctx, h.clock.Now(), time.Now())
	if err != nil {
		return "the database does not answer: " + err.Error()
	}
	return pulse.Say(stuck.Look(h.heart.still(oldest, h.config.Pulse.Stuck), time.Now()), h.config.Pulse.Stuck, h.heart.silence(last, missed*h.config.Pulse.Every), h.silentRota(ctx))
}

// silentRota says why nobody is on duty. The built-in rota is no promise that anybody is.
func (h *House) silentRota(ctx context.Context) string {
	if h.knowledge.Load().Rotas.Sample() {
		return ""
	}
	if _, _, err := (roster{h}).OnDuty(ctx, h.knowledge.Load().Escalation.Rota, h.clock.Now()); err != nil {
		return "nobody is known to be on duty: " + err.Error()
	}
	return ""
}

func (t *heart) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.came = time.Now()
}

// move notes that a leg has done something.
func (t *heart) move(leg string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.moved == nil {
		t.moved = map[string]time.Time{}
	}
	t.moved[leg] = time.Now()
}

// still leaves those legs out of what is due that have done something not long ago: a backlog is being worked off.
func (t *heart) still(oldest map[string]time.Time, within time.Duration) map[string]time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(oldest, func(leg string, _ time.Time) bool { return time.Since(t.moved[leg]) < within })
	return oldest
}

// silence is told of the last probe, and says whether none has come for too long. What counts is when another one was seen, by a clock that
// nobody can set.
func (t *heart) silence(last int64, within time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last != t.last {
		t.last, t.came = last, time.Now()
	}
	if silent := time.Since(t.came); silent > within {
		return "no probe has come through store and bus for " + silent.Round(time.Second).String()
	}
	return ""
}

// say notes what is wrong, and reports whether that is news.
func (t *heart) say(ill string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	news := t.ill != ill
	t.ill = ill
	return news
}

// askHeart is the check of /readyz.
func (h *House) askHeart(context.Context) error {
	h.heart.mu.Lock()
	defer h.heart.mu.Unlock()
	if h.heart.ill != "" {
		return fault.New(fault.Unavailable, "%s", h.heart.ill)
	}
	return nil
}
