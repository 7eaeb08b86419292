package cli

import (
	"context"

	"jobzero/internal/app"
	"jobzero/internal/detect/ours"
	"jobzero/internal/store"
)

// auditedTrail is what came of holding the log against CloudTrail.
type auditedTrail struct {
	Began   bool           `json:"began"`             // it was compared at all
	Upto    int64          `json:"upto"`              // the last link that is old enough to tell
	Lacking []ours.Lacking `json:"lacking,omitempty"` // calls that the trail should have, the first few
	Count   int            `json:"count"`             // how many there are
}

const fewLacking = 100

func (t *auditedTrail) lines() (out []string) {
	switch {
	case t == nil:
	case !t.Began:
		say(&out, "CloudTrail: nothing was compared yet; `jobzero serve` begins to, where the settings have a queue of S3's.")
	case t.Count == 0:
		say(&out, "CloudTrail has every call of the log up to link %d that it should have.", t.Upto)
	default:
		say(&out, "CloudTrail lacks %s of the log:", plural(t.Count, "call"))
		for _, l := range t.Lacking {
			say(&out, "  %s", clean(l.String()))
		}
	}
	return out
}

// verifyTrail says which calls of the log CloudTrail lacks. That is no fault of the log: it stays intact.
func (s *shell) verifyTrail(ctx context.Context, st *store.Store, a *audit) error {
	const step = 500
	t := &auditedTrail{}
	a.Trail = t
	return st.View(ctx, func(tx *store.Tx) error {
		var err error
		if t.Upto, t.Began, err = tx.AuditMark(ctx, app.TrailFrom); err != nil || !t.Began {
			return err
		}
		for t.Upto < a.Links {
			upto := min(t.Upto+step, a.Links)
			lacking, seq, err := app.Lacking(ctx, tx, s.now(), t.Upto, upto)
			if err != nil {
				return err
			}
			t.Count += len(lacking)
			t.Lacking = append(t.Lacking, lacking[:min(len(lacking), fewLacking-len(t.Lacking))]...)
			if t.Upto = seq; seq < upto {
				break
			}
		}
		return nil
	})
}
