package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"jobzero/internal/store/db"
)

const (
	mostInGroup  = 64                    // transactions
	longestGroup = 20 * time.Millisecond // from its first to its last: other processes want to write too
)

// The savepoint that each transaction of a group has to itself. The names have them kept by the connection, as those of the generated code are.
const (
	savepoint = "-- name: Savepoint :exec\nsavepoint one"
	forget    = "-- name: Forget :exec\nrollback to one"
	release   = "-- name: Release :exec\nrelease one"
)

// errScattered says that the database took back the whole group because of one in it: the others have to be run again.
var errScattered = errors.New("another transaction of the group took it along")

// groups lets transactions of several goroutines go to the disk together, where there is one writer and each commit waits for the disk.
// They run one after the other, as they would without it, each in a savepoint of one transaction of the database; the last of those that
// wait commits, and nobody returns before that. Nothing waits for company: who is alone commits at once.
type groups struct {
	pool    *sql.DB
	turn    chan struct{} // holds a value while somebody has the turn
	waiting atomic.Int32  // for the turn
	open    *group        // of whoever has the turn; nil when there is none
}

// group is what is committed together.
type group struct {
	tx    *sql.Tx
	began time.Time
	size  int
	done  chan struct{} // closed when it is known what became of it
	err   error         // what did; to be read when done
}

func newGroups(pool *sql.DB) *groups {
	return &groups{pool: pool, turn: make(chan struct{}, 1)}
}

// do runs f in the next group and returns when that is on the disk, or with f's own error when nothing of f is.
func (g *groups) do(ctx context.Context, f func(db.DBTX) error) error {
	g.waiting.Add(1)
	select {
	case g.turn <- struct{}{}:
		g.waiting.Add(-1)
	case <-ctx.Done():
		go func() { // whoever came before may count on us to commit
			g.turn <- struct{}{}
			g.waiting.Add(-1)
			g.leave()
		}()
		return context.Cause(ctx)
	}
	in, err := g.run(ctx, f)
	if err != nil {
		return err
	}
	<-in.done
	return in.err
}

// run has the turn, and gives it away in the end.
func (g *groups) run(ctx context.Context, f func(db.DBTX) error) (in *group, err error) {
	defer g.leave()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if g.open == nil {
		if err := g.begin(ctx); err != nil {
			return nil, err
		}
	}
	in = g.open
	if _, err := in.tx.ExecContext(context.WithoutCancel(ctx), savepoint); err != nil {
		g.scatter()
		return nil, err
	}
	kept := false
	defer func() { // also when f panics
		if !kept {
			g.takeBack(ctx)
		}
	}()
	if err := f(calm{in.tx}); err != nil {
		return nil, err
	}
	if _, err := in.tx.ExecContext(context.WithoutCancel(ctx), release); err != nil {
		return nil, err
	}
	kept = true
	in.size++
	return in, nil
}

func (g *groups) begin(ctx context.Context) error {
	tx, err := g.pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err == nil {
		g.open = &group{tx: tx, began: time.Now(), done: make(chan struct{})}
	}
	return err
}

// takeBack undoes the one that has the turn. Where there is no savepoint any more the database has undone everything: it does that when
// the disk is full or fails.
func (g *groups) takeBack(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if _, err := g.open.tx.ExecContext(ctx, forget); err != nil {
		g.scatter()
		return
	}
	if _, err := g.open.tx.ExecContext(ctx, release); err != nil {
		g.scatter()
	}
}

// scatter ends the group without anything of it.
func (g *groups) scatter() {
	_ = g.open.tx.Rollback()
	g.end(errScattered)
}

// leave gives the turn away. Who is the last of those that wait commits.
func (g *groups) leave() {
	defer func() { <-g.turn }()
	in := g.open
	if in == nil || g.waiting.Load() > 0 && in.size < mostInGroup && time.Since(in.began) < longestGroup {
		return
	}
	g.end(in.tx.Commit())
}

func (g *groups) end(err error) {
	in := g.open
	g.open, in.err = nil, err
	close(in.done)
}

// calm are the statements of one in a group. None that has begun is interrupted when its caller's context ends: SQLite would take back
// what others in the group have written.
type calm struct{ tx *sql.Tx }

// ExecContext runs a statement that gives no rows.
func (c calm) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return c.tx.ExecContext(context.WithoutCancel(ctx), text, args...)
}

// PrepareContext makes a statement.
func (c calm) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	return c.tx.PrepareContext(context.WithoutCancel(ctx), text)
}

// QueryContext runs a statement that gives rows.
func (c calm) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return c.tx.QueryContext(context.WithoutCancel(ctx), text, args...)
}

// QueryRowContext runs a statement that gives one row.
func (c calm) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return c.tx.QueryRowContext(context.WithoutCancel(ctx), text, args...)
}
