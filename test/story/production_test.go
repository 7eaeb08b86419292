package story

import (
	"context"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jobzero/internal/testpg"
	"jobzero/test/world"
)

// messages starts the NATS of a production house: a server of its own, on a port, with JetStream.
func messages(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS did not start")
	}
	return "nats://" + net.JoinHostPort("127.0.0.1", port(t, s.Addr()))
}

func port(t *testing.T, a net.Addr) string {
	t.Helper()
	_, port, err := net.SplitHostPort(a.String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// deleteStreams leaves nothing of JetStream and says how many streams there were.
func deleteStreams(t *testing.T, url string) int {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	names := js.StreamNames(ctx)
	n := 0
	for name := range names.Name() {
		if err := js.DeleteStream(ctx, name); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := names.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

// Two replicas share a PostgreSQL, a NATS and a queue. One is killed in the middle, and in another round everything on the
// bus is deleted: each effect is made once, and every ticket is closed.
func TestTwoReplicasOnPostgresAndNATS(t *testing.T) {
	bus := messages(t)
	o := world.Options{
		Enforce: true, Settle: 300 * time.Millisecond, Visibility: 2 * time.Second, Bus: bus, Database: testpg.Start(t),
	}
	replicas := []*world.House{begin(t, o), beside(t, o)}
	for _, h := range replicas {
		start(t, h)
	}
	offences := offend(t)
	record(t)
	tellAll(t, offences)
	wait(t, rand.N(700*time.Millisecond))
	dead := rand.IntN(2)
	replicas[dead].Kill()
	left := replicas[1-dead]
	if round := witness(t, left, offences); round.repeated > 1 {
		t.Errorf("%d calls more than effects after one kill", round.repeated)
	}
	start(t, replicas[dead])

	offences = offend(t)
	record(t)
	tellAll(t, offences)
	wait(t, 300*time.Millisecond)
	if n := deleteStreams(t, bus); n == 0 {
		t.Error("there was no stream to delete: the bus is not in use")
	}
	if round := witness(t, left, offences); round.repeated > 0 || round.again > 0 {
		t.Errorf("nobody was killed, and %d effects were tried again with %d calls", round.again, round.repeated)
	}
	command(t, left, "audit", "verify")
	for _, h := range replicas {
		if err := h.Stop(); err != nil {
			t.Errorf("a replica that is asked to end must end well: %v", err)
		}
	}
}
