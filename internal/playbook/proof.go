package playbook

import (
	"context"
	"strings"

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

// look reads the world afresh. What was asked for, and is not wrong by itself, is settled when all steps are over and what they did holds. So is
// the use of a credential that was shut: that it happened no read can tell, and that it happens again is another sighting.
func (d *Director) look(ctx context.Context, k desk, p Proof) (Sight, error) {
	if k.next.Kind != finding.Asked && k.next.Kind != finding.Reused {
		return d.judge.Look(ctx, *k.next, p)
	}
	sight := Sight{At: d.now()}
	if k.next.Resource != nil && strings.HasPrefix(string(k.next.Resource.Type), "AWS::") {
		var err error
		if sight, err = d.judge.Look(ctx, *k.next, Proof{Condition: "true"}); err != nil {
			return sight, err
		}
	}
	sight.Result, sight.Text = StillSo, k.next.Title
	if k.run != nil && k.run.State == Verifying {
		sight.Result, sight.Text = NoMore, "all steps are over"
	}
	return sight, nil
}
