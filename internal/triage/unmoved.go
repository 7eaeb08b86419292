package triage

import (
	"context"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Said is what the last judgement of a thing has said.
type Said struct {
	What   string                // names what was judged
	Wrong  []finding.Fingerprint // believed
	Waived []finding.Fingerprint // believed, and approved for some time
	Passed []finding.Fingerprint // contradicted
}

// Unmoved reports whether the same judgement once more would change nothing but when it was last seen. It does change something
// as long as software is at work on what it is about, or could be again.
func Unmoved(ctx context.Context, tx Tx, s Said) (bool, error) {
	if dark, err := tx.UnreadOf(ctx, s.What); err != nil || len(dark) > 0 {
		return false, err
	}
	for _, check := range []struct {
		list []finding.Fingerprint
		is   func(finding.Finding, bool) (bool, error)
	}{
		{s.Wrong, func(f finding.Finding, known bool) (bool, error) { return left(ctx, tx, f, known) }},
		{s.Waived, func(f finding.Finding, known bool) (bool, error) { return !known || f.State == finding.Done, nil }},
		{s.Passed, func(f finding.Finding, known bool) (bool, error) { return !known || f.State != finding.Human, nil }},
	} {
		for _, fp := range check.list {
			f, known, err := tx.Finding(ctx, fp)
			if err != nil {
				return false, err
			}
			if still, err := check.is(f, known); err != nil || !still {
				return false, err
			}
		}
	}
	return true, nil
}

// left reports whether a belief is left to people: one of them has it, or it is for the figures alone.
func left(ctx context.Context, tx Tx, f finding.Finding, known bool) (bool, error) {
	switch {
	case !known || f.State == finding.Done:
		return false, nil
	case f.State == finding.Open:
		return f.Ticket == "" && f.Severity == finding.Informational, nil
	case f.Ticket == "":
		return false, nil
	}
	tk, err := tx.Ticket(ctx, ticket.ID(f.Ticket))
	return err == nil && !tk.Contended, err
}
