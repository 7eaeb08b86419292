package store

import (
	"context"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/store/db"
)

// AddCall notes that somebody is asked; false when they were asked for that level already.
func (t *Tx) AddCall(ctx context.Context, c escalate.Call) (bool, error) {
	row, err := callRow(c)
	if err != nil {
		return false, err
	}
	n, err := t.q.AddPageCall(ctx, db.AddPageCallParams(row))
	if err != nil || n == 0 {
		return false, t.s.fail(err, "note call "+c.Key())
	}
	t.seal("page_call "+row.CallKey, callSum(row))
	return true, nil
}

// Call gives one, or fault.NotFound.
func (t *Tx) Call(ctx context.Context, key string) (escalate.Call, error) {
	doc, err := t.q.PageCall(ctx, column(key))
	if missing(err) {
		return escalate.Call{}, fault.New(fault.NotFound, "there is no call %s", key)
	}
	if err != nil {
		return escalate.Call{}, t.s.fail(err, "read call "+key)
	}
	return decode[escalate.Call]("call "+key, doc)
}

// MoveCall notes how far a call has come.
func (t *Tx) MoveCall(ctx context.Context, c escalate.Call) error {
	row, err := callRow(c)
	if err != nil {
		return err
	}
	n, err := t.q.MovePageCall(ctx, db.MovePageCallParams{State: row.State, Doc: row.Doc, CallKey: row.CallKey})
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "there is no call %s", c.Key())
	}
	if err == nil {
		t.seal("page_call "+row.CallKey, callSum(row))
	}
	return t.s.fail(err, "note how far call "+c.Key()+" has come")
}

// Calls are those of a page, the first first.
func (t *Tx) Calls(ctx context.Context, id escalate.ID) ([]escalate.Call, error) {
	docs, err := t.q.PageCalls(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "read the calls of page "+string(id))
	}
	return decodeAll[escalate.Call]("a call of page "+string(id), docs)
}

func callRow(c escalate.Call) (db.PageCall, error) {
	doc, err := encode("call "+c.Key(), c)
	return db.PageCall{
		CallKey: column(c.Key()), Page: column(string(c.Page)), Person: column(c.Person), State: column(string(c.State)), At: stamp(c.At), Doc: doc,
	}, err
}

func pageRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedPages(ctx, db.SealedPagesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"page " + r.Page.ID, r.Page.ID, pageSum(r.Page), r.Chained}
	}
	return out, err
}

func pageSum(r db.Page) string {
	return rowSum("page "+r.ID, r.State, r.Severity, r.Ticket, r.Version, r.Doc)
}

func callRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedPageCalls(ctx, db.SealedPageCallsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"page_call " + r.PageCall.CallKey, r.PageCall.CallKey, callSum(r.PageCall), r.Chained}
	}
	return out, err
}

func callSum(r db.PageCall) string {
	return rowSum("page_call "+r.CallKey, r.Page, r.Person, r.State, r.At, r.Doc)
}
