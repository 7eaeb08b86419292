package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/store/db"
)

// Learnt is something that judges events, as it was when it was first known.
type Learnt struct {
	Kind   string // rule, correlation, indicators
	ID     string // of the rule, or the path of the indicators
	Digest string // of all that makes it find what it finds; another one is another Learnt
	At     time.Time
}

// Backrun gives the digests of everything that was ever known, run back or not.
func (t *Tx) Backrun(ctx context.Context) (map[string]bool, error) {
	rows, err := t.q.Backrun(ctx)
	out := make(map[string]bool, len(rows))
	for _, r := range rows {
		out[r.Digest] = true
	}
	return out, t.s.fail(err, "read what was run over the archive")
}

// AddBackrun remembers that something is known, and the run that takes it over the archive; no run: it is known from the
// first start on. Twice is once.
func (t *Tx) AddBackrun(ctx context.Context, run string, all []Learnt) error {
	for _, l := range all {
		err := t.q.AddBackrun(ctx, db.AddBackrunParams{Kind: column(l.Kind), ID: column(l.ID), Digest: column(l.Digest), Run: column(run), KnownAt: stamp(l.At)})
		if err != nil {
			return t.s.fail(err, "remember "+l.Kind+" "+l.ID)
		}
	}
	return nil
}

// BackrunOf is what a run takes over the archive, without that of which a later version is known.
func (t *Tx) BackrunOf(ctx context.Context, run string) ([]Learnt, error) {
	rows, err := t.q.BackrunOf(ctx, column(run))
	out := make([]Learnt, len(rows))
	for i, r := range rows {
		out[i] = Learnt{Kind: r.Kind, ID: r.ID, Digest: r.Digest, At: instant(r.KnownAt)}
	}
	return out, t.s.fail(err, "read what run "+run+" is about")
}

// PartState is how far a part of a run is.
type PartState int64

// The states.
const (
	PartWaits   PartState = 0
	PartDone    PartState = 1
	PartGivenUp PartState = 2 // a person was told
)

// AddBackrunPart adds a part to a run, and says whether it is new.
func (t *Tx) AddBackrunPart(ctx context.Context, run, part string) (bool, error) {
	n, err := t.q.AddBackrunPart(ctx, db.AddBackrunPartParams{Run: column(run), Part: column(part)})
	return n > 0, t.s.fail(err, "add "+part+" to run "+run)
}

// BackrunPartWaits reports whether a part is there and not ended.
func (t *Tx) BackrunPartWaits(ctx context.Context, run, part string) (bool, error) {
	state, err := t.q.BackrunPart(ctx, db.BackrunPartParams{Run: column(run), Part: column(part)})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && PartState(state) == PartWaits, t.s.fail(err, "read "+part+" of run "+run)
}

// EndBackrunPart ends a part that waits with the number of its findings, and says whether this was the end of it.
func (t *Tx) EndBackrunPart(ctx context.Context, run, part string, how PartState, found int) (bool, error) {
	n, err := t.q.EndBackrunPart(ctx, db.EndBackrunPartParams{Run: column(run), Part: column(part), State: int64(how), Found: int64(found)})
	return n > 0, t.s.fail(err, "end "+part+" of run "+run)
}

// PartCount counts the parts of a run.
type PartCount struct {
	Waiting, Done, GivenUp int
	Found                  int // sightings, some of which may have been known
}

// BackrunParts counts the parts of a run.
func (t *Tx) BackrunParts(ctx context.Context, run string) (c PartCount, err error) {
	rows, err := t.q.BackrunParts(ctx, column(run))
	for _, r := range rows {
		c.Found += int(r.Found)
		switch PartState(r.State) {
		case PartWaits:
			c.Waiting = int(r.N)
		case PartDone:
			c.Done = int(r.N)
		case PartGivenUp:
			c.GivenUp = int(r.N)
		}
	}
	return c, t.s.fail(err, "count the parts of run "+run)
}

// BackrunLeft counts the parts of all runs that have not ended.
func (t *Tx) BackrunLeft(ctx context.Context) (int, error) {
	n, err := t.q.BackrunLeft(ctx)
	return int(n), t.s.fail(err, "count what is left of the archive")
}

// AddBackrunHits keeps what a part found for correlations until the run's end. The same hit twice is one.
func (t *Tx) AddBackrunHits(ctx context.Context, run string, hits []correlate.Hit) error {
	for _, h := range hits {
		doc, err := encode("hit of "+h.Rule, h)
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(doc))
		err = t.q.AddBackrunHit(ctx, db.AddBackrunHitParams{Run: column(run), ID: hex.EncodeToString(sum[:16]), At: stamp(h.Time), Doc: doc})
		if err != nil {
			return t.s.fail(err, "keep a hit of "+h.Rule)
		}
	}
	return nil
}

// HitMark is how far the hits of a run were read. The zero value is before the first.
type HitMark struct {
	at int64
	id string
}

// BackrunHits gives the hits of a run behind a mark in the order of time, at most so many, and the mark of the last.
func (t *Tx) BackrunHits(ctx context.Context, run string, m HitMark, limit int) ([]correlate.Hit, HitMark, error) {
	rows, err := t.q.BackrunHits(ctx, db.BackrunHitsParams{Run: column(run), At: m.at, ID: m.id, Most: most(limit)})
	if err != nil {
		return nil, m, t.s.fail(err, "read the hits of run "+run)
	}
	out := make([]correlate.Hit, len(rows))
	for i, r := range rows {
		if out[i], err = decode[correlate.Hit]("hit", r.Doc); err != nil {
			return nil, m, err
		}
		m = HitMark{r.At, r.ID}
	}
	return out, m, nil
}

// EndBackrun forgets the parts and the hits of a run. What it was about stays known.
func (t *Tx) EndBackrun(ctx context.Context, run string) error {
	if err := t.q.DropBackrunHits(ctx, column(run)); err != nil {
		return t.s.fail(err, "forget the hits of run "+run)
	}
	return t.s.fail(t.q.DropBackrunParts(ctx, column(run)), "forget the parts of run "+run)
}
