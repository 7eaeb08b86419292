package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/triage"
)

// timely finds what depends on the day: the clock, and what is declared until some day. The words in a reason do no harm: then it is
// judged again once a day for nothing.
var timely = regexp.MustCompile(`\b(now|intent)\b`)

// digestOf names all that the verdicts about a resource follow from. When it was read and the causes of what is unknown, which hold
// request IDs, are no part of it.
func (h *House) digestOf(k *Knowledge, r resource.Resource, at time.Time) (string, error) {
	var dark []string
	for _, u := range r.Unknown {
		dark = append(dark, fmt.Sprintf("%s %s %t %t %s", u.Path, u.Code, u.Present, u.Filled, u.Seen))
	}
	slices.Sort(dark)
	r.ReadAt, r.Unknown = time.Time{}, nil
	day := ""
	if k.timely[r.Type] {
		day = at.UTC().Format(time.DateOnly)
	}
	if k.asking[r.Type] {
		day += " " + k.rights
	}
	why, _ := h.orphaned(r, at) // that its owner has left is no change of the resource
	text, err := json.Marshal([]any{r, dark, day, h.judges(k), why})
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "describe %s", r.Ref)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// judges names what resources are judged by: the content, what people declare, and this program.
func (h *House) judges(k *Knowledge) string { return k.judges + " " + h.version }

// unchanged reports whether a resource is as it was when it was last judged, by the same, and nothing waits for it. Then the verdicts
// are kept, and only that it was read is written down.
func (h *House) unchanged(ctx context.Context, r resource.Resource, digest string, began time.Time) (o judged, same bool, err error) {
	key := r.Key()
	err = h.store.View(ctx, func(tx storeTx) error {
		row, ok, err := tx.Standing(ctx, key)
		if err != nil || !ok || row.Digest != digest || !row.Until.IsZero() && !began.Before(row.Until) {
			return err
		}
		o.until = row.Until
		said := triage.Said{What: key, Wrong: prints(slices.Concat(row.Failing, row.Unknown), r.Ref), Passed: prints(row.Passing, r.Ref)}
		for _, w := range row.Waived {
			said.Waived = append(said.Waived, expect.Fingerprint(w.Expectation, r.Ref))
		}
		same, err = triage.Unmoved(ctx, tx, said)
		return err
	})
	if err != nil || !same {
		return judged{}, false, err
	}
	return o, true, h.store.Update(ctx, func(tx storeTx) error { return tx.SeeStanding(ctx, key, began) })
}

func prints(ids []string, ref resource.Ref) []finding.Fingerprint {
	out := make([]finding.Fingerprint, len(ids))
	for i, id := range ids {
		out[i] = expect.Fingerprint(id, ref)
	}
	return out
}

// keep writes down what a resource came to. What is gone comes to nothing, and what is not wholly read is judged anew next time.
func (h *House) keep(ctx context.Context, tx storeTx, r resource.Resource, row standing.Row) error {
	if r.Gone {
		return tx.DropStanding(ctx, r.Key())
	}
	row.Ref = r.Ref
	owner := h.knowledge.Load().Org.OwnerOf(r.Ref, r.Tags, r.ARN)
	if row.Owner = owner.Team; row.Owner == "" {
		row.Owner = owner.Person
	}
	return tx.SaveStanding(ctx, row)
}
