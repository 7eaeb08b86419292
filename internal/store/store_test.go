package store_test

import (
	"path/filepath"
	"testing"

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

func TestSQLite(t *testing.T)   { storetest.Run(t, fresh) }
func TestPostgres(t *testing.T) { storetest.Run(t, testpg.Start) }
