package store

import (
	"context"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store/db"
)

// HandoffLink gives the link whose secret has a hash, or fault.NotFound.
func (t *Tx) HandoffLink(ctx context.Context, hash string) (handoff.Link, error) {
	doc, err := t.q.HandoffLink(ctx, column(hash))
	if missing(err) {
		return handoff.Link{}, fault.New(fault.NotFound, "there is no such link")
	}
	if err != nil {
		return handoff.Link{}, t.s.fail(err, "read a link to a handoff")
	}
	l, err := decode[handoff.Link]("a link to a handoff", doc)
	l.Hash = hash
	return l, err
}

// SaveHandoffLink keeps a link. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SaveHandoffLink(ctx context.Context, l handoff.Link) error {
	doc, err := encode("a link to handoff "+string(l.Handoff), l)
	if err != nil {
		return err
	}
	row := db.HandoffLink{
		Hash: column(l.Hash), Handoff: column(string(l.Handoff)), Person: column(l.Person), EndsAt: stamp(l.Ends), Version: l.Version, Doc: doc,
	}
	n, err := t.q.SaveHandoffLink(ctx, db.SaveHandoffLinkParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save a link to handoff "+string(l.Handoff))
	case n == 0:
		return fault.New(fault.Conflict, "the link was used in between")
	}
	t.seal(linkName(row), linkSum(row))
	return nil
}

func linkName(r db.HandoffLink) string { return "handoff_link " + r.Hash }

func linkSum(r db.HandoffLink) string {
	return rowSum(linkName(r), r.Handoff, r.Person, r.EndsAt, r.Version, r.Doc)
}

func linkRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedHandoffLinks(ctx, db.SealedHandoffLinksParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{linkName(r.HandoffLink), r.HandoffLink.Hash, linkSum(r.HandoffLink), r.Chained}
	}
	return out, err
}
