package flow

import (
	"context"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"jobzero/internal/fault"
)

// Cluster says how to reach an existing NATS.
type Cluster struct {
	URLs   []string // nats://host:port, tls://…; user and password may be in them
	Prefix string   // of all subjects and streams, "jobzero" when empty: several houses can share a cluster
	Creds  string   // file with NATS credentials, or empty
	CA     string   // file with the authority to trust, or empty for the system's
	Cert   string   // file with the client's certificate, or empty
	Key    string   // file with its key
}

// Connect joins an existing NATS with JetStream. Where three or more servers are known, hints are kept on three.
func Connect(ctx context.Context, c Cluster) (Bus, error) {
	if len(c.URLs) == 0 {
		return nil, fault.New(fault.Invalid, "bus: give the address of at least one NATS server, such as nats://nats.example.com:4222")
	}
	if c.Prefix == "" {
		c.Prefix = "jobzero"
	}
	if strings.ContainsAny(c.Prefix, ".*> \t") {
		return nil, fault.New(fault.Invalid, "bus prefix %q: use letters, digits and - only", c.Prefix)
	}
	nc, err := nats.Connect(strings.Join(c.URLs, ","), c.options()...)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "connect to the bus at %s", redact(c.URLs))
	}
	copies := 1
	if len(nc.Servers()) >= 3 {
		copies = 3
	}
	m, err := newMotion(nc, c.Prefix, copies)
	if err != nil {
		nc.Close()
		return nil, err
	}
	if err := m.prepare(ctx); err != nil {
		_ = m.Close()
		return nil, err
	}
	return m, nil
}

func (c Cluster) options() []nats.Option {
	opts := []nats.Option{
		nats.Name("jobzero"), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(5 * time.Second),
	}
	if c.Creds != "" {
		opts = append(opts, nats.UserCredentials(c.Creds))
	}
	if c.CA != "" {
		opts = append(opts, nats.RootCAs(c.CA))
	}
	if c.Cert != "" {
		opts = append(opts, nats.ClientCert(c.Cert, c.Key))
	}
	return opts
}

// redact names servers without the passwords that may be in their addresses.
func redact(urls []string) string {
	out := make([]string, len(urls))
	for i, u := range urls {
		if at := strings.LastIndex(u, "@"); at >= 0 {
			u = u[at+1:]
		}
		out[i] = u
	}
	return strings.Join(out, ", ")
}
