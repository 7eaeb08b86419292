package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// AddLetter keeps a dead letter. One that is known, by its ID or because the same bytes came from the same place and failed in
// the same way, is kept as it is.
func (t *Tx) AddLetter(ctx context.Context, l event.Letter) error {
	doc, err := letterDoc(l)
	if err != nil {
		return err
	}
	data := l.Bytes
	if data == nil {
		data = []byte{}
	}
	err = t.q.AddLetter(ctx, db.AddLetterParams{
		ID: column(l.ID), Source: column(l.Origin.Source), State: column(string(l.State)), Size: l.Size, Doc: doc, Bytes: data,
		Digest: digest(l),
	})
	return t.s.fail(err, "keep dead letter "+l.ID)
}

func digest(l event.Letter) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %q\n", l.Origin, l.Size, l.Reason)
	h.Write(l.Bytes)
	return hex.EncodeToString(h.Sum(nil))
}

// letterDoc is a letter without its bytes, which have a column of their own.
func letterDoc(l event.Letter) (string, error) {
	l.Bytes = nil
	return encode("dead letter "+l.ID, l)
}

// Letter gives one dead letter with its bytes, or fault.NotFound.
func (t *Tx) Letter(ctx context.Context, id string) (event.Letter, error) {
	row, err := t.q.Letter(ctx, column(id))
	if errors.Is(err, sql.ErrNoRows) {
		return event.Letter{}, fault.New(fault.NotFound, "there is no dead letter %s", id)
	}
	if err != nil {
		return event.Letter{}, t.s.fail(err, "read dead letter "+id)
	}
	l, err := decode[event.Letter]("dead letter "+id, row.Doc)
	l.Bytes = row.Bytes
	return l, err
}

// Letters lists dead letters without their bytes, the newest first.
func (t *Tx) Letters(ctx context.Context, f event.LetterFilter) ([]event.Letter, error) {
	docs, err := t.q.Letters(ctx, db.LettersParams{
		State: column(string(f.State)), Source: column(f.Source), Most: most(f.Limit),
	})
	if err != nil {
		return nil, t.s.fail(err, "list dead letters")
	}
	return decodeAll[event.Letter]("dead letter", docs)
}

// SaveLetter changes what is said about a dead letter, never its bytes; fault.NotFound when there is none.
func (t *Tx) SaveLetter(ctx context.Context, l event.Letter) error {
	doc, err := letterDoc(l)
	if err != nil {
		return err
	}
	n, err := t.q.SaveLetter(ctx, db.SaveLetterParams{ID: column(l.ID), State: column(string(l.State)), Doc: doc})
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "there is no dead letter %s", l.ID)
	}
	return t.s.fail(err, "save dead letter "+l.ID)
}
