package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// Store is one open database. It is safe for concurrent use, also by several processes at once.
type Store struct {
	write   *sql.DB // one connection on SQLite
	read    *sql.DB // a pool of readers; the same as write on PostgreSQL
	engine  engine
	groups  *groups // nil where the database has its own way to commit many at once
	woke    atomic.Pointer[func()]
	watched atomic.Pointer[[]string] // states of tickets
	queue   sync.Mutex               // transactions that must be repeated do so one at a time, or they would hinder each other again
}

// engine is what differs between the two databases besides their drivers.
type engine interface {
	// name is goose's word for the dialect.
	name() string
	writing() *sql.TxOptions
	// settling is for transactions whose statements each look at and change one row.
	settling() *sql.TxOptions
	reading() *sql.TxOptions
	// again reports whether a transaction failed, at that try, only because of another one.
	again(err error, try int) bool
	// clash reports whether the error is a unique key that is there already.
	clash(err error) bool
	// down reports whether the error is the weather's (busy, unreachable, full) and not ours.
	down(err error) bool
}

// Open opens the database named by url, sqlite:///folder/file.db or postgres://user@host/name, and brings its schema up to date.
func Open(ctx context.Context, url string) (*Store, error) {
	s, err := connect(url)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	if err := errors.Join(s.adopt(ctx), s.fillRuns(ctx), s.fillWords(ctx), s.readWatched(ctx)); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func connect(url string) (*Store, error) {
	scheme, rest, ok := strings.Cut(url, "://")
	switch {
	case ok && scheme == "sqlite" && rest != "":
		return openSQLite(rest)
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return openPostgres(url)
	}
	// The text may hold a password, so it is not repeated.
	return nil, fault.New(fault.Invalid, "database: use sqlite:///folder/file.db or postgres://user:password@host/name")
}

// Embedded reports whether the database is a file of this machine.
func (s *Store) Embedded() bool { return s.read != s.write }

// Close ends all connections.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		if e := s.read.Close(); err == nil {
			err = e
		}
	}
	return s.fail(err, "close")
}

// OnWork sets what is called after each commit that enqueued work; it must not block.
func (s *Store) OnWork(poke func()) { s.woke.Store(&poke) }

func (s *Store) poke() {
	if f := s.woke.Load(); f != nil {
		(*f)()
	}
}

// reader runs single statements outside a transaction.
func (s *Store) reader() *db.Queries { return db.New(s.read) }
