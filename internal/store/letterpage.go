package store

import (
	"context"

	"jobzero/internal/event"
	"jobzero/internal/store/db"
)

// LetterPage gives one page of the dead letters that are asked for, the newest first and without their bytes.
func (t *Tx) LetterPage(ctx context.Context, q event.LetterQuery) (event.LetterPage, error) {
	before := highest
	if q.After != "" {
		before = column(q.After)
	}
	states := []event.LetterState{event.Dead, event.Replayed}
	if q.State != "" {
		states = []event.LetterState{q.State}
	}
	size := sized(q.Size)
	var strips []strip[db.LetterPageRow]
	for _, state := range states {
		rows, err := t.q.LetterPage(ctx, db.LetterPageParams{State: column(string(state)), Before: before, Most: int32(size + 1)}) //nolint:gosec // a page is small
		if err != nil {
			return event.LetterPage{}, t.s.fail(err, "list dead letters")
		}
		strips = append(strips, strip[db.LetterPageRow]{found: rows})
	}
	found := merge(strips, func(r db.LetterPageRow) mark { return mark{id: r.ID} }, size)
	docs := make([]string, len(found.rows))
	for i, r := range found.rows {
		docs[i] = r.Doc
	}
	all, err := decodeAll[event.Letter]("dead letter", docs)
	return event.LetterPage{Letters: all, Next: found.next.id}, err
}

// CountLetters counts the dead letters of a state, up to a bound: as many as the bound means that there may be more.
func (t *Tx) CountLetters(ctx context.Context, state event.LetterState, bound int) (int, error) {
	n, err := t.q.CountLetters(ctx, db.CountLettersParams{State: column(string(state)), Most: most(bound)})
	return int(n), t.s.fail(err, "count dead letters")
}
