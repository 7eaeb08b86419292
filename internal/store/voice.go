package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/store/db"
)

// listening names the pulse of those who read the sources.
const listening = "source"

// SaveVoice remembers that a way was heard at its Last, and on that day. Since counts when the way is new, or was silent for too
// long.
func (t *Tx) SaveVoice(ctx context.Context, v reconcile.Voice) error {
	err := t.q.SaveVoice(ctx, db.SaveVoiceParams{
		Account: column(v.Account), Region: column(v.Region), Kind: column(string(v.Kind)), Way: int64(v.Way),
		SinceAt: stamp(v.Since), LastAt: stamp(v.Last), Anew: stamp(v.Last.Add(-reconcile.Fresh)),
	})
	if err == nil {
		err = t.q.SaveVoiceDay(ctx, db.SaveVoiceDayParams{Account: column(v.Account), Way: int64(v.Way), DayAt: stamp(reconcile.Day(v.Last)), LastAt: stamp(v.Last)})
	}
	return t.s.fail(err, "remember what was heard from "+v.Account)
}

// Voices are all that were heard.
func (t *Tx) Voices(ctx context.Context) (reconcile.Voices, error) {
	rows, err := t.q.Voices(ctx)
	out := reconcile.Voices{}
	for _, r := range rows {
		out.Add(reconcile.Voice{
			Place: reconcile.Place{Account: r.Account, Region: r.Region, Kind: reconcile.Kind(r.Kind)},
			Way:   reconcile.Ways(r.Way), Since: instant(r.SinceAt), Last: instant(r.LastAt),
		})
	}
	return out, t.s.fail(err, "read which ways were heard")
}

// Speakers are the ways of all accounts with the days on which they were heard.
func (t *Tx) Speakers(ctx context.Context) ([]reconcile.Speaker, error) {
	rows, err := t.q.VoiceDays(ctx)
	var out []reconcile.Speaker
	for _, r := range rows {
		last := len(out) - 1
		if last < 0 || out[last].Account != r.Account || out[last].Way != reconcile.Ways(r.Way) {
			out = append(out, reconcile.Speaker{Account: r.Account, Way: reconcile.Ways(r.Way), Days: map[time.Time]bool{}})
			last++
		}
		out[last].Days[instant(r.DayAt)] = true
		if at := instant(r.LastAt); at.After(out[last].Last) {
			out[last].Last = at
		}
	}
	return out, t.s.fail(err, "read on which days the ways were heard")
}

// SavePulse says that somebody listens now. A pause since the last time becomes an outage.
func (t *Tx) SavePulse(ctx context.Context, now time.Time) error {
	last, err := t.q.Pulse(ctx, listening)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t.s.fail(err, "read the last sign of life")
	}
	if err == nil && now.Sub(instant(last.LastAt)) > reconcile.Pause {
		if err := t.q.AddOutage(ctx, db.AddOutageParams{FromAt: last.LastAt, ToAt: stamp(now)}); err != nil {
			return t.s.fail(err, "note when nobody listened")
		}
	}
	return t.s.fail(t.q.SavePulse(ctx, db.SavePulseParams{Name: listening, FirstAt: stamp(now)}), "give a sign of life")
}

// Awake says when somebody listened.
func (t *Tx) Awake(ctx context.Context) (a reconcile.Awake, err error) {
	p, err := t.q.Pulse(ctx, listening)
	if errors.Is(err, sql.ErrNoRows) {
		return a, nil
	}
	if err != nil {
		return a, t.s.fail(err, "read the signs of life")
	}
	a.First, a.Last = instant(p.FirstAt), instant(p.LastAt)
	rows, err := t.q.Outages(ctx)
	for _, r := range rows {
		a.Outages = append(a.Outages, reconcile.Span{From: instant(r.FromAt), To: instant(r.ToAt)})
	}
	return a, t.s.fail(err, "read when nobody listened")
}

// PruneHeard forgets what was heard, counted and left out before a time, and says how many rows that were.
func (s *Store) PruneHeard(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget what was heard", func(t *Tx) (n int64, err error) {
		for _, prune := range []func(context.Context, int64) (int64, error){t.q.PruneVoices, t.q.PruneVoiceDays, t.q.PruneTallies, t.q.PruneOutages} {
			rows, err := prune(ctx, stamp(before))
			if err != nil {
				return n, err
			}
			n += rows
		}
		return n, nil
	})
}
