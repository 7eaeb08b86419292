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
		for _, kind := range []peer{
			{ranges, "cidrIp", "CidrIp"},
			{permission.Get("ipv6Ranges"), "cidrIpv6", "CidrIpv6"},
			{permission.Get("prefixListIds"), "prefixListId", side + "PrefixListId"},
			{permission.Get("userIdGroupPairs"), "groupId", side + "SecurityGroupId"},
		} {
			out = r.peers(p, out, base, kind)
		}
		if len(out) == before { // a permission always has a peer: this one has one of a kind that is not known
			r.lack(index(p.path, len(out)), "permission "+strconv.Itoa(i)+" of "+p.full+" names no peer that is known here")
			out = append(out, nil)
		}
	}
	r.took(p)
	return out, true
}

// peer is one kind of those that a permission lets in: texts, or objects that have the text in key, and the property for it.
type peer struct {
	list      *doc.Node
	key, name string
}

// peers adds a rule for each peer of a kind.
func (r *reading) peers(p part, out []any, base map[string]any, of peer) []any {
	if of.list == nil {
		return out
	}
	for _, item := range of.list.Items {
		v := item
		if item.Kind == doc.Map {
			v = item.Get(of.key)
		}
		if v == nil || v.Kind != doc.String || v.Text == "" {
			r.lack(index(p.path, len(out)), "a permission of "+p.full+" has a peer without "+of.key)
			out = append(out, nil)
			continue
		}
		one := map[string]any{of.name: v.Text}
		for k, b := range base {
			one[k] = b
		}
		if d := item.Get("description"); d != nil && d.Text != "" {
			one["Description"] = d.Text
		}
		if owner := item.Get("userId"); owner != nil && owner.Text != "" && of.name == "SourceSecurityGroupId" {
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
