package drift

import (
	"maps"
	"strings"

	"jobzero/internal/resource"
)

// formed brings what a type's properties can be written as into one form. Paths stay as they are.
func formed(t resource.Type, properties any) any {
	m, ok := properties.(map[string]any)
	if !ok {
		return properties
	}
	switch t {
	case resource.SecurityGroup:
		for _, name := range []string{"SecurityGroupIngress", "SecurityGroupEgress"} {
			list, ok := m[name].([]any)
			if !ok {
				continue
			}
			for i, e := range list {
				if rule, ok := e.(map[string]any); ok {
					list[i] = ruleForm(rule)
				}
			}
		}
	case "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress":
		return ruleForm(m)
	default:
	}
	return m
}

// ruleForm is a rule of a security group as EC2 keeps it: protocols by name, and no ports where all are meant.
func ruleForm(rule map[string]any) map[string]any {
	out := maps.Clone(rule)
	protocol, ok := textOf(rule["IpProtocol"])
	if !ok {
		return out
	}
	switch protocol = strings.ToLower(protocol); protocol {
	case "all":
		protocol = "-1"
	case "1":
		protocol = "icmp"
	case "6":
		protocol = "tcp"
	case "17":
		protocol = "udp"
	case "58":
		protocol = "icmpv6"
	}
	out["IpProtocol"] = protocol
	if protocol == "-1" {
		delete(out, "FromPort")
		delete(out, "ToPort")
	}
	if _, byName := rule["SourceSecurityGroupName"]; byName {
		out["SourceSecurityGroupName"] = hole{why: "EC2 keeps the group by its ID, not by its name"}
	}
	return out
}
