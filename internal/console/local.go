package console

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"jobzero/internal/fault"
)

// Local lets in whoever works on the machine itself, and nobody else: requests that come from it and name it. It stands in where nobody can sign in.
type Local struct {
	Person string // who that is; empty: pages are only for reading
}

// Visitor lets in what comes from this machine. The name in the request has to be this machine's too: a page from elsewhere, whose name was made
// to lead here, names itself.
func (l Local) Visitor(r *http.Request) (Visitor, error) {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() || !here(r.Host) {
		return Visitor{}, fault.New(fault.Denied, "nobody can sign in here yet, so the console is only for this machine: use a tunnel to it, such as ssh -L")
	}
	return Visitor{Person: l.Person, Name: l.Person, May: func(right Right, _ string) bool { return right == Look || right == Letters || l.Person != "" }}, nil
}

// Enter is nowhere.
func (Local) Enter(*http.Request) string { return "" }

// here reports whether a host is this machine by name or number.
func here(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && a.Unmap().IsLoopback()
}
