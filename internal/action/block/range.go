package block

import (
	"fmt"
	"net/netip"

	"jobzero/internal/fault"
)

// The widest ranges that may be kept out: in a wider one are whole providers.
const (
	widest4 = 16
	widest6 = 32
)

// Range reads a range of addresses that is to be kept out. Refused says why it must not be: it is too wide, no address of the Internet,
// or in one of our own ranges.
func Range(text string, own ...string) (p netip.Prefix, refused string, err error) {
	p, err = netip.ParsePrefix(text)
	if err != nil || p != p.Masked() {
		return p, "", fault.New(fault.Invalid, "cidr is %q, want a range such as 198.51.100.7/32, without bits behind its length", text)
	}
	widest := widest4
	if p.Addr().Is6() {
		widest = widest6
	}
	switch a := p.Addr(); {
	case p.Bits() < widest:
		return p, fmt.Sprintf("%s is wider than /%d: too many would be kept out", text, widest), nil
	case a.IsUnspecified() || a.IsLoopback() || a.IsMulticast() || a.IsLinkLocalUnicast() || a.Is4In6():
		return p, text + " is no address that anybody comes from", nil
	}
	for _, r := range own {
		o, err := netip.ParsePrefix(r)
		if err != nil {
			return p, "", fault.Wrap(fault.Unavailable, err, "read the network's own range")
		}
		if o.Overlaps(p) {
			return p, text + " is in the network's own range " + r + ": its parts could not reach one another", nil
		}
	}
	return p, "", nil
}

// Covers reports whether one of the ranges has all of p.
func Covers(ranges []string, p netip.Prefix) bool {
	for _, r := range ranges {
		if o, err := netip.ParsePrefix(r); err == nil && o.Bits() <= p.Bits() && o.Contains(p.Addr()) {
			return true
		}
	}
	return false
}
