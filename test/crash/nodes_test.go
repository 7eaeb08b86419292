package crash

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"jobzero/internal/fault"
)

// node is one server of a cluster of NATS.
type node struct {
	Name, Dir     string
	Port, Cluster int
	Routes        []string
}

// serve is the server until it is killed, or asked to end.
func (n *node) serve() error {
	o := &server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Dir, NoSigs: true, NoLog: true,
		SyncAlways: true, Cluster: server.ClusterOpts{Name: "crash", Host: "127.0.0.1", Port: n.Cluster},
	}
	for _, r := range n.Routes {
		u, err := url.Parse(r)
		if err != nil {
			return err
		}
		o.Routes = append(o.Routes, u)
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		return fault.New(fault.Unavailable, "NATS server %s did not start", n.Name)
	}
	fmt.Println("ready")
	<-ctx.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// cluster starts three servers that know one another, each a process.
func cluster(t *testing.T) (nodes []*process, urls []string) {
	t.Helper()
	ports := free(t, 6)
	var routes []string
	for _, p := range ports[3:] {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", p))
	}
	for i := range 3 {
		n := &node{Name: fmt.Sprint("n", i), Dir: filepath.Join(t.TempDir(), "files"), Port: ports[i], Cluster: ports[3+i], Routes: routes}
		nodes = append(nodes, &process{t: t, name: "NATS server " + n.Name, as: child{Node: n}})
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", n.Port))
	}
	for _, p := range nodes {
		p.start()
	}
	return nodes, urls
}

// lose kills all servers, and has nothing left of what they kept.
func lose(t *testing.T, nodes []*process) {
	t.Helper()
	for _, p := range nodes {
		p.kill()
	}
	for _, p := range nodes {
		if err := os.RemoveAll(p.as.Node.Dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range nodes {
		p.start()
	}
}

func free(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }() // all at once in the end, so that no number comes twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
