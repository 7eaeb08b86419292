package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/eventbridge"
	"jobzero/internal/source/logs"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// Postman puts dead letters back on the road at the place where they fell off it.
type Postman struct {
	intake func() Intake
	logs   logs.Options
	now    func() time.Time
}

// Replayed is what became of one letter.
type Replayed struct {
	ID       string            `json:"id"`
	State    event.LetterState `json:"state"`
	Findings int               `json:"findings"`
	Reason   string            `json:"reason,omitempty"` // why it stays dead
}

// NewPostman makes one that works with what the settings load, beside a running house or without one. Texts that do not load are left out and
// returned.
func NewPostman(c config.Config, st *store.Store, now func() time.Time) (*Postman, []error, error) {
	k, bad, err := Learn(c)
	if err != nil {
		return nil, bad, err
	}
	sessions := NewSessions()
	sessions.Serve(k)
	in := Intake{
		Store: st, Know: k, Sessions: sessions, Known: c.Knows, Habits: c.Baselines.Mode != config.Off, Ours: Ours(c), After: c.Audit.After,
		Triager: triage.New(triage.Options{Store: store.In(st, func(tx *store.Tx) triage.Tx { return tx }), Now: now}),
	}
	if c.Ledger.Days > 0 {
		in.Deeds = NewDeeds(sessions)
	}
	known, _ := c.Logs.Options() // what is wrong with them was told when the settings were checked
	return &Postman{func() Intake { return in }, known, now}, bad, nil
}

// Deliver tries one letter. Delivering twice is once: findings have fingerprints, and sightings are counted by event ID.
func (p *Postman) Deliver(ctx context.Context, id string) (Replayed, error) {
	in := p.intake()
	var l event.Letter
	err := in.Store.View(ctx, func(tx *store.Tx) (err error) {
		l, err = tx.Letter(ctx, id)
		return err
	})
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{ID: l.ID, State: event.Dead}
	if l.State == event.Replayed {
		out.State = l.State
		return out, nil
	}
	events, r, reason := p.read(l)
	if reason != "" {
		out.Reason = reason
		return out, nil
	}
	mark := func(tx *store.Tx) error {
		l.State = event.Replayed
		return tx.SaveLetter(ctx, l)
	}
	if len(events) == 0 {
		if err = in.Hear(ctx, []source.Report{r}, p.now(), mark); err == nil {
			out.State, out.Findings = event.Replayed, len(r.Claims)
		}
		return out, err
	}
	found, err := in.Take(ctx, events, p.now(), func(tx *store.Tx) error {
		for _, e := range events {
			if way, ok := reconcile.WayOf(e); ok { // its way has brought it, if only now
				if err := tx.MatchSight(ctx, e.Account, e.ID, way); err != nil {
					return err
				}
			}
		}
		return mark(tx)
	})
	if err == nil {
		out.State, out.Findings = event.Replayed, len(found)
	}
	return out, err
}

// read makes events of a letter as its source would, or the report of another tool, or says why not.
func (p *Postman) read(l event.Letter) (events []*event.Event, r source.Report, reason string) {
	switch {
	case strings.HasPrefix(l.Reason, "provenance"):
		// Its place contradicts what it says. The place is not part of the bytes, so reading them again proves nothing.
		return nil, r, l.Reason + ": it is not let in; find out who wrote it"
	case len(l.Bytes) == 0:
		return nil, r, "it has no bytes: read " + l.Origin.Place + " again with `jobzero replay`"
	case int64(len(l.Bytes)) != l.Size:
		return nil, r, "only its beginning was kept: read " + l.Origin.Place + " again with `jobzero replay`"
	}
	if logs.IsOurs(l) {
		events, err := p.logs.Again(l)
		if err != nil {
			return nil, r, err.Error()
		}
		return events, r, ""
	}
	body := source.Unwrap(l.Bytes)
	parse := cloudtrail.Parse
	if l.Origin.Source == "eventbridge" || eventbridge.IsEnvelope(body) {
		parse = eventbridge.Open
	}
	e, err := parse(body, l.Origin)
	if _, other := errors.AsType[*source.Other](err); other {
		r, err = eventbridge.OpenReport(body, l.Origin)
	}
	switch {
	case err != nil:
		return nil, r, err.Error()
	case e == nil:
		return nil, r, ""
	}
	return []*event.Event{e}, r, ""
}
