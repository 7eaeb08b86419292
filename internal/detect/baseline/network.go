package baseline

import (
	"net/netip"
	"strings"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// origin is where a call came from, as far as it is known.
type origin struct {
	network string // the network's name; empty when the call came from AWS itself or from where nobody can tell
	hash    uint64 // of network; zero when there is none
	address uint64 // hash of a public address; zero when it is none
	place   Place
}

// from reads where an event came from. A service is no place. A private address says only through which endpoint it came, as
// everybody may choose it.
func (l *Learner) from(e *event.Event) origin {
	ip, err := netip.ParseAddr(e.SourceIP)
	if err != nil {
		return origin{} // a service, "AWS Internal" or no address at all
	}
	ip = ip.Unmap().WithZone("")
	if !public(ip) {
		name := "a private network"
		if endpoint, ok := e.Record().Get(event.VPCEndpointID).Text(); ok && endpoint != "" {
			name = "the endpoint " + cut(endpoint)
		}
		return origin{network: name, hash: sketch.Hash(name)}
	}
	o := origin{address: sketch.Hash(ip.String())}
	if l.o.Locator != nil {
		o.place, _ = l.o.Locator.Locate(ip)
	}
	if o.network = o.place.Network; o.network == "" {
		o.network = block(ip)
	}
	o.network = cut(o.network)
	o.hash = sketch.Hash(o.network)
	return o
}

// block is the network around an address: a /24, or a /48 of IPv6, which is what one site gets (RFC 6177).
func block(ip netip.Addr) string {
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return ip.String() // both lengths are within every address
	}
	return p.String()
}

// public reports whether an address means the same everywhere. Networks for documentation count: tests live there.
func public(ip netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // RFC 6598, carriers' own
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip)
}

// callName is a call as people write it: iam:CreateUser.
func callName(e *event.Event) string { return cut(serviceName(e) + ":" + e.Name) }

func serviceName(e *event.Event) string { return strings.TrimSuffix(e.Source, ".amazonaws.com") }
