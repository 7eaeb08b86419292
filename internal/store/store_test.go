package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/store"
	"jobzero/internal/store/storetest"
	"jobzero/internal/testpg"
)

func TestMain(m *testing.M) {
	if crashing() {
		return
	}
	testpg.Main(m)
}

func fresh(tb testing.TB) string {
	tb.Helper()
	return "sqlite://" + filepath.Join(tb.TempDir(), "data", "jobzero.db")
}

func TestSQLite(t *testing.T) {
	from := fresh(t)
	made(t, from)
	storetest.Run(t, fresh, func(tb testing.TB) string {
		tb.Helper()
		to := fresh(tb)
		text, err := os.ReadFile(path(from))
		if err == nil {
			err = os.Mkdir(filepath.Dir(path(to)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(path(to), text, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
		return to
	})
}

func TestPostgres(t *testing.T) {
	from := testpg.Start(t)
	made(t, from)
	storetest.Run(t, testpg.Start, func(tb testing.TB) string { tb.Helper(); return testpg.Copy(tb, from) })
}

// made has all tables made in an empty database.
func made(t *testing.T, url string) {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func path(url string) string { return strings.TrimPrefix(url, "sqlite://") }
