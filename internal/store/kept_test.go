package store

import (
	"context"
	"database/sql"
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

func numbers(t *testing.T, rows *sql.Rows) (n int) {
	t.Helper()
	for rows.Next() {
		n++
		var x int
		if err := rows.Scan(&x); err != nil || x != n {
			t.Fatalf("row %d is %d: %v", n, x, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func query(t *testing.T, c *sql.Conn, text string, args ...any) *sql.Rows {
	t.Helper()
	rows, err := c.QueryContext(t.Context(), text, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	return rows
}

// A statement is read once, whatever its arguments; while its rows are being read the same text is a statement of its own.
func TestAStatementIsReadOnce(t *testing.T) {
	_, c := openKept(t)
	before := kept(t, c)
	for _, n := range []int{3, 5} {
		if got := numbers(t, query(t, c, counted, n)); got != n {
			t.Errorf("want %d rows, got %d", n, got)
		}
	}
	outer := query(t, c, counted, 4)
	if !outer.Next() {
		t.Fatal("no row")
	}
	if got := numbers(t, query(t, c, counted, 7)); got != 7 {
		t.Errorf("want 7 rows beside others, got %d", got)
	}
	left := 0
	for outer.Next() {
		left++
	}
	if left != 3 || outer.Err() != nil {
		t.Errorf("%d more rows: %v", left, outer.Err())
	}
	if got := numbers(t, query(t, c, counted, 2)); got != 2 {
		t.Errorf("want 2 rows afterwards, got %d", got)
	}
	if got := kept(t, c) - before; got != 1 {
		t.Errorf("%d statements are kept of one text", got)
	}
}

// What is not of the generated code is not kept: there may be any number of it. What failed can be run again.
func TestWhatIsKept(t *testing.T) {
	s, c := openKept(t)
	before := kept(t, c)
	if got := numbers(t, query(t, c, "select 1")); got != 1 || kept(t, c) != before {
		t.Errorf("%d rows, %d statements kept", got, kept(t, c)-before)
	}
	if _, err := c.QueryContext(t.Context(), "-- name: Bad :one\nselect x from nowhere"); err == nil || kept(t, c) != before {
		t.Errorf("a statement that is none: %v, %d kept", err, kept(t, c)-before)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.QueryContext(gone, counted, 9); err == nil {
		t.Error("the context had ended")
	}
	if got := numbers(t, query(t, c, counted, 9)); got != 9 {
		t.Errorf("want 9 rows after that, got %d", got)
	}
	const twice = "-- name: Twice :exec\ninsert into lease (name, holder, ends_at) values ($1, 'h', 1)"
	w, err := s.write.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for i, ok := range []bool{true, false} {
		if _, err := w.ExecContext(t.Context(), twice, "a"); (err == nil) != ok {
			t.Errorf("insert %d: %v", i, err)
		}
	}
	if _, err := w.ExecContext(t.Context(), twice, "b"); err != nil {
		t.Errorf("after one that failed: %v", err)
	}
}
