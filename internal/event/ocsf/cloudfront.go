package ocsf

import (
	"strings"

	"jobzero/internal/event"
)

// cloudFront is a line of a distribution's access log. Its fields:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html.
func cloudFront(e *event.Event, r *rest) View {
	v := asked(e)
	v.Metadata.OriginalTime = strings.TrimSpace(r.text("date") + " " + r.text("time"))
	u := &URL{
		Path: r.text("csuristem"), QueryString: r.text("csuriquery"), Scheme: r.text("csprotocol"), Hostname: r.text("xhostheader"),
	}
	if u.Path == "" {
		u = nil
	}
	in, out := r.whole("csbytes"), r.whole("scbytes")
	method := r.text("csmethod")
	if mustKeep(method) {
		r.keep(method, "csmethod")
	}
	v.request(method, HTTPRequest{
		UID: r.text("xedgerequestid"), Version: r.text("csprotocolversion"), URL: u, UserAgent: r.text("csuseragent"), Referrer: r.text("csreferer"),
		XForwardedFor: r.addresses("xforwardedfor"), Length: in,
	})
	answer := HTTPResponse{Length: out, ContentType: r.text("sccontenttype"), Status: r.text("xedgeresponseresulttype")}
	if ms, ok := seconds(r, "timetaken"); ok {
		whole := int64(ms + 0.5)
		answer.Latency = &whole
		r.drop("timetaken")
	}
	v.response(r.whole("scstatus"), answer)
	v.Traffic = traffic(Traffic{BytesIn: in, BytesOut: out})
	src := Endpoint{IP: r.address("cip"), Port: r.port("cport")}
	if country := r.text("ccountry"); len(country) == 2 {
		src.Location = &Location{country}
	}
	v.ends(src, Endpoint{Hostname: r.text("cshost"), Name: r.text("xedgelocation")})
	v.TLS = enciphered(r.text("sslprotocol"), r.text("sslcipher"), "")
	return v
}

// addresses takes a list of addresses; anything else is left.
func (r *rest) addresses(key string) []string {
	m := r.find(key)
	if m == nil {
		return nil
	}
	text, _ := m.value.Text()
	all := forwarded(text)
	m.taken = all != nil
	return all
}
