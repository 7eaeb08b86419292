// Package testpg gives tests a real PostgreSQL.
//
// It is: one server for each test binary, in a temporary folder, on loopback, as a user that is not root; it waits for the disk only where a test of its own kills it.
// It takes: Debian's binaries, or the address of a server in JOBZERO_TEST_POSTGRES.
// It gives: the address of a fresh, empty database for each test.
// Next door: store's conformance suite.
package testpg

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// shared is the server of this test binary.
//
//nolint:gochecknoglobals // a test binary has one server, and no other place to keep it
var shared struct {
	sync.Mutex
	base   string // address of its administrative database
	err    error
	server *server
}

// Start gives the address of a database of this test's own, which is dropped at its end. Without PostgreSQL the test is
// skipped, or fails when JOBZERO_REQUIRE_POSTGRES is 1.
func Start(tb testing.TB) string {
	tb.Helper()
	return create(tb, "")
}

// Copy is Start with all that is in another database of Start's, which nobody may be connected to meanwhile. That is faster than to make it anew.
func Copy(tb testing.TB, of string) string {
	tb.Helper()
	u, err := url.Parse(of)
	if err != nil {
		tb.Fatalf("address of PostgreSQL: %v", err)
	}
	return create(tb, " template "+strings.TrimPrefix(u.Path, "/"))
}

func create(tb testing.TB, how string) string {
	tb.Helper()
	base, err := running()
	if err != nil {
		if os.Getenv("JOBZERO_REQUIRE_POSTGRES") == "1" {
			tb.Fatalf("PostgreSQL is required here: %v", err)
		}
		tb.Skipf("no PostgreSQL: %v", err)
	}
	name := "jobzero_" + strings.ToLower(rand.Text())
	command(tb, base, "create database "+name+how)
	tb.Cleanup(func() { command(tb, base, "drop database "+name+" with (force)") })
	u, err := url.Parse(base)
	if err != nil {
		tb.Fatalf("address of PostgreSQL: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}

// Main runs the tests and then stops the server and removes its folder. Without it the server still ends with the process, and
// the folder goes at the next start.
func Main(m *testing.M) {
	code := m.Run()
	shared.Lock()
	if shared.server != nil {
		shared.server.stop()
	}
	os.Exit(code)
}

func running() (string, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.base == "" && shared.err == nil {
		if shared.base = os.Getenv("JOBZERO_TEST_POSTGRES"); shared.base == "" {
			shared.server, shared.err = launch()
			if shared.err == nil {
				shared.base = shared.server.address
			}
		}
	}
	return shared.base, shared.err
}

func command(tb testing.TB, base, sql string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, base)
	if err != nil {
		tb.Fatalf("connect to PostgreSQL: %v", err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, sql); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
}
