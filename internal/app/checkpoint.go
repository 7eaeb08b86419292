package app

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/anchor"
	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

const (
	legCheckpoint = "checkpoint" // ref: whose head
	chainHead     = "chain"
	// checkpointed names how far checkpoints were written, and checkpointedAt when that was, in microseconds.
	checkpointed, checkpointedAt = "checkpoint", "checkpoint-at"
	// soon is when a checkpoint that could not be written is tried again.
	soon = 5 * time.Minute

	byCheckpoint = "jobzero/checkpoint"
)

func (h *House) planCheckpoints(ctx context.Context) error {
	if h.config.Audit.Checkpoint.Bucket == "" {
		return nil
	}
	return h.later(ctx, legCheckpoint, chainHead, 0)
}

// checkpoint is the durable leg that keeps the head of the chain outside, signed, and says when it cannot.
func (h *House) checkpoint(ctx context.Context, ref string) (time.Time, error) {
	c := h.config.Audit.Checkpoint
	switch {
	case ref != chainHead:
		return time.Time{}, fault.New(fault.Invalid, "checkpoint %q: want %s", ref, chainHead)
	case c.Bucket == "":
		return time.Time{}, nil // it was switched off
	}
	now := h.clock.Now()
	failed := h.writeCheckpoints(ctx, now)
	if err := h.tellCheckpoint(ctx, now, failed); err != nil {
		return time.Time{}, err
	}
	if failed != nil {
		h.log.Warn("no checkpoint is written", "error", failed)
		return now.Add(min(soon, c.Every)), nil
	}
	return now.Add(c.Every), nil
}

// writeCheckpoints writes as many as the links since the last one need, after a look whether that one still holds.
func (h *House) writeCheckpoints(ctx context.Context, now time.Time) error {
	key, bucket, err := Anchor(ctx, h.org, h.config)
	if err != nil {
		return err
	}
	for {
		p, err := h.progressOf(ctx)
		if err != nil {
			return err
		}
		if err := h.stillHolds(ctx, key, bucket, p); err != nil {
			return err
		}
		links, err := h.linksAfter(ctx, p.mark)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			if err := bucket.Locked(ctx); err != nil {
				return err
			}
			return h.noteCheckpoint(ctx, p.mark, now)
		}
		s, err := anchor.State(p.root, p.mark, links, p.counts, now)
		if err != nil {
			return err
		}
		text, err := anchor.Sign(ctx, key, s)
		if err != nil {
			return err
		}
		if err := bucket.Put(ctx, s, text, now); err != nil {
			return err
		}
		if err := h.noteCheckpoint(ctx, s.Seq, now); err != nil {
			return err
		}
		h.log.Info("checkpoint", "links", s.Seq, "hash", s.Hash)
	}
}

// Anchor is the key that signs checkpoints, and the bucket that keeps them.
func Anchor(ctx context.Context, o *awsorg.Org, c config.Config) (anchor.Key, *anchor.Bucket, error) {
	k := c.Audit.Checkpoint
	var key anchor.Key
	if k.KMS() {
		key = anchor.KMS(o.Hub(k.KeyRegion()), k.Key)
	} else {
		var err error
		if key, err = anchor.File(k.Key); err != nil {
			return nil, nil, err
		}
	}
	cfg := o.Hub(k.Region)
	if k.Role != "" {
		var err error
		if cfg, err = o.As(ctx, k.Account, k.Role, k.Region); err != nil {
			return nil, nil, err
		}
	}
	return key, anchor.Open(cfg, anchor.Options{Name: k.Bucket, Owner: k.Account, Prefix: k.Prefix, Retain: k.Retain}), nil
}

// anchored is how far the chain is kept outside.
type anchored struct {
	root       string
	mark, last int64
	counts     map[string]int
}

func (h *House) progressOf(ctx context.Context) (p anchored, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		root, err := tx.Root(ctx)
		if err != nil {
			return err
		}
		last, err := tx.LastLink(ctx)
		if err != nil {
			return err
		}
		p.root, p.last = root.Hash, last.Seq
		if p.mark, _, err = tx.AuditMark(ctx, checkpointed); err != nil {
			return err
		}
		p.counts, err = tx.AuditCounts(ctx)
		return err
	})
	return p, err
}

// stillHolds holds the chain against the last checkpoint that was written.
func (h *House) stillHolds(ctx context.Context, key anchor.Key, bucket *anchor.Bucket, p anchored) error {
	switch {
	case p.mark == 0:
		return bucket.Fresh(ctx)
	case p.mark > p.last:
		return fault.New(fault.Conflict, "the chain is cut off at link %d: a checkpoint of %d was written", p.last, p.mark)
	}
	s, err := bucket.Last(ctx, key, p.root, p.mark)
	if err != nil {
		return err
	}
	return h.store.View(ctx, func(tx storeTx) error {
		return s.Holds(func(after int64) ([]ticket.Link, error) { return tx.Links(ctx, after, 0) })
	})
}

// linksAfter are the links for one checkpoint.
func (h *House) linksAfter(ctx context.Context, mark int64) (links []ticket.Link, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		links = nil
		for len(links) < anchor.Most {
			some, err := tx.Links(ctx, mark+int64(len(links)), anchor.Most-len(links))
			if err != nil || len(some) == 0 {
				return err
			}
			links = append(links, some...)
		}
		return nil
	})
	return links, err
}

func (h *House) noteCheckpoint(ctx context.Context, seq int64, now time.Time) error {
	return h.store.Update(ctx, func(tx storeTx) error {
		if err := tx.SaveAuditMark(ctx, checkpointed, seq); err != nil {
			return err
		}
		return tx.SaveAuditMark(ctx, checkpointedAt, now.UnixMicro())
	})
}

// tellCheckpoint says what is wrong with the checkpoints, and when nothing is any more. What passes by itself is told when it has lasted.
func (h *House) tellCheckpoint(ctx context.Context, now time.Time, failed error) error {
	var (
		known map[finding.Fingerprint]finding.Finding
		at    int64
	)
	err := h.store.View(ctx, func(tx storeTx) (err error) {
		if at, _, err = tx.AuditMark(ctx, checkpointedAt); err == nil {
			known, err = believed(ctx, tx, byCheckpoint)
		}
		return err
	})
	if err != nil {
		return err
	}
	var holds, over []finding.Finding
	c := h.config.Audit.Checkpoint
	if failed != nil {
		if fault.Is(failed, fault.Unavailable) && now.Sub(time.UnixMicro(at)) < 2*c.Every {
			return nil
		}
		holds = append(holds, badCheckpoint(c, failed, now))
	}
	for fp, f := range known {
		if f.State != finding.Done && (len(holds) == 0 || fp != holds[0].Fingerprint) {
			f.Detected, f.Occurred, f.Note = now, now, "it is not so any more"
			f.Sighting = "over at " + now.UTC().Format(time.RFC3339Nano)
			over = append(over, f)
		}
	}
	return h.ourWord(ctx, now, holds, over)
}

// badCheckpoint is the finding about a checkpoint that could not be written, or that the chain does not hold against.
func badCheckpoint(c config.Checkpoint, failed error, now time.Time) finding.Finding {
	f := finding.Finding{
		Kind: finding.Imported, By: byCheckpoint, Title: "No checkpoint of jobzero's log can be kept in bucket " + c.Bucket,
		Severity: finding.Medium, Account: c.Account, Principal: "log jobzero", Occurred: now, Detected: now,
		Sighting: now.UTC().Format(time.DateOnly), State: finding.Open, Why: fmt.Sprintf("As of %s: %v.", now.UTC().Format(time.RFC3339), failed),
	}
	what := "unwritten"
	switch {
	case fault.Is(failed, fault.Conflict):
		f.Sighting += " " + failed.Error() // another change is another sighting
		what, f.Severity, f.Title = "broken", finding.Critical, "jobzero's log is not as it was when its last checkpoint was written"
		f.Why += " Run `jobzero audit verify --checkpoints`: it names the first link that differs. Who can write the database has changed the log."
	case fault.Is(failed, fault.Denied), fault.Is(failed, fault.Invalid):
		what, f.Severity = "refused", finding.High
	}
	f.Fingerprint = finding.Print(finding.Imported, byCheckpoint, what)
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: now, Text: f.Why}}
	return f
}
