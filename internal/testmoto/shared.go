package testmoto

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
)

// shared starts one emulator for all tests of a test program; accounts keep them apart.
var shared = sync.OnceValues(func() (*Server, error) { return Start(context.Background()) }) //nolint:gochecknoglobals // one server a test program is the point

// Shared is the one emulator of this test program. It ends with the program. Without an emulator the test is skipped with
// the reason, or fails when JOBZERO_REQUIRE_EMULATOR=1.
func Shared(tb testing.TB) *Server {
	tb.Helper()
	s, err := shared()
	if errors.Is(err, ErrNotFound) && os.Getenv(EnvRequire) != "1" {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Account makes up a twelve-digit account, so that parallel tests never meet.
func Account() string { return strconv.FormatInt(100_000_000_000+rand.Int64N(899_999_999_999), 10) }
