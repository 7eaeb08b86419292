package ocsf

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// resolver is a query of a VPC's resolver with what it answered. Its fields:
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html.
func resolver(e *event.Event, r *rest) View {
	v := &DNSActivity{Base: base(e, DNSActivityUID, "security_control")}
	v.ActivityID, v.ActivityName = 6, "Traffic"
	v.Metadata.LogVersion = r.text("version")
	v.place(r.text("accountid"), r.text("region"))
	v.stamp(r, "querytimestamp")
	if !e.Time.IsZero() {
		at := e.Time.UnixMilli()
		v.QueryTime = &at
	}
	if name := r.text("queryname"); name != "" {
		v.Query = &Query{Hostname: name, Type: r.text("querytype"), Class: r.text("queryclass")}
	}
	v.Answers = answers(r)
	v.rcode(r.text("rcode"))
	v.Control = verdict(r.text("firewallruleaction"))
	if group := r.text("firewallrulegroupid"); group != "" {
		v.FirewallRule = &FirewallRule{UID: group, Type: "Route 53 Resolver DNS Firewall"}
	}
	ids := r.object("srcids")
	src := Endpoint{
		IP: r.address("srcaddr"), Port: r.port("srcport"), VPCUID: r.text("vpcid"),
		InstanceUID: ids.text("instance"), InterfaceUID: ids.text("resolvernetworkinterface"), UID: ids.text("resolverendpoint"),
	}
	if v.SrcEndpoint = orNil(src); v.SrcEndpoint == nil {
		v.SrcEndpoint = &Endpoint{Name: nameless} // OCSF wants one of the two
	}
	v.Connection = &Connection{Direction: "Outbound", DirectionID: 2, ProtocolName: strings.ToLower(r.text("transport"))}
	v.Connection.version(src.IP)
	return v
}

// answers takes the records that came back: a list, or a single one.
func answers(r *rest) (out []Answer) {
	m := r.find("answers")
	if m == nil {
		return nil
	}
	one := func(in *rest) bool {
		a := Answer{RData: in.text("rdata"), Type: in.text("type"), Class: in.text("class")}
		if a.RData == "" || in.left() != nil {
			return false
		}
		out = append(out, a)
		return true
	}
	all := true
	each(m.value, func(v rawjson.Value) {
		in, ok := open(v)
		all = ok && one(in) && all
	})
	m.taken = all // what does not fit stays whole in unmapped
	return out
}

// each visits the elements of a list, or the value itself when it is an object.
func each(v rawjson.Value, visit func(rawjson.Value)) {
	if v.Kind() == "object" {
		visit(v)
		return
	}
	if v.Kind() != "array" {
		return
	}
	for it := rawjson.Over(v); it.Next(); {
		visit(it.Value)
	}
}

// rcode reads a response code by its name in RFC 6895.
func (v *DNSActivity) rcode(word string) {
	if word == "" {
		return
	}
	known := map[string]struct {
		id   int
		name string
	}{
		"NOERROR": {0, "NoError"}, "FORMERR": {1, "FormError"}, "SERVFAIL": {2, "ServError"}, "NXDOMAIN": {3, "NXDomain"},
		"NOTIMP": {4, "NotImp"}, "REFUSED": {5, "Refused"}, "YXDOMAIN": {6, "YXDomain"}, "YXRRSET": {7, "YXRRSet"},
		"NXRRSET": {8, "NXRRSet"}, "NOTAUTH": {9, "NotAuth"}, "NOTZONE": {10, "NotZone"},
	}
	k, ok := known[strings.ToUpper(word)]
	if !ok {
		k.id, k.name = 99, word
	}
	v.RCodeID, v.RCode, v.StatusCode = &k.id, k.name, word
	v.status(k.id != 0)
}
