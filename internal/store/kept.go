package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"modernc.org/sqlite"

	"jobzero/internal/fault"
)

// keeping opens connections to a SQLite database that keep their statements. SQLite reads the text of a statement anew at each call
// otherwise, which takes it longer than most of ours take to run. PostgreSQL's driver keeps them by itself.
type keeping struct {
	driver  sqlite.Driver
	address string
}

// Connect opens one.
func (k *keeping) Connect(context.Context) (driver.Conn, error) {
	c, err := k.driver.Open(k.address)
	if err != nil {
		return nil, err
	}
	in, ok := c.(conn)
	if !ok {
		return nil, errors.Join(fault.New(fault.Internal, "SQLite's driver has changed: a connection is a %T", c), c.Close())
	}
	return &keeper{conn: in, kept: map[string]*statement{}}, nil
}

// Driver is that of the connections.
func (k *keeping) Driver() driver.Driver { return &k.driver }

// conn is all that database/sql asks of a connection.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeper is a connection with the statements that were made on it. database/sql lets one goroutine at a time use it.
type keeper struct {
	conn
	kept map[string]*statement
}

// statement is one that is kept. While its rows are being read it cannot be run again.
type statement struct {
	driver.Stmt
	read bool
}

// statement gives the kept one of a text, nil when there is none to be had now. Only the statements of the generated code are kept, of
// which there are so many and no more.
func (k *keeper) statement(ctx context.Context, text string) (*statement, error) {
	if !strings.HasPrefix(text, "-- name: ") {
		return nil, nil //nolint:nilnil // there is none, and nothing is wrong
	}
	if s, ok := k.kept[text]; ok {
		if s.read {
			return nil, nil //nolint:nilnil // as above
		}
		return s, nil
	}
	made, err := k.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: made}
	k.kept[text] = s
	return s, nil
}

// ExecContext runs a statement that gives no rows.
func (k *keeper) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := k.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if s != nil {
		if x, ok := s.Stmt.(driver.StmtExecContext); ok {
			return x.ExecContext(ctx, args)
		}
	}
	return k.conn.ExecContext(ctx, text, args)
}

// QueryContext runs a statement that gives rows.
func (k *keeper) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if s != nil {
		if x, ok := s.Stmt.(driver.StmtQueryContext); ok {
			rows, err := x.QueryContext(ctx, args)
			if err != nil {
				return nil, err
			}
			s.read = true
			return &reading{rows, s}, nil
		}
	}
	return k.conn.QueryContext(ctx, text, args)
}

// Close ends the statements too.
func (k *keeper) Close() error {
	var all []error
	for _, s := range k.kept {
		all = append(all, s.Close())
	}
	k.kept = nil
	return errors.Join(append(all, k.conn.Close())...)
}

// reading are the rows of a kept statement.
type reading struct {
	driver.Rows
	of *statement
}

// Close lets the statement be run again.
func (r *reading) Close() error {
	r.of.read = false
	return r.Rows.Close()
}
