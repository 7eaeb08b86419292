package provider

import (
	"strconv"
	"strings"
)

// rules are the rules of a security group: a block may name many peers, where CloudFormation has a rule for each.
func (m *mapping) rules(c call) any {
	list, ok := c.v.([]any)
	if !ok {
		return m.as(c)
	}
	out := []any{}
	for _, e := range list {
		switch e := e.(type) {
		case map[string]any:
			out = append(out, m.peers(e, peering{side: c.args[0], full: c.full, path: c.path, at: len(out)})...)
		case *Hole:
			m.values.Unknown++
			out = append(out, e)
		}
	}
	return out
}

// rule is a resource that is one rule, or several.
func (m *mapping) rule(c call) any {
	kind, ok := c.v.(string)
	if want := map[string]string{"Source": "ingress", "Destination": "egress"}[c.args[0]]; ok && kind != want {
		return nil
	}
	base, n := cutItem(c.path)
	out := m.peers(m.r.Values, peering{side: c.args[0], path: base, at: n})
	if !ok { // not even the direction is known
		return &Hole{Cause: m.r.Address + " may be a rule here: its type is not known"}
	}
	return out
}

// way is an attribute that names peers and what CloudFormation calls one.
type way struct{ from, to string }

func ways(side string) []way {
	return []way{
		{"cidr_blocks", "CidrIp"},
		{"ipv6_cidr_blocks", "CidrIpv6"},
		{"prefix_list_ids", side + "PrefixListId"},
		{"security_groups", side + "SecurityGroupId"},
		{"source_security_group_id", side + "SecurityGroupId"},
	}
}

// cutItem takes the number of the element off a path.
func cutItem(path string) (base string, n int) {
	i := strings.LastIndexByte(path, '[')
	n, _ = strconv.Atoi(strings.TrimSuffix(path[i+1:], "]"))
	return path[:i], n
}

// peering is where rules come from and where they go.
type peering struct {
	side, full string
	path       string // of the list
	at         int    // of the first rule
	alone      bool   // path is that of one rule, which is number at
}

// link is the path of the property that names the peer of the last rule; empty for a rule that is not asked for.
func (p peering) link(made int, property string) string {
	switch {
	case !p.alone:
		return step(item(p.path, p.at+made-1), property)
	case made-1 == p.at:
		return step(p.path, property)
	}
	return ""
}

// peer makes of a resource one of the rules that it stands for.
func (m *mapping) peer(side string, n int) {
	for name, v := range m.peers(m.r.Values, peering{side: side, path: m.root.path, at: n, alone: true})[n].(map[string]any) {
		m.put(m.root, name, v, "")
	}
}

// peers makes a rule for each peer of a block. Peers that are not known are one rule with an unknown peer.
func (m *mapping) peers(block map[string]any, p peering) (out []any) {
	side, before := p.side, m.now
	defer func() { m.now = before }()
	base := map[string]any{}
	for from, to := range map[string]string{"from_port": "FromPort", "to_port": "ToPort", "protocol": "IpProtocol", "description": "Description"} {
		switch v := block[from].(type) {
		case nil:
		case *Hole:
			m.values.Unknown++
			base[to] = v
		case float64:
			base[to] = int64(v)
		default:
			base[to] = v
		}
	}
	switch base["IpProtocol"] {
	case "all":
		base["IpProtocol"] = "-1"
	case "":
		delete(base, "IpProtocol")
	}
	if base["Description"] == "" {
		delete(base, "Description")
	}
	m.values.Read += len(base)
	one := func(name string, v any) {
		rule := map[string]any{name: v}
		for k, e := range base {
			rule[k] = e
		}
		out = append(out, rule)
		if _, ok := v.(*Hole); ok {
			m.values.Unknown++
		} else {
			m.values.Read++
		}
	}
	for _, way := range ways(side) {
		if hole, ok := block[way.from].(*Hole); ok && hole.Idle {
			continue
		}
		for _, v := range elements(block[way.from]) {
			if v != nil && v != "" {
				one(way.to, v)
				m.now = Written{Block: block, Key: way.from}
				if at := p.link(len(out), way.to); at != "" {
					m.link(under(p.full, way.from), at)
				}
			}
		}
	}
	if block["self"] == true {
		one(side+"SecurityGroupId", &Hole{Cause: "it is the group's own ID"})
	}
	if len(out) == 0 {
		out = []any{base}
	}
	return out
}
