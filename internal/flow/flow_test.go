package flow_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/flow/flowtest"
	"jobzero/internal/store"
)

func TestMain(m *testing.M) {
	if crashing() {
		return
	}
	goleak.VerifyTestMain(m)
}

// pair puts a real SQLite store behind a bus.
func pair(tb testing.TB, bus flow.Bus) *flowtest.Pair {
	tb.Helper()
	s, err := store.Open(tb.Context(), "sqlite://"+filepath.Join(tb.TempDir(), "jobzero.db"))
	if err != nil {
		tb.Fatalf("open the store: %v", err)
	}
	tb.Cleanup(func() {
		if err := bus.Close(); err != nil {
			tb.Errorf("close the bus: %v", err)
		}
		if err := s.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return &flowtest.Pair{
		Book: s, Bus: bus, OnWork: s.OnWork,
		Enqueue: func(leg, ref string, due time.Time) error {
			ctx := context.Background()
			return s.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, leg, ref, due) })
		},
		Wipe: func() error {
			err := flow.DeleteStream(context.Background(), bus)
			if errors.Is(err, jetstream.ErrStreamNotFound) {
				return nil // it was wiped a moment ago, and nobody has made it again yet
			}
			return err
		},
	}
}

func embedded(tb testing.TB) *flowtest.Pair {
	tb.Helper()
	bus, err := flow.OpenEmbedded(tb.TempDir())
	if err != nil {
		tb.Fatalf("embedded bus: %v", err)
	}
	return pair(tb, bus)
}

// listen starts a NATS server on a real port of the loopback.
func listen(tb testing.TB, o server.Options) *server.Server {
	tb.Helper()
	o.Host, o.JetStream, o.StoreDir, o.NoSigs, o.NoLog = "127.0.0.1", true, tb.TempDir(), true, true
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	srv, err := server.NewServer(&o)
	if err != nil {
		tb.Fatalf("NATS server: %v", err)
	}
	go srv.Start()
	tb.Cleanup(func() {
		srv.Shutdown()
		srv.WaitForShutdown()
	})
	if !srv.ReadyForConnections(20 * time.Second) {
		tb.Fatal("the NATS server did not start")
	}
	return srv
}

func TestEmbedded(t *testing.T) { flowtest.Run(t, embedded) }

func TestSocket(t *testing.T) {
	srv := listen(t, server.Options{})
	flowtest.Run(t, func(tb testing.TB) *flowtest.Pair {
		tb.Helper()
		// A prefix for each test: one server for several houses.
		bus, err := flow.Connect(tb.Context(), flow.Cluster{URLs: []string{srv.ClientURL()}, Prefix: "house-" + rand.Text()})
		if err != nil {
			tb.Fatalf("connect: %v", err)
		}
		return pair(tb, bus)
	})
}

func TestEmbeddedFolder(t *testing.T) {
	dir := t.TempDir()
	bus, err := flow.OpenEmbedded(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := flow.OpenEmbedded(dir); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second process took the same folder: %v", err)
	}
	if err := bus.Close(); err != nil {
		t.Fatal(err)
	}
	// Files that are damaged beyond repair are thrown away: they are only motion.
	if err := os.RemoveAll(filepath.Join(dir, "bus")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bus"), []byte("not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	bus, err = flow.OpenEmbedded(dir)
	if err != nil {
		t.Fatalf("open with damaged files: %v", err)
	}
	if err := bus.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestConnectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		cluster flow.Cluster
		want    fault.Code
	}{
		"no address": {flow.Cluster{}, fault.Invalid},
		"bad prefix": {flow.Cluster{URLs: []string{"nats://127.0.0.1:1"}, Prefix: "a.b"}, fault.Invalid},
		"nobody":     {flow.Cluster{URLs: []string{"nats://user:secret@127.0.0.1:1"}}, fault.Unavailable},
	} {
		if _, err := flow.Connect(t.Context(), c.cluster); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
