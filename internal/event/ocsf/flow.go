package ocsf

import (
	"strconv"

	"jobzero/internal/event"
)

// flow is a record of a VPC flow log. Its fields: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html.
func flow(e *event.Event, r *rest) View {
	v := &NetworkActivity{Base: base(e, NetworkActivityUID, "security_control")}
	v.ActivityID, v.ActivityName = 6, "Traffic"
	v.Metadata.LogVersion = r.text("version")
	v.place(r.text("accountid"), r.text("region"))
	v.Cloud.Zone = r.text("azid")
	v.StartTime, v.EndTime = millis(r, "start"), millis(r, "end")
	v.StatusCode = r.text("logstatus")
	switch v.StatusCode {
	case "OK":
		v.status(false)
	case "":
	default: // NODATA: nothing was sent; SKIPDATA: some was, and is not known
		v.StatusID, v.Status = other, v.StatusCode
	}
	v.Control = verdict(r.text("action"))
	v.Traffic = traffic(Traffic{Bytes: r.whole("bytes"), Packets: r.whole("packets")})
	src, dst := flowEnds(r)
	v.Connection = flowConnection(r, src.IP)
	near := &src // the interface that the flow was seen at is at one of its ends: the direction says at which
	if v.Connection.DirectionID == 1 {
		near = &dst
	}
	if nobody := src.IP == "" && dst.IP == ""; nobody || v.Connection.DirectionID != 0 {
		near.InterfaceUID, near.InstanceUID = r.text("interfaceid"), r.text("instanceid")
		near.SubnetUID, near.VPCUID = r.text("subnetid"), r.text("vpcid")
	}
	v.SrcEndpoint, v.DstEndpoint = orNil(src), orNil(dst)
	if v.SrcEndpoint == nil && v.DstEndpoint == nil {
		v.SrcEndpoint = &Endpoint{Name: nameless} // OCSF wants one of the two
	}
	return v
}

// flowEnds are the two ends. A packet's own address differs from the interface's where something stood in between.
func flowEnds(r *rest) (src, dst Endpoint) {
	src = Endpoint{IP: r.address("srcaddr"), Port: r.port("srcport"), SvcName: r.text("pktsrcawsservice")}
	dst = Endpoint{IP: r.address("dstaddr"), Port: r.port("dstport"), SvcName: r.text("pktdstawsservice")}
	for _, end := range []struct {
		*Endpoint
		key string
	}{{&src, "pktsrcaddr"}, {&dst, "pktdstaddr"}} {
		if ip := r.address(end.key); ip != "" && ip != end.IP {
			end.IntermediateIPs = []string{ip}
		}
	}
	return src, dst
}

func flowConnection(r *rest, ip string) *Connection {
	c := &Connection{Direction: "Unknown", TCPFlags: r.whole("tcpflags")}
	switch r.text("flowdirection") {
	case "ingress":
		c.DirectionID, c.Direction = 1, "Inbound"
	case "egress":
		c.DirectionID, c.Direction = 2, "Outbound"
	}
	c.ProtocolNum = r.whole("protocol")
	c.ProtocolName = protocol(c.ProtocolNum)
	c.version(ip)
	if kind := r.text("type"); c.ProtocolVerID == nil && kind != "" {
		c.version(map[string]string{"IPv4": "0.0.0.0", "IPv6": "::"}[kind])
	}
	if path := r.find("trafficpath"); path != nil {
		c.boundary(r.whole("trafficpath"))
	}
	return c
}

func (c *Connection) version(ip string) {
	if !isAddress(ip) {
		return
	}
	v := 4
	for _, b := range ip {
		if b == ':' {
			v = 6
		}
	}
	c.ProtocolVerID = &v
}

// boundary reads traffic-path: the numbers of the table in the guide, as OCSF counts them.
func (c *Connection) boundary(path *int64) {
	if path == nil {
		return
	}
	known := map[int64]struct {
		id   int
		name string
	}{
		1: {4, "Same VPC"}, 2: {5, "Internet/VPC Gateway"}, 3: {6, "Virtual Private Gateway"}, 4: {7, "Intra-region VPC"},
		5: {8, "Inter-region VPC"}, 6: {9, "Local Gateway"}, 7: {10, "Gateway VPC"}, 8: {11, "Internet Gateway"},
	}
	k, ok := known[*path]
	if !ok {
		k.id, k.name = 99, strconv.FormatInt(*path, 10)
	}
	c.BoundaryID, c.Boundary = &k.id, k.name
}

// protocol names the usual protocols of IP by IANA's numbers.
func protocol(n *int64) string {
	if n == nil {
		return ""
	}
	switch *n {
	case 1:
		return "icmp"
	case 6:
		return "tcp"
	case 17:
		return "udp"
	case 58:
		return "ipv6-icmp"
	}
	return ""
}

func traffic(t Traffic) *Traffic {
	if t == (Traffic{}) {
		return nil
	}
	return &t
}

// millis takes a time that is written in seconds.
func millis(r *rest, key string) *int64 {
	m := r.find(key)
	n := r.whole(key)
	if n == nil {
		return nil
	}
	const largest = 1 << 40 // far behind the year 9999: what is more is no time and would overflow
	if *n < 0 || *n > largest {
		m.taken = false
		return nil
	}
	ms := *n * 1000
	return &ms
}
