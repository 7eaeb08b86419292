package store

import (
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"jobzero/internal/fault"
)

// elephant is PostgreSQL with serializable transactions.
type elephant struct{}

const connections = 16

func openPostgres(url string) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The driver's error can repeat a piece of the password, so it is not passed on.
		return nil, fault.New(fault.Invalid, "database: the address cannot be read: use postgres://user:password@host:5432/name, "+
			"with special characters of the password written as %%XX")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections / 2)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &Store{write: pool, read: pool, engine: elephant{}}, nil
}

func (elephant) name() string            { return "postgres" }
func (elephant) writing() *sql.TxOptions { return &sql.TxOptions{Isolation: sql.LevelSerializable} }

// settling sees the newest state of each row that it locks. Serializable, it would have to be run again whenever somebody else has just
// changed one of its rows; and a relay marks hints as sent while their rows are being claimed.
func (elephant) settling() *sql.TxOptions { return &sql.TxOptions{Isolation: sql.LevelReadCommitted} }

// reading takes one snapshot; a reader never fails because of a writer.
func (elephant) reading() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// again: two transactions that cannot stand in any order, deadlock, and a unique key that another transaction may have put in just now: what this one read
// is old. If it is there after a few looks, it is our own mistake.
func (e elephant) again(err error, try int) bool {
	if e.clash(err) {
		return try < 5
	}
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

func (elephant) clash(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}

func (elephant) down(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return true // it did not come from the server: the way there is broken
	}
	switch e.Code[:2] {
	case "08", "40", "53", "57", "58": // connection, rollback, resources, operator, system
		return true
	}
	return false
}
