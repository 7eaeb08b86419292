package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

const tries = 25 // of one transaction; on PostgreSQL each loses only when another one wins

// Tx is one transaction. It is good until the function that got it returns, and for one goroutine.
type Tx struct {
	q    *db.Queries
	s    *Store
	woke bool // something was enqueued

	seals []sealed     // rows that this transaction has written
	last  *ticket.Link // that it has put into the chain; nil: none yet
}

// Update runs f in a transaction that sees and leaves the database as if it ran alone, and commits when f returns nil; an error
// of f comes back as it is. f may be
// called again when another transaction was in the way, so it must do nothing but work on tx. It must not call Update itself.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error {
	return s.update(ctx, s.engine.writing(), f)
}

// settle runs f as Update does, where each of its statements finds one row by its key, decides by that row alone and changes it: the row's
// lock is all that this needs.
func (s *Store) settle(ctx context.Context, f func(*Tx) error) error {
	return s.update(ctx, s.engine.settling(), f)
}

func (s *Store) update(ctx context.Context, o *sql.TxOptions, f func(*Tx) error) error {
	for try := 1; ; try++ {
		err := s.once(ctx, o, f, try)
		if err == nil || !errors.Is(err, errScattered) && !s.engine.again(err, try) {
			return err
		}
		if try == tries {
			return fault.Wrap(fault.Unavailable, err, "transaction: others were in the way %d times", tries)
		}
		wait := time.NewTimer(rand.N(min(time.Millisecond<<try, 50*time.Millisecond))) //nolint:gosec // jitter is no secret
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return s.fail(context.Cause(ctx), "transaction")
		}
	}
}

func (s *Store) once(ctx context.Context, o *sql.TxOptions, f func(*Tx) error, try int) error {
	if try > 1 {
		s.queue.Lock()
		defer s.queue.Unlock()
	}
	woke, err := s.written(ctx, o, f)
	if err == nil && woke {
		s.poke()
	}
	return err
}

// written runs f in a transaction of its own, or in a group where that is the way to the disk.
func (s *Store) written(ctx context.Context, o *sql.TxOptions, f func(*Tx) error) (woke bool, err error) {
	if s.groups == nil {
		return s.within(ctx, s.write, o, f)
	}
	tx := &Tx{s: s}
	ran := false
	err = s.groups.do(ctx, func(q db.DBTX) error {
		tx.q = db.New(q)
		err := tx.run(ctx, f)
		ran = err != nil
		return err
	})
	if ran { // its own error comes back as it is
		return false, err
	}
	return tx.woke, s.fail(err, "write")
}

// View runs f on one unchanging state of the database. Writing in it fails.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	_, err := s.within(ctx, s.read, s.engine.reading(), f)
	return err
}

func (s *Store) within(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(*Tx) error) (woke bool, err error) {
	t, err := pool.BeginTx(ctx, o)
	if err != nil {
		return false, s.fail(err, "begin")
	}
	defer func() { _ = t.Rollback() }() // after a commit this does nothing
	tx := &Tx{q: db.New(t), s: s}
	if err := tx.run(ctx, f); err != nil {
		return false, err
	}
	return tx.woke, s.fail(t.Commit(), "commit")
}

// run runs what a transaction is for, and puts the rows that it has written into the chain.
func (t *Tx) run(ctx context.Context, f func(*Tx) error) error {
	if err := f(t); err != nil {
		return err
	}
	return t.putSeals(ctx)
}

// fail gives a database's error a code and says what was being done. What has a code already is passed on.
func (s *Store) fail(err error, doing string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || s.engine.down(err) {
		return fault.Wrap(fault.Unavailable, err, "database: %s", doing)
	}
	if s.engine.clash(err) {
		return fault.Wrap(fault.Conflict, err, "database: %s: there is one already", doing)
	}
	return fault.Wrap(fault.Internal, err, "database: %s", doing)
}

// Updater is how a room runs transactions: T is the room's own interface with the methods of Tx that it needs.
type Updater[T any] interface {
	Update(ctx context.Context, f func(T) error) error
	View(ctx context.Context, f func(T) error) error
}

// In makes an Updater for a room. as is func(tx *store.Tx) room.Tx { return tx }, by which the compiler checks that Tx has
// all that the room asks for.
func In[T any](s *Store, as func(*Tx) T) Updater[T] { return narrow[T]{s, as} }

type narrow[T any] struct {
	s  *Store
	as func(*Tx) T
}

// Update hands the room's view of the transaction on.
func (n narrow[T]) Update(ctx context.Context, f func(T) error) error {
	return n.s.Update(ctx, func(tx *Tx) error { return f(n.as(tx)) })
}

// View hands the room's view of the transaction on.
func (n narrow[T]) View(ctx context.Context, f func(T) error) error {
	return n.s.View(ctx, func(tx *Tx) error { return f(n.as(tx)) })
}
