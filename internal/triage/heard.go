package triage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Heard is what a tool of somebody else says of a finding of its own. It holds unless one of the two is set.
type Heard struct {
	Finding finding.Finding // of kind finding.Imported; Detected is when the tool said so, Note its word where it is over
	Settled bool            // the tool looked again: it is true no more
	Silent  bool            // it was put away or silenced there, which says nothing of whether it is so
}

// Hear writes down what other tools say, all of it or nothing. What holds is reported; what its tool has seen settled is
// settled here too, unless the tool has said since that it holds; what was only put away is noted and stays. A tool says of
// most things that they are well: of what was never reported that is not kept. Hearing the same twice is once.
func (t *Triager) Hear(ctx context.Context, all []Heard, now time.Time) error {
	if len(all) == 0 {
		return nil
	}
	return t.store.Update(ctx, func(tx Tx) error {
		for _, x := range all {
			if err := t.hear(ctx, tx, x, now); err != nil {
				return fmt.Errorf("write down what %s says about %s: %w", x.Finding.By, x.Finding.Subject(), err)
			}
		}
		return nil
	})
}

func (t *Triager) hear(ctx context.Context, tx Tx, x Heard, now time.Time) error {
	if !x.Settled && !x.Silent {
		return t.report(ctx, tx, x.Finding, now)
	}
	f := tidy(x.Finding, now)
	known, ok, err := tx.Finding(ctx, f.Fingerprint)
	switch {
	case err != nil:
		return err
	case x.Settled && ok:
		return t.toldSettled(ctx, tx, known, f, now)
	case x.Settled:
		return nil
	case !ok: // put away before we knew of it: it may be as bad as any other
		return t.report(ctx, tx, f, now)
	default:
		return t.toldSilent(ctx, tx, known, f, now)
	}
}

// toldSettled settles a finding as of when its tool saw that it is over. A tool may change its mind without a new time: the
// later word counts, and of two of the same time the one that it is over, since a tool says so after it said that it holds.
func (t *Triager) toldSettled(ctx context.Context, tx Tx, known, f finding.Finding, now time.Time) error {
	switch {
	case known.LastSeen.After(f.Detected):
		return nil // an old word that comes late
	case known.State == finding.Done:
		if !f.Detected.After(known.Settled) {
			return nil
		}
		known.Settled = f.Detected
		return tx.SaveFinding(ctx, known)
	}
	known.State, known.Settled, known.Note = finding.Done, f.Detected, f.Note
	data, err := json.Marshal(f.Evidence)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return t.over(ctx, tx, known, ending{
		line:   ticket.Entry{At: now, Actor: actor, Kind: "verify", Data: data, Text: fmt.Sprintf("%s: %s as of %s", known.Title, f.Note, f.Detected.UTC().Format(time.RFC3339))},
		reason: f.Note,
	})
}

// toldSilent puts it on the timeline, or into the evidence where there is no ticket yet. A finding that is settled stays so.
func (t *Triager) toldSilent(ctx context.Context, tx Tx, known, f finding.Finding, now time.Time) error {
	if known.State == finding.Done {
		return nil
	}
	added, err := tx.AddSighting(ctx, f.Fingerprint, f.Sighting+": "+f.Note, now) // the tool's time need not change with it
	if err != nil || !added {
		return err
	}
	if known.Ticket == "" {
		known.Evidence = f.Evidence
		return tx.SaveFinding(ctx, known)
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
		Text: fmt.Sprintf("%s: %s as of %s, which does not settle it", known.Title, f.Note, f.Detected.UTC().Format(time.RFC3339)),
	})
}
