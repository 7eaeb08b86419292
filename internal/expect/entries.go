package expect

import (
	"fmt"
	"net/netip"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// aclEntry is an entry of a network access list as far as it is known.
type aclEntry struct {
	leaving, allow bool
	number         int64
	protocol       int64        // -1 for all
	from           netip.Prefix // not valid when it is not known, or cannot be read
	ports          span         // of TCP and UDP
	icmp           [2]int64     // type and code, -1 for all
	gaps           []expr.Gap
	open           map[string]bool // fields that are not known
}

// entryFaults names, in words, what is wrong with an entry of a network access list beside the others of its list, of which the one with the
// lowest number that covers a packet decides
// (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html). The first argument says what is looked for:
//   - hidden: an entry before it covers it, so that it never decides anything;
//   - idle: it refuses a part of the world, and no entry after it allows anything of what it refuses;
//   - crossing: an entry before it says the opposite of some of its ports, and neither range holds the other;
//   - twice: another of the same direction has its number.
//
// When that is so only perhaps, it is undecided.
func entryFaults(args []any) (any, error) {
	kind, _ := args[0].(string)
	judge, ok := map[string]func(x, e aclEntry) found{"hidden": shadowed, "idle": wakes, "crossing": crossing, "twice": twice}[kind]
	if !ok {
		return nil, fault.New(fault.Invalid, "want hidden, idle, crossing or twice, got %q", kind)
	}
	others, _ := args[2].([]any)
	var gaps []expr.Gap
	if g, gap := args[2].(expr.Gap); gap {
		gaps = append(gaps, g)
	}
	x, sure := entryOf(args[1]), []any{}
	for _, o := range others {
		e := entryOf(o)
		switch judge(x, e) {
		case yes:
			sure = append(sure, e.String())
		case perhaps:
			gaps = append(append(gaps, e.gaps...), x.gaps...)
		case no:
		}
	}
	if kind == "idle" {
		return idle(x, sure, gaps)
	}
	if len(sure) == 0 && len(gaps) > 0 {
		return nil, expr.Undecided("", gaps...)
	}
	return sure, nil
}

// idle turns round what wakes an entry. One for the whole world is the end of the list written out.
func idle(x aclEntry, woken []any, gaps []expr.Gap) (any, error) {
	switch {
	case len(woken) > 0, x.allow && !x.open["RuleAction"], x.from.IsValid() && x.from.Bits() == 0:
		return []any{}, nil
	case len(gaps)+len(x.gaps) > 0:
		return nil, expr.Undecided("", append(gaps, x.gaps...)...)
	case !x.from.IsValid():
		return nil, expr.Undecided("the entry has no range of addresses")
	}
	return []any{x.String()}, nil
}

// String is the entry for a person.
func (e aclEntry) String() string {
	does, addresses := "refuses", "a range"
	if e.allow {
		does = "allows"
	}
	if e.from.IsValid() {
		addresses = e.from.String()
	}
	return fmt.Sprintf("entry %d, which %s %s", e.number, does, addresses)
}

// entryOf reads an entry. One of which nothing is known has every field open.
func entryOf(v any) aclEntry {
	e := aclEntry{open: map[string]bool{}, protocol: -1, ports: everyPort, icmp: [2]int64{-1, -1}}
	m, _ := v.(map[string]any)
	for _, key := range []string{"Egress", "RuleNumber", "RuleAction", "Protocol", "CidrBlock", "Ipv6CidrBlock", "PortRange", "Icmp"} {
		gaps := gapsOf(v, key)
		if inner, ok := m[key].(map[string]any); ok {
			gaps = append(gaps, gapsOf(inner, "From", "To", "Type", "Code")...)
		}
		e.open[key] = len(gaps) > 0
		e.gaps = append(e.gaps, gaps...)
	}
	if m == nil {
		return e
	}
	e.leaving, _ = m["Egress"].(bool)
	e.allow = strings.EqualFold(field(m, "RuleAction"), "allow")
	e.number = portOf(m["RuleNumber"])
	e.protocol = portOf(m["Protocol"])
	for _, key := range []string{"CidrBlock", "Ipv6CidrBlock"} {
		if p, err := netip.ParsePrefix(field(m, key)); err == nil {
			e.from = p.Masked()
		}
	}
	if p, ok := m["PortRange"].(map[string]any); ok && e.hasPorts() {
		for key, end := range map[string]*int64{"From": &e.ports.from, "To": &e.ports.to} {
			if n := portOf(p[key]); n >= 0 {
				*end = n
			}
		}
	}
	if i, ok := m["Icmp"].(map[string]any); ok {
		e.icmp = [2]int64{portOf(i["Type"]), portOf(i["Code"])}
	}
	return e
}

// hasPorts reports whether the protocol is TCP or UDP.
func (e aclEntry) hasPorts() bool { return e.protocol == 6 || e.protocol == 17 }
