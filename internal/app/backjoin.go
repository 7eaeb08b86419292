package app

import (
	"context"
	"strings"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/store"
)

// joinBytes bounds the windows of correlations at the end of a run. What has to go for it is told in the log.
const joinBytes = 64 << 20

// endBackrun judges the correlations of a run, over the hits of all its parts in the order of time, and forgets the run. When
// it is killed before, the same is judged again, and telling the same is once.
func (h *House) endBackrun(ctx context.Context, run string, n news) error {
	now := h.clock.Now()
	found, err := h.joined(ctx, run, n, now)
	if err != nil {
		return err
	}
	if err := h.reportBack(ctx, run, found, now); err != nil {
		return err
	}
	var count store.PartCount
	err = h.store.Update(ctx, func(tx storeTx) error {
		if count, err = tx.BackrunParts(ctx, run); err != nil {
			return err
		}
		return tx.EndBackrun(ctx, run)
	})
	if err == nil && count != (store.PartCount{}) {
		h.log.Info("the archive was searched", "run", run, "parts", count.Done, "given_up", count.GivenUp, "sightings", count.Found, "correlations", len(found))
	}
	return err
}

// joined is what the new correlations found.
func (h *House) joined(ctx context.Context, run string, n news, now time.Time) (found []finding.Finding, err error) {
	if len(n.set.Correlations) == 0 {
		return nil, nil
	}
	const late = 366 * 24 * time.Hour // nothing is: all of it is there
	f, bad := follow.New(n.set, follow.Options{Lateness: late, Limits: correlate.Options{MaxBytes: joinBytes}})
	if f == nil {
		return nil, fault.New(fault.Internal, "no correlation of run %s can be run: %v", run, bad)
	}
	var mark store.HitMark
	for {
		var hits []correlate.Hit
		err := h.store.View(ctx, func(tx storeTx) (err error) {
			hits, mark, err = tx.BackrunHits(ctx, run, mark, atOnce)
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(hits) == 0 {
			break
		}
		f.Take(hits)
	}
	k := h.knowledge.Load()
	for _, x := range f.End() {
		if !x.Final || f.Silent(x.Correlation) || !n.tells[x.Correlation] {
			continue
		}
		one, err := f.Finding(x, now)
		if err != nil {
			return nil, err
		}
		found = append(found, k.scoped(one)...)
	}
	for _, l := range f.Losses() {
		h.log.Warn("a correlation could not use everything in the archive", "run", run, "correlation", l.Correlation, "kind", string(l.Kind), "why", l.Why)
	}
	return found, nil
}

// unsearched tells a person of a part of the archive that could not be read for so long, and lets the run go on without it.
func (h *House) unsearched(ctx context.Context, ref string, cause error) error {
	run, part, _ := strings.Cut(ref, "|")
	if _, err := began(run); err != nil {
		return nil //nolint:nilerr // a run that is none has no parts; the log has it
	}
	word := strings.Split(part, "|")
	place, account := word[len(word)-1], ""
	if word[0] == partRead && len(word) > 1 {
		account = word[1]
	}
	now := h.clock.Now()
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "jobzero/archive", place), Kind: finding.Imported, By: "jobzero/archive",
		Title:    "New rules could not be run over all of the archive " + place,
		Severity: finding.Medium, Unknown: true, Account: account, Principal: place, Occurred: now, Detected: now, Sighting: ref,
		Why: ref + ": " + cause.Error() + ". The rest of the archive is searched. See to it that it can be read, then look at this part with `jobzero hunt`.",
	}
	f.Evidence = []finding.Evidence{{Kind: foundBack, At: now, Text: f.Why}}
	if err := h.triager.Report(ctx, []finding.Finding{f}, now); err != nil {
		return err
	}
	h.metrics.Finding(string(f.Kind), string(f.Severity))
	if part == runEnd {
		return h.store.Update(ctx, func(tx storeTx) error { return tx.EndBackrun(ctx, run) })
	}
	return h.endPart(ctx, run, part, store.PartGivenUp, 0)
}
