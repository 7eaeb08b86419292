package resolver

import (
	"time"

	"jobzero/internal/event"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// Reader reads the entries of one log. Their members stand in
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html: version, account_id, region, vpc_id,
// query_timestamp, query_name, query_type, query_class, rcode, answers (Rdata, Type, Class), srcaddr, srcport, transport, srcids
// (instance, resolver_endpoint, resolver_network_interface), firewall_rule_action, firewall_rule_group_id, firewall_domain_list_id.
type Reader struct{ place line.Place }

// New begins to read.
func New(p line.Place) *Reader { return &Reader{p} }

// Looks reports whether a JSON object is of such a log.
func Looks(j line.JSON) bool {
	return j.Has("query_name") && j.Has("query_timestamp") && j.Has("rcode")
}

// Read makes an event of an entry; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	j, err := line.Open(in.Text)
	if err != nil {
		return nil, err
	}
	when, err := line.When("query_timestamp", j.Text("query_timestamp"), time.RFC3339Nano, "2006-01-02 15:04:05.999999999")
	if err != nil {
		return nil, err
	}
	account, err := line.Account("account_id", j.Text("account_id"))
	if err != nil {
		return nil, err
	}
	e := &event.Event{
		ID: in.ID(""), Time: when, Account: account, Region: j.Text("region"), Name: "Query", Source: "route53resolver.amazonaws.com",
		Type: "DnsQuery", ReadOnly: true, SourceIP: j.Text("srcaddr"), Origin: in.Origin, Log: event.Resolver, Raw: in.Text,
	}
	switch code := j.Text("rcode"); {
	case j.Text("firewall_rule_action") == "BLOCK":
		e.ErrorCode = "BLOCK"
	case code != "NOERROR":
		e.ErrorCode = code
	}
	r.place.Fill(e)
	for _, c := range []struct {
		id  string
		typ resource.Type
	}{
		{j.Text("srcids", "instance"), "AWS::EC2::Instance"},
		{j.Text("srcids", "resolver_network_interface"), "AWS::EC2::NetworkInterface"},
		{j.Text("srcids", "resolver_endpoint"), "AWS::Route53Resolver::ResolverEndpoint"},
		{j.Text("vpc_id"), "AWS::EC2::VPC"},
	} {
		if c.id != "" {
			e.About = &resource.Ref{Type: c.typ, Account: e.Account, Region: e.Region, ID: c.id}
			break
		}
	}
	return e, nil
}
