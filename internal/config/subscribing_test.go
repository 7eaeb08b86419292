package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// TestTheKeyOfWebhooks: that of the settings counts; else all who share an embedded database have one file, which only its owner reads; with another
// database there is none that is made.
func TestTheKeyOfWebhooks(t *testing.T) {
	c := config.Default()
	c.DataDir = filepath.Join(t.TempDir(), "data")
	keys := make([]telemetry.Secret, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			got, err := c.Subscribing()
			if keys[i] = got.Key; err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] || len(k.Reveal()) < 32 {
			t.Errorf("they differ, or are short: %d bytes", len(k.Reveal()))
		}
	}
	there, err := os.ReadDir(c.DataDir)
	if err != nil || len(there) != 1 {
		t.Fatalf("%v, %v", there, err)
	}
	info, err := there[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	c.Database = "postgres://db.example.com/jobzero"
	if _, err := c.Subscribing(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "subscriptions.key: is empty") {
		t.Errorf("a database that is shared: %v", err)
	}
	c.Subscriptions.Key = keys[0]
	if got, err := c.Subscribing(); err != nil || got.Key != keys[0] {
		t.Errorf("a key of the settings: %v", err)
	}
}
