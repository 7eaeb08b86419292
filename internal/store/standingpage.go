package store

import (
	"context"

	"jobzero/internal/expect/standing"
	"jobzero/internal/resource"
	"jobzero/internal/store/db"
)

// StandingPage gives a page of what the resources of an account came to, by key, after one; last is the key of the last. of may name a type
// besides the account; failing has only those of which something fails.
func (t *Tx) StandingPage(ctx context.Context, of resource.Ref, failing bool, after string, limit int) (rows []standing.Row, last string, err error) {
	var found []db.Standing
	account, kind := column(of.Account), column(string(of.Type))
	switch {
	case failing:
		found, err = t.q.StandingPageFailing(ctx, db.StandingPageFailingParams{Account: account, Type: kind, After: after, Most: most(limit)})
	case kind != "":
		found, err = t.q.StandingPageTyped(ctx, db.StandingPageTypedParams{Account: account, Type: kind, After: after, Most: most(limit)})
	default:
		return t.Standings(ctx, of.Account, after, limit)
	}
	rows, last = rowsOf(found)
	return rows, last, t.s.fail(err, "list what resources of "+of.Account+" came to")
}
