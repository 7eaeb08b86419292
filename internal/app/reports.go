package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/source"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// Hear commits what follows from the reports of other tools: findings, findings that are over, and work for the inventory where
// something of ours has changed. also, when it is not nil, is part of the last transaction. Hearing the same report twice is
// once.
func (in Intake) Hear(ctx context.Context, reports []source.Report, now time.Time, also func(*store.Tx) error) error {
	var (
		all     []triage.Heard
		changed []string
	)
	for _, r := range reports {
		for _, c := range r.Claims {
			all = append(all, heard(c))
		}
		for _, ref := range r.Changed {
			if in.Known(ref.Account) && in.reads(ref.Type) {
				changed = append(changed, ref.Key())
			}
		}
	}
	if err := in.Triager.Hear(ctx, all, now); err != nil {
		return err
	}
	if err := arrived(ctx, in.Store, reports, now); err != nil {
		return err
	}
	if len(changed) == 0 && also == nil {
		return nil
	}
	return in.Store.Update(ctx, func(tx *store.Tx) error {
		for _, key := range changed {
			if err := tx.Enqueue(ctx, legInventory, key, now); err != nil {
				return fmt.Errorf("have %s read again: %w", key, err)
			}
		}
		if also == nil {
			return nil
		}
		return also(tx)
	})
}

// heard is a claim in triage's words.
func heard(c source.Claim) triage.Heard {
	return triage.Heard{
		Finding: c.Finding, Settled: c.Over == source.Resolved,
		Silent: c.Over == source.Archived || c.Over == source.Suppressed,
	}
}

// hear is what sources hand the reports of other tools to. When it returns nil everything that follows is committed.
func (h *House) hear(ctx context.Context, reports []source.Report) error {
	if err := h.intake().Hear(ctx, reports, h.clock.Now(), nil); err != nil {
		return err
	}
	for _, r := range reports {
		for _, c := range r.Claims {
			tool, _, _ := strings.Cut(c.Finding.By, "/")
			h.metrics.Claim(tool, string(c.Over))
			if c.Over == "" {
				h.metrics.Finding(string(c.Finding.Kind), string(c.Finding.Severity))
			}
		}
	}
	return nil
}
