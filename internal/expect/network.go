package expect

import (
	"errors"
	"net/netip"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// The widest ranges that are not the world. A range wider than these is larger than any block that one owner has, and two
// halves of the address space open a group as well as the whole does.
const (
	minBits4 = 8
	minBits6 = 16
)

// fromWorld reports whether a rule of a security group lets in addresses from all over the internet, or lets out to them. The content
// of a prefix list is not read, so whether one does is not decided. Which group a rule names makes no difference.
func fromWorld(args []any) (any, error) {
	if g, ok := args[0].(expr.Gap); ok {
		return nil, expr.Undecided("", g)
	}
	r, _ := args[0].(map[string]any)
	named, perhaps := false, []expr.Gap(nil)
	for _, key := range []string{"SourceSecurityGroupId", "DestinationSecurityGroupId"} {
		g, gap := r[key].(expr.Gap)
		switch {
		case gap && !g.Has(expr.Present):
			perhaps = append(perhaps, g)
		case gap, field(r, key) != "":
			named = true
		}
	}
	for _, key := range []string{"CidrIp", "CidrIpv6"} {
		cidr := field(r, key)
		if cidr == "" {
			continue
		}
		named = true
		p, err := netip.ParsePrefix(cidr)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s of a rule", key)
		}
		if p.Addr().Is4() && p.Bits() < minBits4 || !p.Addr().Is4() && p.Bits() < minBits6 {
			return true, nil
		}
	}
	if gaps := gapsOf(r, "SourcePrefixListId", "DestinationPrefixListId", "CidrIp", "CidrIpv6"); gaps != nil {
		return nil, expr.Undecided("", gaps...)
	}
	for _, key := range []string{"SourcePrefixListId", "DestinationPrefixListId"} {
		if list := field(r, key); list != "" {
			return nil, expr.Undecided("prefix list " + list + " was not read: it may hold any addresses")
		}
	}
	if !named && perhaps != nil {
		return nil, expr.Undecided("", perhaps...)
	}
	if !named {
		return nil, fault.New(fault.Invalid, "the rule names nobody that it lets in")
	}
	return false, nil
}

// opensAny reports whether a rule opens any of the ports, over TCP or UDP.
func opensAny(args []any) (any, error) {
	r, _ := args[0].(map[string]any)
	ports, _ := args[1].([]any)
	if gaps := gapsOf(args[0], "IpProtocol"); gaps != nil {
		return nil, expr.Undecided("", gaps...)
	}
	switch field(r, "IpProtocol") {
	case "":
		return nil, fault.New(fault.Invalid, "the rule has no IpProtocol")
	case "-1", "all":
		return true, nil
	case "tcp", "6", "udp", "17":
	default:
		return false, nil
	}
	if gaps := gapsOf(r, "FromPort", "ToPort"); gaps != nil {
		return nil, expr.Undecided("", gaps...)
	}
	from, to := portOf(r["FromPort"]), portOf(r["ToPort"])
	if from < 0 && to < 0 { // left out: all ports
		from, to = 0, 65535
	}
	for _, want := range ports {
		if p := portOf(want); from <= p && p <= to {
			return true, nil
		}
	}
	return false, nil
}

// worldRules names, in words, the rules of a list that open any of the ports to the world. When only some might, it is
// undecided.
func worldRules(args []any) (any, error) {
	rules, _ := args[0].([]any)
	sure, doubts, gaps := []any{}, []error{}, []expr.Gap(nil)
	for _, r := range rules {
		open, err := opensAny([]any{r, args[1]})
		if err == nil && open == true {
			open, err = fromWorld([]any{r})
		}
		switch {
		case err != nil:
			doubts = append(doubts, err)
			gaps = append(gaps, gapsOf(r, "IpProtocol", "FromPort", "ToPort", "SourcePrefixListId", "SourceSecurityGroupId", "CidrIp", "CidrIpv6")...)
		case open == true:
			text, _ := ruleText([]any{r}) // never fails
			sure = append(sure, text)
		}
	}
	if len(sure) == 0 && len(gaps) > 0 {
		return nil, expr.Undecided("", gaps...)
	}
	if len(sure) == 0 && len(doubts) > 0 {
		return nil, expr.Undecided(errors.Join(doubts...).Error())
	}
	return sure, nil
}

// gapsOf are the fields of a rule that are not known, or the whole of it.
func gapsOf(rule any, keys ...string) (gaps []expr.Gap) {
	if g, ok := rule.(expr.Gap); ok {
		return []expr.Gap{g}
	}
	m, _ := rule.(map[string]any)
	for _, key := range keys {
		if g, ok := m[key].(expr.Gap); ok {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// portOf is a port number; -1 for what is none.
func portOf(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case float64:
		return int64(n)
	case uint64:
		return int64(min(n, 1<<16))
	}
	return -1
}
