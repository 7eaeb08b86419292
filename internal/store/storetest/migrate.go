package storetest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/fault"
	"jobzero/internal/store"
)

func migrateAtOnce(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			s, err := store.Open(context.WithoutCancel(t.Context()), url)
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	all.Wait()
}

func newerSchema(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	open(t, url)
	exec(t, raw(t, url), `insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	s, err := store.Open(t.Context(), url)
	if err == nil {
		_ = s.Close()
	}
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "newer jobzero") {
		t.Errorf("open a database of the future: %v", err)
	}
}
