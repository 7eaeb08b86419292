package app

import (
	"context"
	"regexp"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/finding"
)

// pulse says, as long as this process reads the sources, that somebody does.
func (h *House) pulse(ctx context.Context) error {
	tick := time.NewTicker(reconcile.Pulse)
	defer tick.Stop()
	for {
		if err := h.beat(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("no sign of life is written down; when this lasts, it counts as not running", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// beat is one sign of life.
func (h *House) beat(ctx context.Context) error {
	return h.store.Update(ctx, func(tx storeTx) error { return tx.SavePulse(ctx, h.clock.Now()) })
}

// tellSilences says which ways bring nothing any more, and which do again.
func (h *House) tellSilences(ctx context.Context, now time.Time) error {
	var (
		speakers []reconcile.Speaker
		awake    reconcile.Awake
		known    map[finding.Fingerprint]finding.Finding
	)
	err := h.store.View(ctx, func(tx storeTx) error {
		all, err := tx.Speakers(ctx)
		if err != nil {
			return err
		}
		for _, s := range all { // nobody waits for a way that is not read any more
			if len(queuesOf(h.config, s.Way)) > 0 {
				speakers = append(speakers, s)
			}
		}
		if awake, err = tx.Awake(ctx); err != nil {
			return err
		}
		known, err = believed(ctx, tx, reconcile.BySilence)
		return err
	})
	if err != nil {
		return err
	}
	silent, speaking := reconcile.Silent(speakers, awake, now, h.config.Reconcile.Silence, h.hubOf)
	var holds, over []finding.Finding
	for _, s := range silent {
		f := s.Finding()
		holds = append(holds, f)
		h.tellOnce(known[f.Fingerprint], f)
	}
	ended := map[finding.Fingerprint]time.Time{}
	for _, s := range speaking {
		for _, whole := range []bool{false, true} {
			fp := reconcile.Silence{Account: s.Account, Way: s.Way, Whole: whole}.Fingerprint()
			if s.Last.After(ended[fp]) {
				ended[fp] = s.Last
			}
		}
	}
	for fp, last := range ended {
		if f, ok := known[fp]; ok && f.State != finding.Done {
			over = append(over, reconcile.Speaks(f, last))
		}
	}
	return h.ourWord(ctx, now, holds, over)
}

var accountInURL = regexp.MustCompile(`/(\d{12})/`)

// hubOf is the account that a way's queue is in: it answers for what concerns all accounts. It is empty when the queue's address
// does not say.
func (h *House) hubOf(way reconcile.Ways) string {
	for _, q := range queuesOf(h.config, way) {
		if m := accountInURL.FindStringSubmatch(q.URL); m != nil {
			return m[1]
		}
	}
	return ""
}
