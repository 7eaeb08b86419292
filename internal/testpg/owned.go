package testpg

import (
	"errors"
	"os"
	"testing"
	"time"
)

// Owned is a server of one test's own, which may kill it.
type Owned struct {
	URL    string // of its one database
	server *server
	again  func() error
}

// Own starts a server for this test alone. Without PostgreSQL's binaries the test is skipped, or fails when JOBZERO_REQUIRE_POSTGRES is 1.
func Own(tb testing.TB) *Owned {
	tb.Helper()
	o, err := own("on")
	if err != nil {
		if os.Getenv("JOBZERO_REQUIRE_POSTGRES") == "1" {
			tb.Fatalf("PostgreSQL is required here: %v", err)
		}
		tb.Skipf("no PostgreSQL: %v", err)
	}
	tb.Cleanup(o.server.stop)
	return o
}

// Kill ends the server as a power cut would, and starts it again on its files at the same address: it recovers by itself. The processes
// that served its clients end when they see that it is gone, and until then a new one refuses to start.
func (o *Owned) Kill() error {
	if err := o.server.cmd.Process.Kill(); err != nil {
		return err
	}
	<-o.server.ended
	var bad error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		o.server.ended = make(chan struct{})
		if bad = o.again(); bad == nil {
			return nil
		}
		<-time.After(100 * time.Millisecond)
	}
	return errors.Join(errors.New("PostgreSQL does not start again"), bad)
}
