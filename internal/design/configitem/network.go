package configitem

import (
	"strconv"

	"jobzero/internal/doc"
)

// rules makes one rule for each peer of each permission of a security group, as CloudFormation has it. ipRanges has the addresses as
// texts and ipv4Ranges with their descriptions; both are recorded, and the second is wanted.
func (r *reading) rules(p part) (any, bool) {
	side := p.args[0]
	out := []any{}
	for i, permission := range p.n.Items {
		base := map[string]any{}
		for key, name := range map[string]string{"fromPort": "FromPort", "toPort": "ToPort"} {
			if v := permission.Get(key); v != nil && v.Kind == doc.Number {
				port, err := strconv.ParseInt(v.Text, 10, 64)
				if err != nil {
					return nil, r.odd(p, "has a port that is no number")
				}
				base[name] = port
			}
		}
		if v := permission.Get("ipProtocol"); v != nil && v.Text != "" {
			base["IpProtocol"] = v.Text
		} else {
			return nil, r.odd(p, "has a permission without a protocol")
		}
		before := len(out)
		ranges := permission.Get("ipv4Ranges")
		if leaves(ranges) == 0 {
			ranges = permission.Get("ipRanges")
		}
		out = r.peers(p, out, base, ranges, "cidrIp", "CidrIp")
		out = r.peers(p, out, base, permission.Get("ipv6Ranges"), "cidrIpv6", "CidrIpv6")
		out = r.peers(p, out, base, permission.Get("prefixListIds"), "prefixListId", side+"PrefixListId")
		out = r.peers(p, out, base, permission.Get("userIdGroupPairs"), "groupId", side+"SecurityGroupId")
		if len(out) == before { // a permission always has a peer: this one has one of a kind that is not known
			r.lack(index(p.path, len(out)), "permission "+strconv.Itoa(i)+" of "+p.full+" names no peer that is known here")
			out = append(out, nil)
		}
	}
	r.took(p)
	return out, true
}

// peers adds a rule for each of a list of texts or of objects that have the text in key.
func (r *reading) peers(p part, out []any, base map[string]any, list *doc.Node, key, name string) []any {
	if list == nil {
		return out
	}
	for _, peer := range list.Items {
		v := peer
		if peer.Kind == doc.Map {
			v = peer.Get(key)
		}
		if v == nil || v.Kind != doc.String || v.Text == "" {
			r.lack(index(p.path, len(out)), "a permission of "+p.full+" has a peer without "+key)
			out = append(out, nil)
			continue
		}
		one := map[string]any{name: v.Text}
		for k, b := range base {
			one[k] = b
		}
		if d := peer.Get("description"); d != nil && d.Text != "" {
			one["Description"] = d.Text
		}
		if owner := peer.Get("userId"); owner != nil && owner.Text != "" && name == "SourceSecurityGroupId" {
			one["SourceSecurityGroupOwnerId"] = owner.Text
		}
		out = append(out, one)
	}
	return out
}

// grants makes the access list of a bucket what the live reader makes of it. Groups are recorded by a word of the SDK for Java.
func (r *reading) grants(p part) (any, bool) {
	n := p.n
	if n.Kind == doc.String {
		n = r.l.inner(p.n)
	}
	list := n.Get("grantList")
	if list == nil || list.Kind != doc.List {
		return nil, r.odd(p, "has no list of grants")
	}
	groups := map[string]string{
		"AllUsers":           "http://acs.amazonaws.com/groups/global/AllUsers",
		"AuthenticatedUsers": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
		"LogDelivery":        "http://acs.amazonaws.com/groups/s3/LogDelivery",
	}
	words := map[string]string{"FullControl": "FULL_CONTROL", "Read": "READ", "Write": "WRITE", "ReadAcp": "READ_ACP", "WriteAcp": "WRITE_ACP"}
	out := []any{}
	for _, g := range list.Items {
		who, may := g.Get("grantee"), g.Get("permission")
		if who == nil || may == nil || words[may.Text] == "" {
			return nil, r.odd(p, "has a grant that is not understood")
		}
		grantee := map[string]any{}
		switch id := who.Get("id"); {
		case who.Kind == doc.String && groups[who.Text] != "":
			grantee["Type"], grantee["URI"] = "Group", groups[who.Text]
		case id != nil && id.Kind == doc.String:
			grantee["Type"], grantee["ID"] = "CanonicalUser", id.Text
		default:
			return nil, r.odd(p, "has a grantee that is not understood")
		}
		out = append(out, map[string]any{"Grantee": grantee, "Permission": words[may.Text]})
	}
	r.took(p)
	return map[string]any{"Grants": out}, true
}
