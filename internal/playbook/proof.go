package playbook

import (
	"context"

	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
)

// proof says what shows that the finding is true no more.
func proof(d book.Definition, f finding.Finding) Proof {
	switch {
	case f.Kind == finding.Expectation:
		return Proof{Expectation: f.By}
	case d.SettledBy != "":
		return Proof{Expectation: d.SettledBy}
	default:
		return Proof{Condition: d.Settled}
	}
}

// look reads the world afresh. What was asked for, and is not wrong by itself, is settled when all steps are over and what they did holds.
func (d *Director) look(ctx context.Context, k desk, p Proof) (Sight, error) {
	if k.next.Kind != finding.Asked || p != (Proof{}) {
		return d.judge.Look(ctx, *k.next, p)
	}
	if k.run != nil && k.run.State == Verifying {
		return Sight{Result: NoMore, Text: "all steps are over", At: d.now()}, nil
	}
	return Sight{Result: StillSo, Text: k.next.Title, At: d.now()}, nil
}
