package alb

import (
	"regexp"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// names are the fields in their order, by
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html. Where one holds several
// things it is split as AWS does in https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table.html: an address
// and its port, and the request with its verb, URL and protocol. The URL's path and query stand for themselves behind it, because
// rules ask for them. Those with # are numbers.
const names = "type time elb client_ip client_port# target_ip target_port# request_processing_time# target_processing_time# " +
	"response_processing_time# elb_status_code# target_status_code# received_bytes# sent_bytes# " +
	"request request_verb request_url request_proto request_url_path request_url_query " +
	"user_agent ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority# request_creation_time " +
	"actions_executed redirect_url error_reason target_port_list target_status_code_list classification classification_reason " +
	"conn_trace_id transformed_host transformed_uri request_transform_status"

// The fields that become part of the event, by their place in the line.
const (
	at      = 1
	elb     = 2
	client  = 3
	target  = 4
	status  = 8
	request = 12
	agent   = 13
	group   = 16
	cert    = 19
	least   = 17 // the oldest lines end with the trace ID
)

// Reader reads the lines of one log.
type Reader struct {
	place  line.Place
	fields []line.Field
}

// New begins to read.
func New(p line.Place) *Reader { return &Reader{place: p, fields: line.Fields(names)} }

// form is how every line begins: the kind of connection, the time and the load balancer.
var form = regexp.MustCompile(`^(https?|h2|grpcs|wss?) \d{4}-\d{2}-\d{2}T[0-9:.]+Z app/`)

// Looks reports whether a line looks like one of an access log.
func Looks(text string) bool { return form.MatchString(text) }

// Read makes an event of a line; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	values, err := line.Split(string(in.Text))
	if err != nil {
		return nil, err
	}
	if len(values) <= least {
		return nil, fault.New(fault.Invalid, "the line has %d fields, an access log of a load balancer at least %d", len(values), least+1)
	}
	get := func(i int) string {
		if i >= len(values) || values[i] == "-" {
			return ""
		}
		return values[i]
	}
	when, err := line.When("time", get(at), "2006-01-02T15:04:05.999999999Z07:00")
	if err != nil {
		return nil, err
	}
	ip, port := address(get(client))
	to, toPort := address(get(target))
	c := call(get(request))
	wide := make([]string, 0, len(values)+8)
	wide = append(append(wide, values[:client]...), ip, port, to, toPort)
	wide = append(append(wide, values[target+1:request+1]...), c.verb, c.url, c.proto, c.path, c.query)
	wide = append(wide, values[agent:]...)
	e := &event.Event{
		// The trace ID may come from the client: it is no identity.
		ID: in.ID(""), Time: when, Name: c.verb, Source: "elasticloadbalancing.amazonaws.com", Type: "LoadBalancerRequest",
		SourceIP: ip, UserAgent: get(agent), ErrorCode: line.Failed(get(status)),
		Origin: in.Origin, Log: event.LoadBalancer, Raw: line.Object(r.fields, wide), Line: in.Text,
	}
	for _, arn := range []string{get(group), get(cert)} {
		if e.Account == "" {
			e.Account, e.Region = line.Owner(arn)
		}
	}
	r.place.Fill(e)
	e.About = about(get(elb), e)
	return e, nil
}

// about is the load balancer, by its ARN where account and region are known.
func about(elb string, e *event.Event) *resource.Ref {
	if elb == "" {
		return nil
	}
	if e.Account != "" && e.Region != "" {
		elb = "arn:aws:elasticloadbalancing:" + e.Region + ":" + e.Account + ":loadbalancer/" + elb
	}
	return &resource.Ref{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Account: e.Account, Region: e.Region, ID: elb}
}

// address parts an address from its port.
func address(s string) (ip, port string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, ""
	}
	return strings.Trim(s[:i], "[]"), s[i+1:]
}

// parts are those of a request.
type parts struct{ verb, url, proto, path, query string }

// call takes a request such as "GET https://www.example.com:443/a?b=c HTTP/1.1" apart. What a client sends may be anything.
func call(request string) parts {
	var p parts
	verb, rest, ok := strings.Cut(request, " ")
	if !ok {
		return p
	}
	p.verb, p.url = verb, rest
	if i := strings.LastIndexByte(rest, ' '); i >= 0 {
		p.url, p.proto = rest[:i], rest[i+1:]
	}
	behind := p.url
	if _, host, ok := strings.Cut(behind, "://"); ok {
		behind = ""
		if i := strings.IndexAny(host, "/?"); i >= 0 {
			behind = host[i:]
		}
	}
	p.path, p.query, _ = strings.Cut(behind, "?")
	return p
}
