package expect

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"jobzero/internal/expr"
)

// span is a range of ports, both ends in it.
type span struct{ from, to int64 }

// everyPort is that of protocols without ports, too.
var everyPort = span{0, 65535}

// reachable names, in words, what the world reaches through the rules of security groups and then through the entries of a network
// access list: a rule has to open it, and the first entry that covers it, by number, has to allow it. Null stands for the list that
// every network begins with, which allows all. When only something might be reached, it is undecided.
func reachable(args []any) (any, error) {
	rules, _ := args[0].([]any)
	entries, gaps := inOrder(args[1])
	sure, doubts, opened := []any{}, []expr.Gap(nil), false
	for _, r := range rules {
		open, err := fromWorld([]any{r})
		unknown := gapsOf(r, "IpProtocol", "FromPort", "ToPort", "SourcePrefixListId", "CidrIp", "CidrIpv6")
		switch {
		case err != nil || open == true && len(gapsOf(r, "IpProtocol", "FromPort", "ToPort")) > 0:
			if len(unknown) == 0 {
				return nil, err
			}
			doubts = append(doubts, unknown...)
			continue
		case open != true:
			continue
		}
		opened = true
		m, _ := r.(map[string]any)
		wide, protocol := spanOf(m), protocolOf(field(m, "IpProtocol"))
		for _, s := range through(entries, args[1] == nil, isWorld(field(m, "CidrIpv6")), protocol, wide) {
			sure = append(sure, words(protocol, s))
		}
	}
	switch {
	case len(gaps) > 0 && (opened || len(doubts) > 0): // an entry that is not known may refuse it, or allow it
		return nil, expr.Undecided("", append(gaps, doubts...)...)
	case len(sure) == 0 && len(doubts) > 0:
		return nil, expr.Undecided("", doubts...)
	}
	return slices.Compact(sure), nil
}

// entry is an entry of a network access list that counts for the whole world.
type entry struct {
	number   int64
	allow    bool
	six      bool
	protocol string
	ports    span
}

// inOrder reads the entries for what comes in, by number. Those for a part of the world only open or close that part.
func inOrder(list any) (out []entry, gaps []expr.Gap) {
	all, _ := list.([]any)
	if g, ok := list.(expr.Gap); ok {
		return nil, []expr.Gap{g}
	}
	for _, e := range all {
		if unknown := gapsOf(e, "Egress", "RuleNumber", "RuleAction", "Protocol", "CidrBlock", "Ipv6CidrBlock", "PortRange"); len(unknown) > 0 {
			gaps = append(gaps, unknown...)
			continue
		}
		m, _ := e.(map[string]any)
		if leaving, _ := m["Egress"].(bool); leaving {
			continue
		}
		four, six := isWorld(field(m, "CidrBlock")), isWorld(field(m, "Ipv6CidrBlock"))
		if !four && !six {
			continue
		}
		protocol := "-1"
		if n := portOf(m["Protocol"]); n >= 0 {
			protocol = protocolOf(strconv.FormatInt(n, 10))
		}
		ports := everyPort
		if p, ok := m["PortRange"].(map[string]any); ok {
			ports = span{portOf(p["From"]), portOf(p["To"])}
		}
		out = append(out, entry{portOf(m["RuleNumber"]), field(m, "RuleAction") == "allow", six, protocol, ports})
	}
	slices.SortStableFunc(out, func(a, b entry) int { return cmp.Compare(a.number, b.number) })
	return out, gaps
}

// through is what of a range of ports the first entries that cover it allow. What no entry covers is refused.
func through(entries []entry, all, six bool, protocol string, ports span) (out []span) {
	if all {
		return []span{ports}
	}
	left := []span{ports}
	for _, e := range entries {
		if e.six != six || e.protocol != "-1" && protocol != "-1" && e.protocol != protocol {
			continue
		}
		if e.protocol != "-1" && protocol == "-1" && !e.allow {
			continue // it refuses one protocol of all
		}
		var rest []span
		for _, s := range left {
			both := span{max(s.from, e.ports.from), min(s.to, e.ports.to)}
			if both.from > both.to {
				rest = append(rest, s)
				continue
			}
			if e.allow {
				out = append(out, both)
			}
			if s.from < both.from {
				rest = append(rest, span{s.from, both.from - 1})
			}
			if both.to < s.to {
				rest = append(rest, span{both.to + 1, s.to})
			}
		}
		left = rest
	}
	return out
}

func isWorld(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	return err == nil && (p.Addr().Is4() && p.Bits() < minBits4 || !p.Addr().Is4() && p.Bits() < minBits6)
}

// spanOf is the ports of a rule; those of a protocol without ports are all.
func spanOf(rule map[string]any) span {
	from, to := portOf(rule["FromPort"]), portOf(rule["ToPort"])
	switch protocolOf(field(rule, "IpProtocol")) {
	case "tcp", "udp":
		if from >= 0 && to >= 0 {
			return span{from, to}
		}
	}
	return everyPort
}

// protocolOf is the name of a protocol by its number, where it has ports.
func protocolOf(p string) string {
	switch p {
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "all":
		return "-1"
	}
	return p
}

func words(protocol string, s span) string {
	switch {
	case protocol == "-1":
		return "everything"
	case s == everyPort:
		return "all of protocol " + protocol
	case s.from == s.to:
		return fmt.Sprintf("%s port %d", protocol, s.from)
	}
	return fmt.Sprintf("%s ports %d to %d", protocol, s.from, s.to)
}
