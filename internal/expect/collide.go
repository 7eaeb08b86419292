package expect

import "slices"

// found is whether something is so between two entries.
type found int

const (
	no found = iota
	perhaps
	yes
)

// both is so when all are.
func both(all ...found) found { return slices.Min(all) }

func is(b bool) found {
	if b {
		return yes
	}
	return no
}

// known is perhaps when a field of one of the two is not known, and otherwise what is so.
func known(x, e aclEntry, key string, so bool) found {
	if x.open[key] || e.open[key] {
		return perhaps
	}
	return is(so)
}

func sameWay(x, e aclEntry) found { return known(x, e, "Egress", x.leaving == e.leaving) }

func before(e, x aclEntry) found { return known(x, e, "RuleNumber", e.number < x.number) }

func opposite(x, e aclEntry) found { return known(x, e, "RuleAction", x.allow != e.allow) }

// shadowed reports whether e, which is asked before x, covers all of it.
func shadowed(x, e aclEntry) found {
	return both(sameWay(x, e), before(e, x), e.holds(x), e.speaks(x), e.spans(x))
}

// wakes reports whether e, which is asked after x, allows some of what x refuses.
func wakes(x, e aclEntry) found {
	return both(sameWay(x, e), before(x, e), known(e, e, "RuleAction", e.allow), e.meets(x), e.touches(x))
}

// crossing reports whether e, which is asked before x, says the opposite of some ports of x, and each of the two has ports of its own.
func crossing(x, e aclEntry) found {
	if x.portless() || e.portless() {
		return no
	}
	a, b := x.ports, e.ports
	cross := a.from < b.from && b.from <= a.to && a.to < b.to || b.from < a.from && a.from <= b.to && b.to < a.to
	return both(sameWay(x, e), before(e, x), opposite(x, e), e.meets(x), known(x, e, "Protocol", x.protocol == e.protocol), known(x, e, "PortRange", cross))
}

// portless reports whether it is about a protocol without ports, or about all.
func (e aclEntry) portless() bool { return !e.open["Protocol"] && !e.hasPorts() }

func twice(x, e aclEntry) found {
	return both(sameWay(x, e), known(x, e, "RuleNumber", x.number == e.number))
}

// family is whether one of the two may be of IPv4 and of IPv6, since a range of it is not known; no when they are of two for certain.
func family(x, e aclEntry) found {
	switch {
	case x.from.IsValid() && e.from.IsValid():
		return is(x.from.Addr().Is4() == e.from.Addr().Is4())
	case x.ranged() && e.ranged():
		return perhaps
	}
	return no
}

// ranged reports whether it has a range, known or not.
func (e aclEntry) ranged() bool {
	return e.from.IsValid() || e.open["CidrBlock"] || e.open["Ipv6CidrBlock"]
}

// holds reports whether the addresses of e are all those of x, or more.
func (e aclEntry) holds(x aclEntry) found {
	if f := family(x, e); f != yes {
		return f
	}
	return is(e.from.Bits() <= x.from.Bits() && e.from.Contains(x.from.Addr()))
}

// meets reports whether some addresses are in both.
func (e aclEntry) meets(x aclEntry) found {
	if f := family(x, e); f != yes {
		return f
	}
	return is(e.from.Overlaps(x.from))
}

// speaks reports whether e is about every packet of the protocol of x.
func (e aclEntry) speaks(x aclEntry) found {
	if e.protocol == -1 && !e.open["Protocol"] {
		return yes
	}
	return known(x, e, "Protocol", e.protocol == x.protocol)
}

// spans reports whether the ports of e, or its types of ICMP, are all those of x, or more.
func (e aclEntry) spans(x aclEntry) found {
	switch {
	case e.protocol == -1 && !e.open["Protocol"]:
		return yes
	case e.hasPorts():
		return known(x, e, "PortRange", e.ports.from <= x.ports.from && x.ports.to <= e.ports.to)
	}
	return known(x, e, "Icmp", matches(e.icmp[0], x.icmp[0]) && matches(e.icmp[1], x.icmp[1]))
}

func matches(a, b int64) bool { return a == -1 || a == b }

// touches reports whether a packet may be of both: of one protocol, and one port or type of ICMP.
func (e aclEntry) touches(x aclEntry) found {
	switch {
	case x.open["Protocol"] || e.open["Protocol"]:
		return perhaps
	case e.protocol == -1 || x.protocol == -1:
		return yes
	case e.protocol != x.protocol:
		return no
	case e.hasPorts():
		return known(x, e, "PortRange", e.ports.from <= x.ports.to && x.ports.from <= e.ports.to)
	}
	meet := func(i int) bool { return matches(e.icmp[i], x.icmp[i]) || matches(x.icmp[i], e.icmp[i]) }
	return known(x, e, "Icmp", meet(0) && meet(1))
}
