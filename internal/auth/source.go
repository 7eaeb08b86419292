package auth

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// address is where a request comes from: the peer, or, where the peer is a proxy of the settings, what the nearest proxies say. What a
// client itself puts into the header stands further to the left, and is not believed.
func (g *Gate) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !g.proxy(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		if host = hop; !g.proxy(hop) {
			break
		}
	}
	return host
}

func (g *Gate) proxy(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range g.proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// source is what failures are counted by: an address, or the network that one subscriber has in IPv6.
func source(address string) string {
	const subscriber = 64
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(subscriber)
	if err != nil {
		return address
	}
	return p.String()
}
