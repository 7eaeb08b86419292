package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// counted is a query of the form that is kept.
const counted = "-- name: Counted :many\nwith recursive n(x) as (select 1 union all select x + 1 from n where x < $1) select x from n"

func openKept(t *testing.T) (*Store, *sql.Conn) {
	t.Helper()
	s, err := Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := s.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return s, c
}

// kept counts the statements that a connection keeps.
func kept(t *testing.T, c *sql.Conn) (n int) {
	t.Helper()
	if err := c.Raw(func(in any) error { n = len(in.(*keeper).kept); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// numbers runs a query for 1, 2, 3 … and counts them. between is called after the first.
func numbers(c *sql.Conn, text string, between func(), args ...any) (n int, err error) {
	rows, err := c.QueryContext(context.Background(), text, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		n++
		var x int
		if err := rows.Scan(&x); err != nil || x != n {
			return n, fmt.Errorf("row %d is %d: %w", n, x, err)
		}
		if n == 1 && between != nil {
			between()
		}
	}
	return n, rows.Err()
}

// A statement is read once, whatever its arguments; while its rows are being read the same text is a statement of its own.
func TestAStatementIsReadOnce(t *testing.T) {
	_, c := openKept(t)
	before := kept(t, c)
	want := func(n int, between func()) {
		t.Helper()
		if got, err := numbers(c, counted, between, n); got != n || err != nil {
			t.Errorf("want %d rows, got %d: %v", n, got, err)
		}
	}
	want(3, nil)
	want(5, nil)
	want(4, func() { want(7, nil) })
	want(2, nil)
	if got := kept(t, c) - before; got != 1 {
		t.Errorf("%d statements are kept of one text", got)
	}
}

// What is not of the generated code is not kept: there may be any number of it. What failed can be run again.
func TestWhatIsKept(t *testing.T) {
	s, c := openKept(t)
	before := kept(t, c)
	if got, err := numbers(c, "select 1", nil); got != 1 || err != nil || kept(t, c) != before {
		t.Errorf("%d rows, %v, %d statements kept", got, err, kept(t, c)-before)
	}
	if _, err := numbers(c, "-- name: Bad :one\nselect x from nowhere", nil); err == nil || kept(t, c) != before {
		t.Errorf("a statement that is none: %v, %d kept", err, kept(t, c)-before)
	}
	const add = "-- name: Add :exec\ninsert into lease (name, holder, ends_at) values ($1, 'h', 1)"
	w, err := s.write.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for _, c := range []struct {
		name string
		ok   bool
	}{{"a", true}, {"a", false}, {"b", true}} {
		if _, err := w.ExecContext(t.Context(), add, c.name); (err == nil) != c.ok {
			t.Errorf("insert %s: %v", c.name, err)
		}
	}
}
