package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store/db"
)

// Finding gives the finding of a fingerprint, false when there is none.
func (t *Tx) Finding(ctx context.Context, fp finding.Fingerprint) (finding.Finding, bool, error) {
	doc, err := t.q.Finding(ctx, column(string(fp)))
	if errors.Is(err, sql.ErrNoRows) {
		return finding.Finding{}, false, nil
	}
	if err != nil {
		return finding.Finding{}, false, t.s.fail(err, "read finding "+string(fp))
	}
	f, err := decode[finding.Finding]("finding "+string(fp), doc)
	return f, err == nil, err
}

// SaveFinding puts a finding in or replaces the one of its fingerprint.
func (t *Tx) SaveFinding(ctx context.Context, f finding.Finding) error {
	doc, err := encode("finding "+string(f.Fingerprint), f)
	if err != nil {
		return err
	}
	seen := f.LastSeen
	if seen.IsZero() {
		seen = f.Detected
	}
	err = t.q.SaveFinding(ctx, db.SaveFindingParams{
		Fingerprint: column(string(f.Fingerprint)), Ticket: column(f.Ticket), State: column(string(f.State)),
		ByID: column(f.By), Account: column(f.Account), Severity: int64(f.Severity.Rank()), SeenAt: stamp(seen), Doc: doc,
	})
	return t.s.fail(err, "save finding "+string(f.Fingerprint))
}

// AddSighting records that a finding was seen; false when this sighting was known already.
func (t *Tx) AddSighting(ctx context.Context, fp finding.Fingerprint, sighting string, at time.Time) (added bool, err error) {
	n, err := t.q.AddSighting(ctx, db.AddSightingParams{
		Fingerprint: column(string(fp)), Sighting: column(sighting), SeenAt: stamp(at),
	})
	return n > 0, t.s.fail(err, "add a sighting of "+string(fp))
}

// PruneSightings forgets which sightings were counted before a time.
func (s *Store) PruneSightings(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget old sightings", func(t *Tx) (int64, error) { return t.q.PruneSightings(ctx, stamp(before)) })
}

// Findings lists findings, the last seen first.
func (t *Tx) Findings(ctx context.Context, f finding.Filter) ([]finding.Finding, error) {
	var docs []string
	var err error
	if f.Ticket != "" {
		docs, err = t.q.FindingsOfTicket(ctx, db.FindingsOfTicketParams{
			Ticket: column(f.Ticket), State: column(string(f.State)), ByID: column(f.By), Account: column(f.Account),
			Severity: int64(f.MinSeverity.Rank()), Most: most(f.Limit),
		})
	} else {
		docs, err = t.q.Findings(ctx, db.FindingsParams{
			State: column(string(f.State)), ByID: column(f.By), Account: column(f.Account),
			Severity: int64(f.MinSeverity.Rank()), Most: most(f.Limit),
		})
	}
	if err != nil {
		return nil, t.s.fail(err, "list findings")
	}
	return decodeAll[finding.Finding]("finding", docs)
}
