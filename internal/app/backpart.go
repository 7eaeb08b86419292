package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/awsorg"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/hunt"
	"jobzero/internal/org"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// foundBack is the kind of evidence that says that a finding comes from the archive.
const foundBack = "archive"

// listParts adds the parts of a place: each account that it names by each day of the look-back, and what else lies there. The
// days that may still be written to are read when everything has come that was under way when the run was planned; what comes
// later meets the new rules by itself.
func (h *House) listParts(ctx context.Context, run, place string, at time.Time) error {
	if !slices.Contains(h.config.Archive.Places, place) {
		return nil // it was taken out of the settings
	}
	accounts := map[string]bool{}
	err := h.accountsOf(ctx, place, func(account string) { accounts[account] = true })
	if err != nil {
		return err
	}
	settled := at.Add(h.config.Lateness)
	days := archive.Days(at.Add(-h.config.Archive.LookBack), settled)
	open := at.Add(-h.config.Lateness).Format("2006/01/02") // the first day that may still be written to
	add := func(parts ...archive.Part) error {
		return h.store.Update(ctx, func(tx storeTx) error {
			for _, p := range parts {
				due := at
				if p.Day >= open {
					due = settled
				}
				if err := addPart(ctx, tx, run, strings.Join([]string{partRead, p.Account, p.Day, place}, "|"), due); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := add(archive.Part{}); err != nil {
		return err
	}
	for account := range accounts { // a transaction each, so that a large organisation does not hold the database for long
		var parts []archive.Part
		for _, day := range days {
			parts = append(parts, archive.Part{Account: account, Day: day})
		}
		if err := add(parts...); err != nil {
			return err
		}
	}
	return nil
}

// accountsOf names the accounts that a place has logs of.
func (h *House) accountsOf(ctx context.Context, place string, found func(string)) error {
	if !strings.HasPrefix(place, archive.Scheme) {
		return archive.Accounts(ctx, place, found)
	}
	b, api, err := h.bucket(ctx, place)
	if err != nil {
		return err
	}
	return b.Accounts(ctx, api, found)
}

func (h *House) bucket(ctx context.Context, place string) (archive.Bucket, archive.API, error) {
	b, err := archive.ParseBucket(place)
	if err != nil {
		return b, nil, err
	}
	region, err := awsorg.BucketRegion(ctx, h.org.Hub(""), b.Name, "")
	if err != nil && !fault.Is(err, fault.Denied) { // who may only list and get is not told: it is tried where we are
		return b, nil, err
	}
	return b, archive.Client(h.org.Hub(region)), nil
}

// readPart runs what is new over a part, writes down what is found, and counts it.
func (h *House) readPart(ctx context.Context, run, ref string, at time.Time, n news) (int, error) {
	word := strings.SplitN(ref, "|", 3)
	if len(word) != 3 {
		return 0, fault.New(fault.Invalid, "%q is no part of an archive: want ACCOUNT|DAY|PLACE", ref)
	}
	p, place := archive.Part{Account: word[0], Day: word[1]}, word[2]
	if !slices.Contains(h.config.Archive.Places, place) {
		return 0, nil
	}
	k := h.knowledge.Load()
	o := hunt.Options{Org: k.Org, Workers: h.config.Archive.Parallel, Now: h.clock.Now, Logs: h.logs}
	if o.Org == nil {
		o.Org = &org.Org{} // it knows only the accounts' IDs, and so do scopes
	}
	if len(n.sources) > 0 && k.Indicators != nil {
		o.Also = k.Indicators
	}
	o.Window.Logs = n.logs()
	if p == (archive.Part{}) {
		o.Window.Since = at.Add(-h.config.Archive.LookBack)
	}
	o.Keep = func(hits []correlate.Hit) error {
		return h.store.Update(ctx, func(tx storeTx) error { return tx.AddBackrunHits(ctx, run, hits) })
	}
	in := file.Input{Path: place}
	if strings.HasPrefix(place, archive.Scheme) {
		b, api, err := h.bucket(ctx, place)
		if err != nil {
			return 0, err
		}
		in.Streams = b.Part(api, p, o.Window)
	} else {
		o.Leave = p.Leaves(o.Window)
	}
	judge, bad := hunt.New(n.set, o)
	if judge == nil {
		return 0, fault.New(fault.Internal, "nothing of run %s can be run: %v", run, bad)
	}
	to := &finder{ctx: ctx, house: h, news: n, run: run, place: place}
	_, err := judge.Run(ctx, []file.Input{in}, to)
	return to.found, err
}

// finder writes down what a hunt finds, as if it had been found live.
type finder struct {
	ctx   context.Context //nolint:containedctx // of the one hunt that it is made for
	house *House
	news  news
	run   string
	place string
	found int
}

// Hits writes findings down.
func (f *finder) Hits(hits []hunt.Hit) error {
	var found []finding.Finding
	now := f.house.clock.Now()
	for _, h := range hits {
		if f.news.told(h.Match.Rule) {
			found = append(found, h.Finding(now))
		}
	}
	f.found += len(found)
	return f.house.reportBack(f.ctx, f.run, found, now)
}

// Letter keeps what cannot be read.
func (f *finder) Letter(d source.DeadLetter) error { return f.house.bury(f.ctx, d) }

// Skipped notes what is no log.
func (f *finder) Skipped(path, reason string) {
	f.house.log.Debug("left out of the archive", "path", path, "reason", reason)
}

// reportBack gives triage what was found in the archive. Fingerprints and sightings are those of what is found live, so what was
// counted is not counted again; and as it occurred when it did, it opens nothing that was settled since.
func (h *House) reportBack(ctx context.Context, run string, found []finding.Finding, now time.Time) error {
	const batch = 100 // a transaction each
	for i := range found {
		f := &found[i]
		f.Note = "found back in the archive, by run " + run
		f.Evidence = append(f.Evidence, finding.Evidence{Kind: foundBack, At: now, Text: fmt.Sprintf("%s; it occurred at %s", f.Note, f.Occurred.UTC().Format(time.RFC3339))})
	}
	for part := range slices.Chunk(found, batch) {
		if err := h.triager.Report(ctx, part, now); err != nil {
			return fmt.Errorf("write findings of the archive down: %w", err)
		}
		for _, f := range part {
			h.metrics.Finding(string(f.Kind), string(f.Severity))
		}
	}
	return nil
}
