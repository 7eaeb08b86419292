package flow_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"jobzero/internal/flow"
)

// cluster starts three NATS servers that know one another, each on a real port of the loopback.
func cluster(t *testing.T) []*server.Server {
	t.Helper()
	ports := make([]int, 3)
	routes := make([]*url.URL, 3)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports[i] = l.Addr().(*net.TCPAddr).Port
		routes[i] = &url.URL{Scheme: "nats", Host: l.Addr().String()}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	servers := make([]*server.Server, 3)
	for i := range servers {
		servers[i] = listen(t, server.Options{
			ServerName: fmt.Sprint("n", i), Routes: routes,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: ports[i]},
		})
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for ready := false; !ready; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the cluster found no leader")
		}
		for _, s := range servers {
			ready = ready || (s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == 3)
		}
	}
	return servers
}

// TestCluster: hints are kept on three servers, and the loss of one of them in the middle is not noticed.
func TestCluster(t *testing.T) {
	servers := cluster(t)
	var urls []string
	for _, s := range servers {
		urls = append(urls, s.ClientURL())
	}
	bus, err := flow.Connect(t.Context(), flow.Cluster{URLs: urls})
	if err != nil {
		t.Fatal(err)
	}
	p := pair(t, bus)
	if n, err := flow.Copies(t.Context(), bus); n != 3 || err != nil {
		t.Errorf("%d copies, %v", n, err)
	}
	var mu sync.Mutex
	seen := map[string]bool{}
	done := make(chan struct{})
	const n = 200
	e, err := flow.New(flow.Options{Book: p.Book, Bus: p.Bus, Legs: []flow.Leg{
		flow.Into("count", "things", func(_ context.Context, ref string) (time.Time, error) {
			mu.Lock()
			defer mu.Unlock()
			if seen[ref] = true; len(seen) == n {
				select {
				case <-done:
				default:
					close(done)
				}
			}
			return time.Time{}, nil
		}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.OnWork(e.Poke)
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := p.Enqueue("count", fmt.Sprint(i), time.Time{}); err != nil {
			t.Fatal(err)
		}
		if i == n/2 {
			servers[0].Shutdown()
		}
	}
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		mu.Lock()
		defer mu.Unlock()
		t.Errorf("%d of %d things were handled", len(seen), n)
	}
	if err := e.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
