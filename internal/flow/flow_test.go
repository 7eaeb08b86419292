package flow_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
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
func pair(t testing.TB, bus flow.Bus) *flowtest.Pair {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "jobzero.db"))
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := bus.Close(); err != nil {
			t.Errorf("close the bus: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return &flowtest.Pair{
		Book: s, Bus: bus, OnWork: s.OnWork,
		Enqueue: func(leg, ref string, due time.Time) error {
			ctx := context.Background()
			return s.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, leg, ref, due) })
		},
		Wipe: func() error { return flow.DeleteStream(context.Background(), bus) },
	}
}

func embedded(t testing.TB) *flowtest.Pair {
	t.Helper()
	bus, err := flow.OpenEmbedded(t.TempDir())
	if err != nil {
		t.Fatalf("embedded bus: %v", err)
	}
	return pair(t, bus)
}

// listen starts a NATS server on a real port of the loopback.
func listen(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	o.Host, o.JetStream, o.StoreDir, o.NoSigs, o.NoLog = "127.0.0.1", true, t.TempDir(), true, true
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	srv, err := server.NewServer(&o)
	if err != nil {
		t.Fatalf("NATS server: %v", err)
	}
	go srv.Start()
	t.Cleanup(func() {
		srv.Shutdown()
		srv.WaitForShutdown()
	})
	if !srv.ReadyForConnections(20 * time.Second) {
		t.Fatal("the NATS server did not start")
	}
	return srv
}

func TestEmbedded(t *testing.T) { flowtest.Run(t, embedded) }

func TestSocket(t *testing.T) {
	srv := listen(t, server.Options{})
	flowtest.Run(t, func(t testing.TB) *flowtest.Pair {
		// A prefix for each test: one server for several houses.
		bus, err := flow.Connect(t.Context(), flow.Cluster{URLs: []string{srv.ClientURL()}, Prefix: "house-" + filepath.Base(t.TempDir()) + "-" + time.Now().Format("150405000000")})
		if err != nil {
			t.Fatalf("connect: %v", err)
		}
		return pair(t, bus)
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
