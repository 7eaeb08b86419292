package app

import (
	"context"
	"errors"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect/ours"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/ticket"
)

const (
	ownCalls = "own-calls" // what our roles did, by CloudTrail, against our log
	ownTrail = "own-trail" // our log against CloudTrail

	// TrailFrom names the link after which the log is held against CloudTrail.
	TrailFrom = "own-trail-from"

	// underWay is how long a call waits at the most while an attempt for its ticket is under way: its record may still come.
	underWay = 24 * time.Hour
)

// Ours are the names of the roles that change things, and of their sessions.
func Ours(c config.Config) ours.Names {
	return ours.Names{Roles: []string{c.AWS.ResponderRole, c.AWS.OrganizationRole}, Session: c.AWS.SessionName}
}

// judgeOurs holds calls of ours that have waited long enough against the log, and says when to look again.
func (h *House) judgeOurs(ctx context.Context, now time.Time) (time.Time, error) {
	by := now.Add(-h.config.Audit.After)
	var (
		holds []finding.Finding
		next  time.Time
		left  bool
	)
	err := h.store.Update(ctx, func(tx storeTx) error {
		holds, left = nil, false
		waiting, err := tx.WaitingCalls(ctx, by, atOneTime)
		if err != nil {
			return err
		}
		for _, c := range waiting {
			c, err := h.judgeOne(ctx, tx, c, now)
			if err != nil {
				return err
			}
			if c.Verdict == "" {
				left = true
				continue
			}
			if c.Verdict != ours.Logged {
				holds = append(holds, c.Finding())
			}
			if err := tx.JudgeOurCall(ctx, c); err != nil {
				return err
			}
		}
		if err := h.triager.ReportIn(ctx, tx, holds, now); err != nil {
			return err
		}
		next, err = tx.FirstWaitingCall(ctx, by)
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, f := range holds {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
		h.log.Warn("a call of our own role is not in our log", "finding", f.Title, "account", f.Account, "why", f.Why)
	}
	switch {
	case left: // its record may come any moment
		return now.Add(h.config.Audit.After), nil
	case next.IsZero():
		return time.Time{}, nil
	default:
		return next.Add(h.config.Audit.After), nil
	}
}

// judgeOne judges one call; it has no verdict while an attempt for its ticket is under way.
func (h *House) judgeOne(ctx context.Context, tx storeTx, c ours.Call, now time.Time) (ours.Call, error) {
	id := ticket.ID(c.Ticket)
	var line []ticket.Entry
	used := map[string]bool{}
	if c.Ticket != "" {
		var err error
		if line, err = tx.Timeline(ctx, id); err != nil {
			return c, err
		}
		known, err := tx.CallsOfTicket(ctx, id)
		if err != nil {
			return c, err
		}
		for _, k := range known {
			used[k.Entry] = true
		}
	}
	judged := c.Judge(line, used)
	if judged.Verdict == ours.Logged || c.Ticket == "" || now.Sub(c.Heard) > underWay {
		return judged, nil
	}
	if waits, err := calling(ctx, tx, id); err != nil || waits {
		return c, err
	}
	return judged, nil
}

// calling reports whether an attempt for a ticket is under way, or has died and is not told yet.
func calling(ctx context.Context, tx storeTx, id ticket.ID) (bool, error) {
	begun, err := tx.Effects(ctx, effect.Filter{Ticket: string(id), States: []effect.State{effect.Doing, effect.Undoing}})
	if err != nil {
		return false, err
	}
	for _, e := range begun {
		if e.Calling {
			return true, nil
		}
	}
	u, err := tx.Glass(ctx, glass.ID(id))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	for _, s := range u.Steps {
		if s.Calling {
			return true, nil
		}
	}
	return false, err
}

// tellLacking says which calls of our log CloudTrail lacks, of as far as they are old enough. What was made before anybody looked is not told.
func (h *House) tellLacking(ctx context.Context, now time.Time) error {
	for {
		var lacking []ours.Lacking
		more := false
		err := h.store.Update(ctx, func(tx storeTx) (err error) {
			if lacking, more, err = h.lacking(ctx, tx, now); err != nil {
				return err
			}
			var holds []finding.Finding
			for _, l := range lacking {
				holds = append(holds, l.Finding(now))
			}
			return h.triager.ReportIn(ctx, tx, holds, now)
		})
		for _, l := range lacking {
			h.log.Warn("CloudTrail lacks a call of ours", "call", l.String())
		}
		if err != nil || !more {
			return err
		}
	}
}

// lacking looks through the next part of the chain.
func (h *House) lacking(ctx context.Context, tx storeTx, now time.Time) (out []ours.Lacking, more bool, err error) {
	last, err := tx.LastLink(ctx)
	if err != nil {
		return nil, false, err
	}
	mark, ok, err := tx.AuditMark(ctx, ownTrail)
	if err != nil || !ok {
		if err == nil {
			err = errors.Join(tx.SaveAuditMark(ctx, ownTrail, last.Seq), tx.SaveAuditMark(ctx, TrailFrom, last.Seq))
		}
		return nil, false, err
	}
	upto := min(mark+atOneTime, last.Seq)
	out, seq, err := Lacking(ctx, tx, now, mark, upto)
	if err != nil {
		return nil, false, err
	}
	return out, seq == upto && upto < last.Seq, tx.SaveAuditMark(ctx, ownTrail, seq)
}

// Lacking are the calls of a part of the chain that CloudTrail's log in S3 should have and lacks. It ends before the first entry that is too
// young to tell; seq is the last link that was looked at.
func Lacking(ctx context.Context, tx storeTx, now time.Time, after, upto int64) (out []ours.Lacking, seq int64, err error) {
	voices, err := tx.Voices(ctx)
	if err != nil {
		return nil, after, err
	}
	made, err := tx.Made(ctx, after, upto)
	if err != nil {
		return nil, after, err
	}
	for _, r := range made {
		if now.Sub(r.At) < ours.Late {
			return out, r.Link - 1, nil
		}
		some, err := lackingOf(ctx, tx, r.Calls, voices, now)
		if err != nil {
			return nil, after, err
		}
		for _, m := range some {
			out = append(out, ours.Lacking{Made: m, Ticket: string(r.Ticket), Entry: r.Entry})
		}
	}
	return out, upto, nil
}

func lackingOf(ctx context.Context, tx storeTx, calls []effect.Made, voices reconcile.Voices, now time.Time) (out []effect.Made, err error) {
	for _, m := range calls {
		if !ours.Due(m, voices, now) {
			continue
		}
		heard, err := tx.HeardOfRequest(ctx, m.Request)
		if err != nil {
			return nil, err
		}
		if !heard {
			out = append(out, m)
		}
	}
	return out, nil
}
