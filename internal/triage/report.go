package triage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Report writes findings down: new ones with their first work, known ones as another sighting. It commits all of them or
// none, so that a source may acknowledge what it read as soon as Report returns. Reporting the same thing twice is once.
func (t *Triager) Report(ctx context.Context, found []finding.Finding, now time.Time) error {
	if len(found) == 0 {
		return nil
	}
	return t.store.Update(ctx, func(tx Tx) error { return t.ReportIn(ctx, tx, found, now) })
}

// ReportIn is Report as a part of a transaction.
func (t *Triager) ReportIn(ctx context.Context, tx Tx, found []finding.Finding, now time.Time) error {
	for _, f := range found {
		if err := t.report(ctx, tx, f, now); err != nil {
			return fmt.Errorf("report %s about %s: %w", f.By, f.Subject(), err)
		}
	}
	return nil
}

// report writes a finding down that comes by itself, and leaves it to the leg to bring it to its ticket.
func (t *Triager) report(ctx context.Context, tx Tx, f finding.Finding, now time.Time) error {
	opens, err := t.believe(ctx, tx, f, now)
	if err != nil || !opens {
		return err
	}
	return tx.Enqueue(ctx, Leg, string(f.Fingerprint), now)
}

// believe writes a finding down, and reports whether it is one that has to come to its ticket now: new, or true again.
func (t *Triager) believe(ctx context.Context, tx Tx, f finding.Finding, now time.Time) (opens bool, err error) {
	f = tidy(f, now)
	known, ok, err := tx.Finding(ctx, f.Fingerprint)
	if err != nil {
		return false, err
	}
	if !ok {
		return true, t.first(ctx, tx, f, now)
	}
	added, err := tx.AddSighting(ctx, f.Fingerprint, f.Sighting, now)
	if err != nil {
		return false, err
	}
	newer := seen(f).After(known.LastSeen)
	revived, err := t.revives(ctx, tx, known, f, added)
	if err != nil {
		return false, err
	}
	if !added && !revived && !newer {
		return false, nil
	}
	// Also a state that was seen before counts as seen again: a repair that was read before this must not settle it.
	known.LastSeen = later(known.LastSeen, seen(f))
	if added {
		known.Count++
	}
	if revived || (known.Unknown && !f.Unknown && known.State == finding.Open) {
		known = renew(known, f)
	}
	if err := tx.SaveFinding(ctx, known); err != nil {
		return false, err
	}
	if added {
		if err := t.note(ctx, tx, known, f, now); err != nil {
			return false, err
		}
	}
	return revived, nil
}

// first writes down what was never seen before.
func (t *Triager) first(ctx context.Context, tx Tx, f finding.Finding, now time.Time) error {
	f.State, f.Count, f.LastSeen = finding.Open, 1, seen(f)
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	_, err := tx.AddSighting(ctx, f.Fingerprint, f.Sighting, now)
	return err
}

// tidy keeps strangers' words within bounds: what claims to come from the future occurred now, and evidence has a size.
func tidy(f finding.Finding, now time.Time) finding.Finding {
	if f.Detected.After(now) {
		f.Detected = now
	}
	if f.Occurred.After(f.Detected) {
		f.Occurred = f.Detected
	}
	f.Evidence = trim(f.Evidence)
	return f
}

// seen is when a sighting says that it was so: at the event, or at the read.
func seen(f finding.Finding) time.Time {
	if f.FromRead() {
		return f.Detected
	}
	return f.Occurred
}

// renew makes a known finding believe what this sighting says: its words, who did it, its evidence, its times. What counts
// sightings, and the ticket, are kept.
func renew(known, f finding.Finding) finding.Finding {
	switch {
	case known.State != finding.Done && known.Settled.IsZero(): // it has been so since; only now it can be judged
		f.Occurred, f.Detected = known.Occurred, known.Detected
	case f.FromRead(): // a fresh read saw it settled, so it came back after that whoever touched it last
		f.Occurred = later(f.Occurred, known.Settled)
	}
	f.State, f.Ticket, f.Settled = finding.Open, known.Ticket, known.Settled
	f.Count, f.LastSeen = known.Count, known.LastSeen
	return f
}

// revives says whether a sighting makes a finding that was dealt with an open one again.
//
// A baseline revives when a read newer than the settling one fails: what was read before the repair says nothing.
// A detection revives on a new event that occurred after it was settled; a late record of what led to it does not.
// A finding that a person has stays with that person, unless its ticket is contended: then the repair goes on. What a person
// has because nobody could tell is given to the software again once it can be told, and so is what never came to a ticket.
func (t *Triager) revives(ctx context.Context, tx Tx, known, f finding.Finding, added bool) (bool, error) {
	read := f.FromRead() && f.Detected.After(known.Settled)
	switch known.State {
	case finding.Done:
		return read || (!f.FromRead() && added && f.Occurred.After(known.Settled)), nil
	case finding.Human:
		if known.Ticket == "" {
			return read || added, nil
		}
		if !read {
			return false, nil
		}
		if known.Unknown && !f.Unknown {
			return f.Detected.After(known.LastSeen), nil
		}
		tk, err := tx.Ticket(ctx, ticket.ID(known.Ticket))
		return tk.Contended, err
	default:
		return false, nil
	}
}

// note puts a further sighting on the ticket's timeline. Only the 1st, 2nd, 4th, 8th … are written: ten thousand
// sightings of one thing make a line each time their number doubles.
func (t *Triager) note(ctx context.Context, tx Tx, known, f finding.Finding, now time.Time) error {
	if known.Ticket == "" || known.Count&(known.Count-1) != 0 {
		return nil
	}
	tk, err := tx.Ticket(ctx, ticket.ID(known.Ticket))
	if err != nil {
		return err
	}
	data, err := json.Marshal(f.Evidence)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return tx.AppendEntry(ctx, &tk, ticket.Entry{
		At: now, Actor: actor, Kind: "seen", Data: data,
		Text: fmt.Sprintf("%s: seen %d times, last at %s", known.Title, known.Count, known.LastSeen.UTC().Format(time.RFC3339)),
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
