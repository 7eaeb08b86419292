package builtin_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// ec2Says answers calls of EC2 by name, and by the value of their first filter and the token of their page where it matters:
// DescribeNetworkAcls/subnet-1#2. What is not among them is denied.
func ec2Says(t *testing.T, by map[string]string) aws.Config {
	t.Helper()
	cfg := answers(t, nil)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		call := form.Get("Action")
		narrow := call + "/" + form.Get("Filter.1.Value.1")
		if token := form.Get("NextToken"); token != "" {
			narrow += "#" + token
		}
		text, ok := by[narrow]
		if !ok {
			text, ok = by[call]
		}
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			text = `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`
		}
		fmt.Fprintf(w, "%s", strings.ReplaceAll(text, "CALL", call+"Response"))
	}))
	t.Cleanup(srv.Close)
	cfg.BaseEndpoint, cfg.HTTPClient = aws.String(srv.URL), srv.Client()
	return cfg
}

func items(list ...string) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString("<item>" + e + "</item>")
	}
	return b.String()
}

// table is a route table with a subnet, or the main one when that is empty.
func table(id, subnet string, routes ...string) string {
	a := "<main>true</main>"
	if subnet != "" {
		a = "<main>false</main><subnetId>" + subnet + "</subnetId>"
	}
	return "<routeTableId>" + id + "</routeTableId><routeSet>" + items(routes...) + "</routeSet><associationSet>" + items(a) + "</associationSet>"
}

func tablesSay(next string, list ...string) string {
	return "<CALL><routeTableSet>" + items(list...) + "</routeTableSet>" + next + "</CALL>"
}

func aclSays(id, subnet string, byDefault bool, entries ...string) string {
	return fmt.Sprintf("<CALL><networkAclSet><item><networkAclId>%s</networkAclId><default>%t</default><entrySet>%s</entrySet><associationSet>"+
		"<item><networkAclAssociationId>aclassoc-1</networkAclAssociationId><subnetId>%s</subnetId></item></associationSet></item></networkAclSet></CALL>", id, byDefault, items(entries...), subnet)
}

func aclEntry(number int, protocol, action string, egress bool, peer string) string {
	key := "cidrBlock"
	if strings.Contains(peer, ":") {
		key = "ipv6CidrBlock"
	}
	return fmt.Sprintf("<ruleNumber>%d</ruleNumber><protocol>%s</protocol><ruleAction>%s</ruleAction><egress>%t</egress><%s>%s</%s>", number, protocol, action, egress, key, peer, key)
}

const (
	localRoute = "<destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><origin>CreateRouteTable</origin>"
	toGateway  = "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId><origin>CreateRoute</origin>"
	aMachine   = "<CALL><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><networkInterfaceSet>" +
		"<item><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId></item><item><subnetId>subnet-2</subnetId><vpcId>vpc-2</vpcId></item></networkInterfaceSet></item></instancesSet></item></reservationSet></CALL>"
	noAddress = "<CALL><addressesSet/></CALL>"
)

func aResource(typ resource.Type, id string) resource.Resource {
	return resource.Resource{
		Ref:        resource.Ref{Type: typ, Account: "111122223333", Region: "eu-central-1", ID: id},
		Properties: object{"SubnetId": "subnet-1", "VpcId": "vpc-1"}, Related: object{},
	}
}

// TestRoutes: which routes are CloudFormation's, under which names, over pages.
func TestRoutes(t *testing.T) {
	res := aResource("AWS::EC2::Subnet", "subnet-1")
	tellAll(t, ec2Says(t, map[string]string{
		"DescribeRouteTables/subnet-1": tablesSay("<nextToken>2</nextToken>"),
		"DescribeRouteTables/subnet-1#2": tablesSay("", table("rtb-1", "subnet-1", localRoute,
			"<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId><origin>CreateRoute</origin>",
			"<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>vpce-1</gatewayId><origin>CreateRoute</origin>",
			"<destinationCidrBlock>192.168.0.0/16</destinationCidrBlock><gatewayId>vgw-1</gatewayId><origin>EnableVgwRoutePropagation</origin>",
			"<destinationCidrBlock>172.16.0.0/12</destinationCidrBlock><transitGatewayId>tgw-1</transitGatewayId><state>blackhole</state><origin>CreateRoute</origin>",
			"<destinationCidrBlock>203.0.113.0/24</destinationCidrBlock><instanceId>i-2</instanceId><networkInterfaceId>eni-2</networkInterfaceId><origin>CreateRoute</origin>")),
		"DescribeNetworkAcls": "<CALL><networkAclSet/></CALL>",
	}), &res)
	want := []any{
		object{"RouteTableId": "rtb-1", "DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"},
		object{"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "VpcEndpointId": "vpce-1"},
		object{"RouteTableId": "rtb-1", "DestinationCidrBlock": "172.16.0.0/12", "TransitGatewayId": "tgw-1"},
		object{"RouteTableId": "rtb-1", "DestinationCidrBlock": "203.0.113.0/24", "InstanceId": "i-2", "NetworkInterfaceId": "eni-2"},
	}
	if d := cmp.Diff(any(want), res.Related["routes"]); d != "" {
		t.Error(d)
	}
	if _, there := res.Related["network_acls"]; there { // each subnet has one: an empty answer is none
		t.Errorf("lists of an empty answer: %v", res.Related)
	}
}

// TestLists: which default list counts as none, and what is read of another.
func TestLists(t *testing.T) {
	four := []string{
		aclEntry(100, "-1", "allow", true, "0.0.0.0/0"), aclEntry(32767, "-1", "deny", true, "0.0.0.0/0"),
		aclEntry(100, "-1", "allow", false, "0.0.0.0/0"), aclEntry(32767, "-1", "deny", false, "0.0.0.0/0"),
	}
	both := slices.Concat(four, []string{
		aclEntry(101, "-1", "allow", true, "::/0"), aclEntry(32768, "-1", "deny", true, "::/0"),
		aclEntry(101, "-1", "allow", false, "::/0"), aclEntry(32768, "-1", "deny", false, "::/0"),
	})
	ping := aclEntry(90, "1", "allow", false, "0.0.0.0/0") + "<icmpTypeCode><type>8</type><code>-1</code></icmpTypeCode>"
	for name, c := range map[string]struct {
		byDefault bool
		entries   []string
		lists     int
		numbers   []any // nil: unknown
	}{
		"as it began":               {true, four, 0, []any{}},
		"as it began, with IPv6":    {true, both, 0, []any{}},
		"somebody's that is alike":  {false, four, 1, []any{int64(100), int64(100)}},
		"an entry more":             {true, append([]string{ping}, four...), 1, []any{int64(90), int64(100), int64(100)}},
		"IPv6 was taken out":        {true, slices.Concat(both[:6], both[7:]), 1, []any{int64(100), int64(100), int64(101)}},
		"nothing comes in":          {true, slices.Concat(four[:2], four[3:]), 1, []any{int64(100)}},
		"a part of the world":       {true, slices.Concat(four[:2], []string{aclEntry(100, "-1", "allow", false, "198.51.100.0/24")}, four[3:]), 1, []any{int64(100), int64(100)}},
		"no entries":                {false, four[1:2], 1, []any{}},
		"a protocol without number": {false, []string{aclEntry(100, "tcp", "deny", false, "0.0.0.0/0")}, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			res := aResource("AWS::EC2::Subnet", "subnet-1")
			unknown := tellAll(t, ec2Says(t, map[string]string{
				"DescribeNetworkAcls": aclSays("acl-1", "subnet-1", c.byDefault, c.entries...),
				"DescribeRouteTables": tablesSay("", table("rtb-1", "", toGateway)),
			}), &res)
			if c.numbers == nil {
				if len(unknown) != 2 || unknown[0].Code != fault.Unavailable {
					t.Errorf("got %v, unknown %v", res.Related, unknown)
				}
				return
			}
			numbers := []any{}
			for _, e := range res.Related["network_acl_entries"].([]any) {
				numbers = append(numbers, e.(object)["RuleNumber"])
				if icmp := e.(object)["Icmp"]; e.(object)["RuleNumber"] == int64(90) && !cmp.Equal(icmp, any(object{"Type": int64(8), "Code": int64(-1)})) {
					t.Errorf("ping: %v", e)
				}
			}
			if lists, _ := res.Related["network_acls"].([]any); len(lists) != c.lists || !cmp.Equal(numbers, c.numbers) || unknown != nil {
				t.Errorf("got %v, unknown %v", res.Related, unknown)
			}
		})
	}
}

// TestTwoSubnets: a machine with interfaces in two subnets has the routes of both; entries of lists that differ are not one list.
func TestTwoSubnets(t *testing.T) {
	allow := aclEntry(100, "-1", "allow", false, "0.0.0.0/0")
	by := map[string]string{
		"DescribeInstances": aMachine, "DescribeAddresses": noAddress,
		"DescribeRouteTables/subnet-1": tablesSay(""), "DescribeRouteTables/vpc-1": tablesSay("", table("rtb-main", "", localRoute)),
		"DescribeRouteTables/subnet-2": tablesSay("", table("rtb-2", "subnet-2", localRoute, toGateway)),
		"DescribeNetworkAcls/subnet-1": aclSays("acl-1", "subnet-1", false, allow), "DescribeNetworkAcls/subnet-2": aclSays("acl-2", "subnet-2", false, allow),
	}
	res := aResource("AWS::EC2::Instance", "i-1")
	unknown := tellAll(t, ec2Says(t, by), &res)
	if d := cmp.Diff(any([]any{object{"RouteTableId": "rtb-2", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}), res.Related["routes"]); d != "" {
		t.Error(d)
	}
	if len(unknown) != 1 || unknown[0].Path != "related.network_acl_entries" || unknown[0].Code != "" {
		t.Errorf("lists that differ: %v", unknown)
	}
	by["DescribeNetworkAcls/subnet-2"] = aclSays("acl-1", "subnet-2", false, allow)
	res = aResource("AWS::EC2::Instance", "i-1")
	if unknown := tellAll(t, ec2Says(t, by), &res); unknown != nil || len(res.Related["network_acls"].([]any)) != 2 || len(res.Related["network_acl_entries"].([]any)) != 1 {
		t.Errorf("the same list: %v, unknown %v", res.Related, unknown)
	}
}

// TestPathsDenied: what is denied is unknown with its code, and nothing is judged as if it were not there.
func TestPathsDenied(t *testing.T) {
	for typ, relations := range map[resource.Type]int{"AWS::EC2::Instance": 4, "AWS::EC2::Subnet": 3, "AWS::EC2::VPC": 1, "AWS::EC2::Volume": 1} {
		res := aResource(typ, "subnet-1")
		unknown := tellAll(t, ec2Says(t, nil), &res)
		if len(unknown) != relations || len(res.Related) != 0 {
			t.Errorf("%s: %v, unknown %v", typ, res.Related, unknown)
		}
		for _, u := range unknown {
			if u.Code != fault.Denied || u.Cause == "" {
				t.Errorf("%s: %+v", typ, u)
			}
		}
	}
	half := map[string]string{"DescribeInternetGateways": "<CALL><internetGatewaySet/></CALL>"} // the other kind is denied
	res := aResource("AWS::EC2::VPC", "vpc-1")
	if unknown := tellAll(t, ec2Says(t, half), &res); len(unknown) != 1 || res.Related["gateways"] != nil {
		t.Errorf("half of the gateways: %v, %v", res.Related, unknown)
	}
	machine := aResource("AWS::EC2::Instance", "i-1")
	machine.Related = object{"subnet": object{"MapPublicIpOnLaunch": true}, "ingress": []any{object{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}}}
	tellAll(t, ec2Says(t, map[string]string{"DescribeInstances": aMachine, "DescribeAddresses": noAddress}), &machine)
	if v := judge(t, embedded(t), machine); v.Result != expect.Unknown || v.Unread != fault.Denied {
		t.Errorf("routes denied: %s, %s, %s", v.Result, v.Why, v.Unread)
	}
}

// TestAbsent: an answer without what was asked about is no answer.
func TestAbsent(t *testing.T) {
	by := map[string]string{
		"DescribeInstances": "<CALL><reservationSet/></CALL>", "DescribeAddresses": noAddress, "DescribeVolumes": "<CALL><volumeSet/></CALL>",
		"DescribeRouteTables": tablesSay(""), "DescribeNetworkAcls": aclSays("acl-1", "subnet-9", false),
	}
	for typ, want := range map[resource.Type]int{"AWS::EC2::Instance": 3, "AWS::EC2::Subnet": 3, "AWS::EC2::Volume": 1} {
		res := aResource(typ, "subnet-1")
		if unknown := tellAll(t, ec2Says(t, by), &res); len(unknown) != want {
			t.Errorf("%s: %v, unknown %v", typ, res.Related, unknown)
		}
	}
}

// TestTellers: each relation is in the table, is told by one teller, of a type that somebody reads, and takes no call that is not declared.
func TestTellers(t *testing.T) {
	told := map[string]bool{}
	for _, teller := range builtin.Tellers() {
		if !slices.ContainsFunc(builtin.Readers(), func(r inventory.Reader) bool { return r.Type() == teller.Type() }) {
			t.Errorf("nobody reads %s", teller.Type())
		}
		for _, name := range teller.Relations() {
			key := string(teller.Type()) + " " + name
			if _, _, ok := relation.Named(teller.Type(), name); !ok || told[key] {
				t.Errorf("%s is not in the table, or is told twice", key)
			}
			told[key] = true
		}
		var mu sync.Mutex
		calls := map[string]bool{}
		by := map[string]string{
			"DescribeInstances": aMachine, "DescribeAddresses": noAddress, "DescribeInternetGateways": "<CALL/>", "DescribeVpnGateways": "<CALL/>",
			"DescribeVolumes": "<CALL/>", "DescribeRouteTables": tablesSay("", table("rtb-1", "")), "DescribeNetworkAcls": "<CALL/>",
		}
		cfg := ec2Says(t, by)
		cfg.APIOptions = append(cfg.APIOptions, func(s *middleware.Stack) error {
			return s.Initialize.Add(middleware.InitializeMiddlewareFunc("calls", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				mu.Lock()
				calls["ec2:"+middleware.GetOperationName(ctx)] = true
				mu.Unlock()
				return next.HandleInitialize(ctx, in)
			}), middleware.After)
		})
		res := aResource(teller.Type(), "i-1")
		teller.Tell(t.Context(), cfg, &res)
		if got := slices.Sorted(maps.Keys(calls)); !slices.Equal(got, teller.Needs()) {
			t.Errorf("%s calls %v and declares %v", teller.Type(), got, teller.Needs())
		}
	}
}
