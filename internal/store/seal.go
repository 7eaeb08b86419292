package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"

	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// sealed is a row beside the timelines that a transaction has written: its name in the chain and its hash.
type sealed struct{ name, sum string }

// removed stands for the hash of a row that is not there any more.
const removed = ""

// seal has the row's hash put into the chain when the transaction commits, once however often it writes the row.
func (t *Tx) seal(name, sum string) {
	s := sealed{name, sum}
	for i := range t.seals {
		if t.seals[i].name == name {
			t.seals[i] = s
			return
		}
	}
	t.seals = append(t.seals, s)
}

// rowSum is the hash of a row. Columns are all that must not be edited unseen, in an order that never changes.
func rowSum(name string, columns ...any) string {
	text, _ := json.Marshal(append([]any{name}, columns...)) // texts and numbers always marshal
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// putSeals puts what was sealed into the chain, last of all in a transaction: whoever writes to the chain keeps others from it.
func (t *Tx) putSeals(ctx context.Context) error {
	if len(t.seals) == 0 {
		return nil
	}
	last, err := t.LastLink(ctx)
	if err != nil {
		return err
	}
	for _, s := range t.seals {
		last = ticket.FollowRow(last, s.name, s.sum)
		if err := t.addLink(ctx, last); err != nil {
			return err
		}
	}
	t.seals = nil
	return nil
}

func (t *Tx) addLink(ctx context.Context, l ticket.Link) error {
	err := t.q.AddLink(ctx, db.AddLinkParams{
		Seq: l.Seq, Ticket: column(string(l.Ticket)), Entry: int64(l.Entry), Head: l.Head, Prev: l.Prev, Hash: l.Hash, RowKey: l.Row,
	})
	if err == nil {
		t.last = &l
	}
	return t.s.fail(err, "add to the chain")
}

// adopt puts the rows of a database that was made before rows were in the chain into it, as they are, and all at once. It does nothing where
// there are some already: a row that somebody puts in later must not become one of ours by a restart.
func (s *Store) adopt(ctx context.Context) error {
	none := func(t *Tx) (bool, error) {
		_, err := t.q.AnyRowLink(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return true, nil
		}
		return false, s.fail(err, "look for rows in the chain")
	}
	wanted := false
	err := s.View(ctx, func(t *Tx) (err error) {
		wanted, err = none(t)
		return err
	})
	if err != nil || !wanted {
		return err
	}
	return s.Update(ctx, func(t *Tx) error {
		if again, err := none(t); err != nil || !again {
			return err
		}
		for _, table := range tables() {
			err := table.each(ctx, t, func(r row) error {
				t.seals = append(t.seals, sealed{r.name, r.sum})
				if len(t.seals) < auditPage {
					return nil
				}
				return t.putSeals(ctx)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
