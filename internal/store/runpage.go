package store

import (
	"context"
	"slices"

	"jobzero/internal/playbook"
	"jobzero/internal/store/db"
)

// RunPage gives one page of the runs that are asked for, the last begun first.
func (t *Tx) RunPage(ctx context.Context, q playbook.RunQuery) (playbook.RunPage, error) {
	from, err := parseMark(q.After)
	if err != nil {
		return playbook.RunPage{}, err
	}
	states := slices.Compact(slices.Sorted(slices.Values(q.States)))
	if len(states) == 0 {
		states = playbook.RunStates()
	}
	var strips []strip[db.RunPageRow]
	for _, state := range states {
		s, err := t.runStrip(ctx, state, q, from)
		if err != nil {
			return playbook.RunPage{}, t.s.fail(err, "list runs")
		}
		strips = append(strips, s)
	}
	found := merge(strips, func(r db.RunPageRow) mark { return mark{r.StartedAt, r.ID} }, sized(q.Size))
	docs := make([]string, len(found.rows))
	for i, r := range found.rows {
		docs[i] = r.Doc
	}
	all, err := decodeAll[playbook.Run]("run", docs)
	out := playbook.RunPage{Runs: all, Cut: found.cut}
	if (found.next != mark{}) {
		out.Next = found.next.String()
	}
	return out, err
}

func (t *Tx) runStrip(ctx context.Context, state playbook.RunState, q playbook.RunQuery, from mark) (s strip[db.RunPageRow], err error) {
	most := sized(q.Size) + 1
	s.found, err = t.q.RunPage(ctx, db.RunPageParams{
		State: column(string(state)), StartedAt: from.at, ID: from.id, Span: pageSpan, Playbook: column(q.Playbook), Most: int32(most), //nolint:gosec // a page is small
	})
	if err != nil || len(s.found) == most {
		return s, err
	}
	low, err := t.q.RunSpan(ctx, db.RunSpanParams{State: column(string(state)), StartedAt: from.at, ID: from.id, Span: pageSpan - 1})
	s.low = mark{low.StartedAt, low.ID}
	return s, ended(err)
}
