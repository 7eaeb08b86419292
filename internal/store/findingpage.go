package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/finding"
	"jobzero/internal/store/db"
)

// FindingPage gives one page of the findings that are asked for, the last seen first. It is read along the index of what there are fewest of:
// those of a rule, else those of an account, else those of a state.
func (t *Tx) FindingPage(ctx context.Context, q finding.Query) (finding.Page, error) {
	from, err := parseMark(q.After)
	if err != nil {
		return finding.Page{}, err
	}
	var strips []strip[db.FindingPageRow]
	switch {
	case q.By != "":
		s, bad := t.findingsBy(ctx, q, from)
		strips, err = append(strips, s), bad
	case q.Account != "":
		s, bad := t.findingsIn(ctx, q, from)
		strips, err = append(strips, s), bad
	default:
		strips, err = t.findingsAs(ctx, q, from)
	}
	if err != nil {
		return finding.Page{}, t.s.fail(err, "list findings")
	}
	found := merge(strips, func(r db.FindingPageRow) mark { return mark{r.SeenAt, r.Fingerprint} }, sized(q.Size))
	docs := make([]string, len(found.rows))
	for i, r := range found.rows {
		docs[i] = r.Doc
	}
	all, err := decodeAll[finding.Finding]("finding", docs)
	out := finding.Page{Findings: all, Cut: found.cut}
	if (found.next != mark{}) {
		out.Next = found.next.String()
	}
	return out, err
}

// findingsBy looks along those of a rule or expectation.
func (t *Tx) findingsBy(ctx context.Context, q finding.Query, from mark) (s strip[db.FindingPageRow], err error) {
	most := sized(q.Size) + 1
	rows, err := t.q.FindingPageBy(ctx, db.FindingPageByParams{
		ByID: column(q.By), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan, Severity: int64(q.Severity.Rank()),
		Account: column(q.Account), State: column(string(q.State)), Most: int32(most), //nolint:gosec // a page is small
	})
	for _, r := range rows {
		s.found = append(s.found, db.FindingPageRow(r))
	}
	if err != nil || len(rows) == most {
		return s, err
	}
	low, err := t.q.FindingSpanBy(ctx, db.FindingSpanByParams{ByID: column(q.By), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan - 1})
	s.low = mark{low.SeenAt, low.Fingerprint}
	return s, ended(err)
}

// findingsIn looks along those of an account.
func (t *Tx) findingsIn(ctx context.Context, q finding.Query, from mark) (s strip[db.FindingPageRow], err error) {
	most := sized(q.Size) + 1
	rows, err := t.q.FindingPageAccount(ctx, db.FindingPageAccountParams{
		Account: column(q.Account), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan, Severity: int64(q.Severity.Rank()),
		State: column(string(q.State)), Most: int32(most), //nolint:gosec // a page is small
	})
	for _, r := range rows {
		s.found = append(s.found, db.FindingPageRow(r))
	}
	if err != nil || len(rows) == most {
		return s, err
	}
	low, err := t.q.FindingSpanAccount(ctx, db.FindingSpanAccountParams{Account: column(q.Account), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan - 1})
	s.low = mark{low.SeenAt, low.Fingerprint}
	return s, ended(err)
}

// findingsAs looks along those of each state.
func (t *Tx) findingsAs(ctx context.Context, q finding.Query, from mark) (out []strip[db.FindingPageRow], err error) {
	states := []finding.State{finding.Open, finding.Human, finding.Done}
	if q.State != "" {
		states = []finding.State{q.State}
	}
	most := sized(q.Size) + 1
	for _, state := range states {
		var s strip[db.FindingPageRow]
		s.found, err = t.q.FindingPage(ctx, db.FindingPageParams{
			State: column(string(state)), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan, Severity: int64(q.Severity.Rank()), Most: int32(most), //nolint:gosec // a page is small
		})
		if err != nil {
			return nil, err
		}
		if len(s.found) < most {
			low, err := t.q.FindingSpan(ctx, db.FindingSpanParams{State: column(string(state)), SeenAt: from.at, Fingerprint: from.id, Span: pageSpan - 1})
			if err = ended(err); err != nil {
				return nil, err
			}
			s.low = mark{low.SeenAt, low.Fingerprint}
		}
		out = append(out, s)
	}
	return out, nil
}

// ended takes the end of an index for what it is.
func ended(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// CountFindings counts the findings of a state, up to a bound: as many as the bound means that there may be more.
func (t *Tx) CountFindings(ctx context.Context, state finding.State, bound int) (int, error) {
	n, err := t.q.CountFindings(ctx, db.CountFindingsParams{State: column(string(state)), Most: most(bound)})
	return int(n), t.s.fail(err, "count findings")
}
