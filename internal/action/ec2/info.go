package ec2

import (
	"fmt"
	"strconv"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/action/ec2/port"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	revokeID     = "ec2.revoke-open-ingress"
	revokeMay    = "ec2:RevokeSecurityGroupIngress"
	authorizeMay = "ec2:AuthorizeSecurityGroupIngress"
	adminPorts   = "22,3389"
)

// RevokeOpenIngress revokes the rules that let the whole internet in on certain ports.
type RevokeOpenIngress struct{}

// Info describes the action.
func (RevokeOpenIngress) Info() action.Info {
	return action.Info{
		ID: revokeID, Title: "Revoke ingress that is open to the world",
		Why: "A port for administrators that the whole internet can reach is found and tried within minutes. Only the rules for " +
			"0.0.0.0/0, ::/0 and ranges wider than /8 (IPv6: /16) that contain one of the ports go; every other rule stays.",
		Risk: "Whoever came in through the rule loses new connections; connections that stand are tracked and go on. Groups of load balancers and of other AWS services are left alone.",
		Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.SecurityGroup},
		Reads:  []string{"ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules", "ec2:DescribeNetworkInterfaces"},
		Writes: []string{revokeMay, authorizeMay},
		Params: []action.Param{{Name: "ports", Text: "ports and ranges such as 22,3389,5900-5910; without it " + adminPorts + ". A rule that contains one of them, or all traffic, goes as a whole"}},
	}
}

// spans reads the ports parameter; without it administrators' ports are meant.
func spans(text string) ([]port.Range, error) {
	if text == "" {
		text = adminPorts
	}
	return port.Parse(text)
}

// rule is one open rule, as far as it makes a difference: these fields are what undoing restores.
type rule struct {
	ID          string // a new one after undoing, so not compared
	Protocol    string
	From, To    int32
	CIDR        string
	Description string
}

func (r rule) same(o rule) bool {
	r.ID, o.ID = "", ""
	return r == o
}

// opens reports whether two rules let the same traffic in. AWS takes only one of them, whatever their descriptions.
func (r rule) opens(o rule) bool {
	r.Description, o.Description = "", ""
	return r.same(o)
}

// contains reports whether the rule lets in traffic to one of the ports.
func (r rule) contains(ports []port.Range) bool {
	switch r.Protocol {
	case "-1":
		return true
	case "tcp", "udp", "6", "17":
	default: // ICMP and the like have no ports
		return false
	}
	for _, p := range ports {
		if r.From == -1 || p.Overlaps(port.Range{From: r.From, To: r.To}) {
			return true
		}
	}
	return false
}

func (r rule) String() string {
	ports := "all ports"
	switch {
	case r.Protocol == "-1":
		return "all traffic from " + r.CIDR + about(r.Description)
	case r.From == r.To:
		ports = strconv.Itoa(int(r.From))
	case r.From != -1:
		ports = fmt.Sprintf("%d-%d", r.From, r.To)
	}
	return r.Protocol + " " + ports + " from " + r.CIDR + about(r.Description)
}

func about(description string) string {
	if description == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", description)
}

// permissionsInput is the API's shape of both calls.
type permissionsInput struct {
	GroupId       string
	IpPermissions []permission
}

type permission struct {
	IpProtocol       string
	FromPort, ToPort *int32  `json:",omitempty"`
	IpRanges         []cidr4 `json:",omitempty"`
	Ipv6Ranges       []cidr6 `json:",omitempty"`
}

type cidr4 struct {
	CidrIp      string
	Description *string `json:",omitempty"`
}

type cidr6 struct {
	CidrIpv6    string
	Description *string `json:",omitempty"`
}

func (r rule) permission() permission {
	p := permission{IpProtocol: r.Protocol}
	if r.Protocol != "-1" {
		p.FromPort, p.ToPort = &r.From, &r.To
	}
	var description *string
	if r.Description != "" {
		description = &r.Description
	}
	if strings.Contains(r.CIDR, ":") {
		p.Ipv6Ranges = []cidr6{{r.CIDR, description}}
	} else {
		p.IpRanges = []cidr4{{r.CIDR, description}}
	}
	return p
}

// call describes revoking or authorising the rules. IAM checks the group; authorising makes rules, which are resources too.
func call(may string, ref resource.Ref, rules []rule) (effect.Call, error) {
	in := permissionsInput{GroupId: ref.ID}
	for _, r := range rules {
		in.IpPermissions = append(in.IpPermissions, r.permission())
	}
	c, err := action.NewCall(may, arn(ref, "security-group/"+ref.ID), in)
	if may == authorizeMay {
		c.Also = []effect.Need{{Permission: may, Resource: arn(ref, "security-group-rule/*")}}
	}
	return c, err
}

func arn(ref resource.Ref, what string) string { return setting.ARN(ref, "ec2", what) }
