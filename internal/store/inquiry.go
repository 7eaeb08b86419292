package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Inquiry gives what was read about a finding in an opening of its ticket; false when nothing was.
func (t *Tx) Inquiry(ctx context.Context, id ticket.ID, opening int, fp finding.Fingerprint) (playbook.Inquiry, bool, error) {
	doc, err := t.q.Inquiry(ctx, db.InquiryParams{Ticket: column(string(id)), Opening: int64(opening), Fingerprint: column(string(fp))})
	if errors.Is(err, sql.ErrNoRows) {
		return playbook.Inquiry{}, false, nil
	}
	if err != nil {
		return playbook.Inquiry{}, false, t.s.fail(err, "read the inquiry on ticket "+string(id))
	}
	q, err := decode[playbook.Inquiry]("the inquiry on ticket "+string(id), doc)
	return q, err == nil, err
}

// InquiriesOf gives all inquiries on a ticket, the oldest opening first.
func (t *Tx) InquiriesOf(ctx context.Context, id ticket.ID) ([]playbook.Inquiry, error) {
	docs, err := t.q.InquiriesOf(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "read the inquiries on ticket "+string(id))
	}
	return decodeAll[playbook.Inquiry]("inquiry", docs)
}

// SaveInquiry puts an inquiry in or replaces it.
func (t *Tx) SaveInquiry(ctx context.Context, q playbook.Inquiry) error {
	doc, err := encode("the inquiry on ticket "+string(q.Ticket), q)
	if err != nil {
		return err
	}
	err = t.q.SaveInquiry(ctx, db.SaveInquiryParams{
		Ticket: column(string(q.Ticket)), Opening: int64(q.Opening), Fingerprint: column(string(q.Finding)), Account: column(q.Account),
		Principal: column(q.Principal), Source: column(q.Source), OccurredAt: stamp(q.Occurred), Verdict: column(q.Opinion.ID),
		Memory: column(q.Recalled), Doc: doc,
	})
	return t.s.fail(err, "save the inquiry on ticket "+string(q.Ticket))
}

// Kin asks for tickets that are near a finding: of the same principal, source or account. Exactly one of the three is set.
type Kin struct {
	Principal, Source, Account string
	Since, Until               time.Time
	Most                       int // of the latest findings that are looked through
}

// Kin gives the tickets that are not closed and have a finding near by, the newest first, as far as it was inquired into.
func (t *Tx) Kin(ctx context.Context, k Kin) (out []ticket.ID, err error) {
	var ids []string
	since, until, n := stamp(k.Since), stamp(k.Until), most(k.Most)
	switch {
	case k.Principal != "":
		ids, err = t.q.KinByPrincipal(ctx, db.KinByPrincipalParams{Principal: column(k.Principal), Since: since, Until: until, Most: n})
	case k.Source != "":
		ids, err = t.q.KinBySource(ctx, db.KinBySourceParams{Source: column(k.Source), Since: since, Until: until, Most: n})
	default:
		ids, err = t.q.KinByAccount(ctx, db.KinByAccountParams{Account: column(k.Account), Since: since, Until: until, Most: n})
	}
	for _, id := range ids {
		out = append(out, ticket.ID(id))
	}
	return out, t.s.fail(err, "look for tickets near by")
}

// Memory gives a verdict that is remembered, by its key; false when there is none.
func (t *Tx) Memory(ctx context.Context, key string) (verdict.Memory, bool, error) {
	doc, err := t.q.Memory(ctx, column(key))
	if errors.Is(err, sql.ErrNoRows) {
		return verdict.Memory{}, false, nil
	}
	if err != nil {
		return verdict.Memory{}, false, t.s.fail(err, "read what is remembered")
	}
	m, err := decode[verdict.Memory]("what is remembered", doc)
	return m, err == nil, err
}

// SaveMemory keeps a verdict, or what became of it.
func (t *Tx) SaveMemory(ctx context.Context, m verdict.Memory) error {
	doc, err := encode("what is remembered", m)
	if err != nil {
		return err
	}
	row := db.Memory{ID: column(m.Key), Verdict: column(m.Opinion.ID), EndsAt: stamp(m.Ends), Doc: doc}
	t.seal("memory "+row.ID, memorySum(row))
	err = t.q.SaveMemory(ctx, db.SaveMemoryParams(row))
	return t.s.fail(err, "remember a verdict")
}

// Refuse forgets the verdicts that closed findings of a ticket, and has none close the like of them for a time: a person has opened the ticket
// again.
func (t *Tx) Refuse(ctx context.Context, id ticket.ID, now time.Time) error {
	all, err := t.InquiriesOf(ctx, id)
	if err != nil {
		return err
	}
	for _, q := range all {
		if !q.Closed || q.Recalled == "" {
			continue
		}
		m := verdict.Memory{Key: q.Recalled, Opinion: q.Opinion, Ticket: string(id), Made: now, Ends: now.Add(verdict.Refused), Refused: true}
		if err := t.SaveMemory(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// PruneMemories forgets verdicts that ended before a time.
func (s *Store) PruneMemories(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget verdicts", func(t *Tx) (int64, error) {
		gone, err := t.q.PruneMemories(ctx, stamp(before))
		for _, id := range gone {
			t.seal("memory "+id, removed)
		}
		return int64(len(gone)), err
	})
}
