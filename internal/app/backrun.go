package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/store"
)

// What is new is run over the archive in parts, each a row in the table of work, so that replicas share them. The names of
// parts are list|PLACE, which finds the others, and read|ACCOUNT|DAY|PLACE; that of the end, which is no part, is join.
const (
	legBackrun = "backrun" // ref: RUN|PART
	partList   = "list"
	partRead   = "read"
	runEnd     = "join"

	// patience is how long the reading of one part may take.
	patience = 4 * time.Hour
	// A process that does not yet have what a run is about looks again in a minute, and after an hour takes it for gone.
	catchUp, catchUpEvery = time.Hour, time.Minute
)

// backrunLeg is the leg that runs what is new over the archive: one part at a time in each process, so that what happens now
// keeps its share of the machine.
func (h *House) backrunLeg() flow.Leg {
	leg := flow.Via(legBackrun, "rules", h.backrun, "findings")
	leg.Workers, leg.Patience = 1, patience
	return leg
}

// planBackrun compares what is known now with what was ever known, and plans a run over the archive for what is new. With
// nothing to compare it is the first start, and everything is taken as it is, unless the settings want it otherwise.
func (h *House) planBackrun(ctx context.Context) error {
	k, now, a := h.knowledge.Load(), h.clock.Now(), h.config.Archive
	var fresh []store.Learnt
	var run string
	err := h.store.Update(ctx, func(tx storeTx) error {
		fresh, run = nil, ""
		before, err := tx.Backrun(ctx)
		if err != nil {
			return err
		}
		for _, l := range since(k.learnt, now) {
			if !before[l.Digest] {
				fresh = append(fresh, l)
			}
		}
		if len(fresh) > 0 && len(a.Places) > 0 && (len(before) > 0 || a.First) {
			run = newULID(now)
		}
		if err := tx.AddBackrun(ctx, run, fresh); err != nil || run == "" {
			return err
		}
		for _, place := range a.Places {
			if err := addPart(ctx, tx, run, partList+"|"+place, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("plan to run what is new over the archive: %w", err)
	}
	if run != "" {
		h.log.Info("new rules are run over the archive", "run", run, "new", len(fresh), "first", fresh[0].Kind+" "+fresh[0].ID, "look_back", a.LookBack)
	}
	return nil
}

// addPart adds a part to a run with the work for it. One that is there already is left as it is.
func addPart(ctx context.Context, tx storeTx, run, part string, due time.Time) error {
	added, err := tx.AddBackrunPart(ctx, run, part)
	if err != nil || !added {
		return err
	}
	return tx.Enqueue(ctx, legBackrun, run+"|"+part, due)
}

// began is when a run was planned; its name tells.
func began(run string) (time.Time, error) {
	id, err := ulid.ParseStrict(run)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "%q is no run over the archive", run)
	}
	return ulid.Time(id.Time()).UTC(), nil
}

// backrun is the durable leg that does one part of a run, or ends it.
func (h *House) backrun(ctx context.Context, ref string) (time.Time, error) {
	run, part, _ := strings.Cut(ref, "|")
	at, err := began(run)
	if err != nil {
		return time.Time{}, err
	}
	n, again, err := h.newsOf(ctx, run, at)
	if err != nil || !again.IsZero() {
		return again, err
	}
	if part == runEnd {
		return time.Time{}, h.endBackrun(ctx, run, n)
	}
	var waits bool
	err = h.store.View(ctx, func(tx storeTx) error {
		waits, err = tx.BackrunPartWaits(ctx, run, part)
		return err
	})
	if err != nil || !waits {
		return time.Time{}, err
	}
	found := 0
	kind, rest, _ := strings.Cut(part, "|")
	switch {
	case n.empty():
	case kind == partList:
		err = h.listParts(ctx, run, rest, at)
	case kind == partRead:
		found, err = h.readPart(ctx, run, rest, at, n)
	default:
		err = fault.New(fault.Invalid, "%q is no part of a run over the archive", part)
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Time{}, h.endPart(ctx, run, part, store.PartDone, found)
}

// newsOf finds what a run is about in what this process knows; again is when to ask again, because others know more. What has
// changed since the run was planned is the business of the next one.
func (h *House) newsOf(ctx context.Context, run string, at time.Time) (n news, again time.Time, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		all, err := tx.BackrunOf(ctx, run)
		n = h.knowledge.Load().newsOf(all)
		return err
	})
	if now := h.clock.Now(); n.lacks > 0 && now.Before(at.Add(catchUp)) {
		return n, now.Add(catchUpEvery), err
	}
	return n, time.Time{}, err
}

// endPart writes down that a part has ended. The last one has the run ended.
func (h *House) endPart(ctx context.Context, run, part string, how store.PartState, found int) error {
	var count store.PartCount
	err := h.store.Update(ctx, func(tx storeTx) error {
		ended, err := tx.EndBackrunPart(ctx, run, part, how, found)
		if err != nil || !ended {
			return err
		}
		if count, err = tx.BackrunParts(ctx, run); err != nil || count.Waiting > 0 {
			return err
		}
		return tx.Enqueue(ctx, legBackrun, run+"|"+runEnd, h.clock.Now())
	})
	if err == nil {
		h.log.Info("a part of the archive was searched", "run", run, "part", part, "sightings", found, "left", count.Waiting)
	}
	return err
}
