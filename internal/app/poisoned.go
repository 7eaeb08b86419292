package app

import (
	"context"
	"slices"

	"jobzero/internal/finding"
	"jobzero/internal/inventory"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// poisoned gives work that has failed for good to a person, with everything known. Nothing is dropped: what cannot be given
// to anybody makes this fail, and then the work stays.
func (h *House) poisoned(ctx context.Context, leg, ref string, cause error) error {
	h.log.Error("given up", "leg", leg, "ref", ref, "error", cause)
	switch leg {
	case playbook.Leg:
		return h.director.HandOver(ctx, ticket.ID(ref), "software could not go on: "+cause.Error())
	case playbook.NextDoor:
		return h.director.HandOverEffect(ctx, ref, cause)
	case triage.Leg:
		return h.leaveFinding(ctx, finding.Fingerprint(ref), cause)
	case legInventory:
		return h.unseen(ctx, ref, cause)
	case legSweep:
		return h.sweepLater(ctx, ref)
	default:
		return nil
	}
}

// sweepLater has a list that could not be read for so long read again at its next time: an account that was unreachable for an
// hour must not be unwatched until the next start. Its failure is in the log and in the metrics.
func (h *House) sweepLater(ctx context.Context, ref string) error {
	if h.config.Sweep.Every <= 0 || !slices.Contains(h.sweeps(), ref) {
		return nil
	}
	return h.store.Update(ctx, func(tx storeTx) error {
		return tx.Enqueue(ctx, legSweep, ref, h.clock.Now().Add(h.config.Sweep.Every))
	})
}

func (h *House) leaveFinding(ctx context.Context, fp finding.Fingerprint, cause error) error {
	return h.store.Update(ctx, func(tx storeTx) error {
		f, ok, err := tx.Finding(ctx, fp)
		if err != nil || !ok {
			return err
		}
		f.State, f.Note = finding.Human, "no ticket could be opened: "+cause.Error()
		return tx.SaveFinding(ctx, f)
	})
}

// unseen judges a resource of which nothing could be learnt: every expectation for it is unknown, with the cause.
func (h *House) unseen(ctx context.Context, key string, cause error) error {
	ref, err := resource.ParseKey(key)
	if err != nil {
		return nil //nolint:nilerr // a key that is none names no resource; the log has it
	}
	r := inventory.Unseen(ref, cause.Error())
	r.ReadAt = h.clock.Now()
	return h.judge(ctx, r, r.ReadAt)
}
