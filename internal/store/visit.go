package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// Visit gives the session whose secret has a hash, or fault.NotFound.
func (t *Tx) Visit(ctx context.Context, hash string) (auth.Visit, error) {
	r, err := t.q.Visit(ctx, column(hash))
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Visit{}, fault.New(fault.NotFound, "there is no such session")
	}
	if err != nil {
		return auth.Visit{}, t.s.fail(err, "read a session")
	}
	v, err := decode[auth.Visit]("session", r.Doc)
	v.Hash = r.Hash
	return v, err
}

// SaveVisit keeps a session.
func (t *Tx) SaveVisit(ctx context.Context, v auth.Visit) error {
	doc, err := encode("session of "+v.Who, v)
	if err != nil {
		return err
	}
	err = t.q.SaveVisit(ctx, db.SaveVisitParams{Hash: column(v.Hash), Who: column(v.Who), SeenAt: stamp(v.Seen), EndsAt: stamp(v.Ends), Doc: doc})
	return t.s.fail(err, "save the session of "+v.Who)
}

// DropVisit ends a session; one that there is not has ended.
func (t *Tx) DropVisit(ctx context.Context, hash string) error {
	return t.s.fail(t.q.DropVisit(ctx, column(hash)), "end a session")
}

// DropVisitsOf ends all sessions of somebody and says how many there were.
func (t *Tx) DropVisitsOf(ctx context.Context, who string) (int, error) {
	n, err := t.q.DropVisitsOf(ctx, column(who))
	return int(n), t.s.fail(err, "end the sessions of "+who)
}

// Token gives a service token, or fault.NotFound.
func (t *Tx) Token(ctx context.Context, id string) (auth.Token, error) {
	doc, err := t.q.Token(ctx, column(id))
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Token{}, fault.New(fault.NotFound, "there is no token %s", id)
	}
	if err != nil {
		return auth.Token{}, t.s.fail(err, "read token "+id)
	}
	return decode[auth.Token]("token "+id, doc)
}

// Tokens are all service tokens by name, also those that open nothing any more.
func (t *Tx) Tokens(ctx context.Context) ([]auth.Token, error) {
	docs, err := t.q.Tokens(ctx)
	if err != nil {
		return nil, t.s.fail(err, "list tokens")
	}
	return decodeAll[auth.Token]("token", docs)
}

// SaveToken keeps a service token.
func (t *Tx) SaveToken(ctx context.Context, k auth.Token) error {
	doc, err := encode("token "+k.Name, k)
	if err != nil {
		return err
	}
	return t.s.fail(t.q.SaveToken(ctx, db.SaveTokenParams{ID: column(k.ID), Name: column(k.Name), Doc: doc}), "save token "+k.Name)
}

// SaveLink keeps a one-time link.
func (t *Tx) SaveLink(ctx context.Context, l auth.Link) error {
	doc, err := encode("one-time link", l)
	if err != nil {
		return err
	}
	err = t.q.SaveLoginLink(ctx, db.SaveLoginLinkParams{Hash: column(l.Hash), EndsAt: stamp(l.Ends), Doc: doc})
	return t.s.fail(err, "save a one-time link")
}

// TakeLink gives a one-time link and takes it away, so that it is given once; fault.NotFound where there is none.
func (t *Tx) TakeLink(ctx context.Context, hash string) (auth.Link, error) {
	none := fault.New(fault.NotFound, "there is no such link")
	r, err := t.q.LoginLink(ctx, column(hash))
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Link{}, none
	}
	if err != nil {
		return auth.Link{}, t.s.fail(err, "read a one-time link")
	}
	n, err := t.q.DropLoginLink(ctx, r.Hash)
	if err != nil {
		return auth.Link{}, t.s.fail(err, "use up a one-time link")
	}
	if n == 0 {
		return auth.Link{}, none
	}
	l, err := decode[auth.Link]("one-time link", r.Doc)
	l.Hash = r.Hash
	return l, err
}

// SaveRecord keeps what somebody asked for, or what became of it, and puts it into the chain.
func (t *Tx) SaveRecord(ctx context.Context, r auth.Record) error {
	doc, err := encode("record "+r.ID, r)
	if err != nil {
		return err
	}
	row := db.Asked{ID: column(r.ID), At: stamp(r.At), Who: column(r.Who), Doc: doc}
	t.seal("asked "+row.ID, askedSum(row))
	return t.s.fail(t.q.SaveAsked(ctx, db.SaveAskedParams(row)), "record what "+r.Who+" asked for")
}

// Records are what was asked for, newest first, before one; all when that is empty.
func (t *Tx) Records(ctx context.Context, before string, limit int) ([]auth.Record, error) {
	docs, err := t.q.AskedBefore(ctx, db.AskedBeforeParams{Before: column(before), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list what was asked for")
	}
	return decodeAll[auth.Record]("record", docs)
}

func askedSum(r db.Asked) string { return rowSum("asked "+r.ID, r.At, r.Who, r.Doc) }

func askedRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedAsked(ctx, db.SealedAskedParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{"asked " + r.Asked.ID, r.Asked.ID, askedSum(r.Asked), r.Chained}
	}
	return out, err
}

// PruneVisits forgets the sessions and one-time links that ended before a time.
func (s *Store) PruneVisits(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget ended sessions", func(t *Tx) (int64, error) {
		n, err := t.q.PruneVisits(ctx, stamp(before))
		if err != nil {
			return 0, err
		}
		more, err := t.q.PruneLoginLinks(ctx, stamp(before))
		return n + more, err
	})
}
