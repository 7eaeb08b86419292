package detect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"strings"

	"jobzero/internal/event"
)

// Describe is the event in one line, for people.
func Describe(e *event.Event) string {
	var text string
	f := said{e}
	switch e.Log {
	case event.CloudTrail:
		text = fmt.Sprintf("%s called %s (%s) from %s", e.Actor.Name(), e.Name, e.Source, e.SourceIP)
		if e.ErrorCode != "" {
			text += ", failed with " + e.ErrorCode
		}
		return text
	case event.VPCFlow:
		return flow(f)
	case event.Resolver:
		who := cmp.Or(f.get("srcids", "instance"), f.get("srcids", "resolver_endpoint"), f.get("vpc_id"), "somebody")
		text = fmt.Sprintf("%s (%s) asked for %s %s", who, e.SourceIP, f.get("query_name"), f.get("query_type"))
	case event.S3Access:
		text = fmt.Sprintf("%s called %s on %s from %s", actor(e), e.Name, strings.TrimSuffix(f.get("bucket_name")+"/"+f.get("key"), "/"), e.SourceIP)
	case event.WAF:
		text = fmt.Sprintf("%s %s from %s, judged by %s", f.get("httpRequest", "httpMethod"), f.get("httpRequest", "uri"), e.SourceIP, f.get("terminatingRuleId"))
	case event.LoadBalancer:
		text = fmt.Sprintf("%s %s from %s", e.Name, f.get("request_url"), e.SourceIP)
	case event.CloudFront:
		text = fmt.Sprintf("%s %s%s from %s", e.Name, cmp.Or(f.get("x-host-header"), f.get("cs(Host)")), f.get("cs-uri-stem"), e.SourceIP)
	case event.EKSAudit:
		text = fmt.Sprintf("%s did %s", actor(e), e.Name)
		if name := strings.Trim(f.get("objectRef", "namespace")+"/"+f.get("objectRef", "name"), "/"); name != "" {
			text += " on " + name
		}
		text += " from " + e.SourceIP
	default: // API Gateway's and applications' own
		text = fmt.Sprintf("%s did %s from %s", actor(e), strings.TrimSpace(e.Name+" "+cmp.Or(f.get("path"), f.get("resourcePath"))), e.SourceIP)
	}
	if e.ErrorCode != "" {
		text += ": " + e.ErrorCode
	}
	return text
}

// actor is who did it, by the name that the log gives them.
func actor(e *event.Event) string {
	if e.Actor == (event.Actor{}) {
		return "somebody"
	}
	return e.Actor.Name()
}

// protocols are the names of the numbers that are seen most, by https://www.iana.org/assignments/protocol-numbers.
var protocols = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "ipv6-icmp", "132": "sctp"}

// flow is a flow in one line: 10.0.0.5 → 198.51.100.7:3389 tcp ACCEPT.
func flow(f said) string {
	to := cmp.Or(f.get("dstaddr"), f.get("pkt-dstaddr"), "unknown")
	number := f.get("protocol")
	protocol := protocols[number]
	if protocol == "" && number != "" {
		protocol = "protocol " + number
	}
	if port := f.get("dstport"); port != "" && (number == "6" || number == "17" || number == "132") {
		to = net.JoinHostPort(to, port)
	}
	from := cmp.Or(f.e.SourceIP, f.get("pkt-srcaddr"), "unknown")
	return strings.Join(strings.Fields(from+" → "+to+" "+protocol+" "+f.e.Name), " ")
}

// said is what a record says, to be put in words.
type said struct{ e *event.Event }

// get is the text or number at a path, empty when there is none.
func (s said) get(path ...string) string {
	fields, err := s.e.Fields()
	if err != nil {
		return ""
	}
	var v any = fields
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
