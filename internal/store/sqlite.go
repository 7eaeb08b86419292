package store

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"jobzero/internal/fault"
)

// lite is SQLite: a write-ahead log that is synced at each commit, one writer, many readers, also from other processes.
type lite struct{}

const readers = 4

func openSQLite(file string) (*Store, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "database file %s", file)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "make the folder of database file %s", path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // findings are nobody else's business
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "open database file %s", path)
	}
	if err := f.Close(); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "open database file %s", path)
	}
	write := sql.OpenDB(&keeping{address: address(path, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")})
	write.SetMaxOpenConns(1)
	read := sql.OpenDB(&keeping{address: address(path, "_query_only=1")})
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &Store{write: write, read: read, groups: newGroups(write), engine: lite{}}, nil
}

// address waits up to ten seconds for another process's transaction before it gives up.
func address(path, options string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_busy_timeout=10000&" + options}
	return u.String()
}

func (lite) name() string             { return "sqlite3" }
func (lite) writing() *sql.TxOptions  { return nil }
func (lite) settling() *sql.TxOptions { return nil }
func (lite) reading() *sql.TxOptions  { return nil }

// again: the busy time-out has waited already.
func (lite) again(error, int) bool { return false }

func (lite) clash(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func (lite) down(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff { // the primary code
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CANTOPEN, lib.SQLITE_INTERRUPT:
		return true
	}
	return false
}
