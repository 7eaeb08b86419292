package app

import (
	"context"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/pager"
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
		return h.unlisted(ctx, ref, cause)
	case legBackrun:
		return h.unsearched(ctx, ref, cause)
	case legBaseline, legLedger, legReconcile, legLeavers:
		return h.later(ctx, leg, ref, h.lookAgain())
	case playbook.Contested:
		return h.unwarned(ctx, ref, cause)
	case legMail:
		return h.unanswered(ctx, ref, cause)
	case pager.Leg:
		return h.unpaged(ctx, ref)
	case legHandoff, legRota: // duty passes on, whatever has failed so often
		return h.later(ctx, leg, ref, time.Minute)
	case legSchedule:
		return h.nextDue(ctx, ref)
	default:
		return nil
	}
}

// unlisted tells a person that a list could not be read for so long, and has it read again at its next time: an account that
// was unreachable for an hour must not be unwatched until the next start.
func (h *House) unlisted(ctx context.Context, ref string, cause error) error {
	p, err := parseSweep(ref)
	if err != nil || !h.config.Knows(p.Account) {
		return nil //nolint:nilerr // a list that is none, or nobody's; the log has it
	}
	if err := h.dark(ctx, expect.Dark{Type: p.Type, Account: p.Account, What: ref}, cause); err != nil {
		return err
	}
	return h.later(ctx, legSweep, ref, h.lookAgain())
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

// unseen tells a person that a resource could not be read for so long, and has it read again later.
func (h *House) unseen(ctx context.Context, key string, cause error) error {
	ref, err := resource.ParseKey(key)
	if err != nil {
		return nil //nolint:nilerr // a key that is none names no resource; the log has it
	}
	if err := h.dark(ctx, expect.Dark{Type: ref.Type, Account: ref.Account, What: key}, cause); err != nil {
		return err
	}
	return h.later(ctx, legInventory, key, h.lookAgain())
}

// dark writes down that what cannot be read is not judged either.
func (h *House) dark(ctx context.Context, d expect.Dark, cause error) error {
	now := h.clock.Now()
	d.Code, d.Why = fault.CodeOf(cause), cause.Error()
	f := expect.Unread(d, now)
	h.metrics.Finding(string(f.Kind), string(f.Severity))
	return h.triager.Judged(ctx, triage.Judgement{What: d.What, Unread: []finding.Finding{f}}, now)
}

func (h *House) later(ctx context.Context, leg, ref string, after time.Duration) error {
	return h.store.Update(ctx, func(tx storeTx) error { return tx.Enqueue(ctx, leg, ref, h.clock.Now().Add(after)) })
}
