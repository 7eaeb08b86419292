package flow

import (
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"jobzero/internal/fault"
)

const settling = time.Second // Start has done all there is to do when it comes back, or has given up

// OpenEmbedded starts a NATS server inside the process, without a port, with its files under dir/bus, and takes the folder for
// this process alone until Close.
func OpenEmbedded(dir string) (Bus, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "make data folder %s", dir)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	files := filepath.Join(dir, "bus")
	srv, err := startServer(files)
	if err != nil {
		// Hints are not worth keeping: whatever they said is in the book. Damaged files must not stop a start.
		if err = os.RemoveAll(files); err == nil {
			srv, err = startServer(files)
		}
	}
	if err != nil {
		unlock()
		return nil, err
	}
	m, err := connectInside(srv)
	if err != nil {
		stopServer(srv)
		unlock()
		return nil, err
	}
	m.closed = func() {
		stopServer(srv)
		unlock()
	}
	return m, nil
}

func startServer(files string) (*server.Server, error) {
	srv, err := server.NewServer(&server.Options{
		ServerName: "jobzero", DontListen: true, JetStream: true, StoreDir: files,
		NoSigs: true, NoLog: true, JetStreamMaxMemory: 16 << 20, JetStreamMaxStore: 1 << 30,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "set up the embedded bus")
	}
	srv.Start()
	if !srv.ReadyForConnections(settling) || !srv.JetStreamEnabled() {
		stopServer(srv)
		return nil, fault.New(fault.Unavailable, "the embedded bus did not start on %s", files)
	}
	return srv, nil
}

func stopServer(srv *server.Server) {
	srv.Shutdown()
	srv.WaitForShutdown()
}

func connectInside(srv *server.Server) (*motion, error) {
	nc, err := nats.Connect("", nats.InProcessServer(srv), nats.Name("jobzero"))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "connect to the embedded bus")
	}
	m, err := newMotion(nc, "jobzero", 1)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return m, nil
}
