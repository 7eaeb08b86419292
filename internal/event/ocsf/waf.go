package ocsf

import (
	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// waf is a request that a web ACL judged; the verdict is in the attributes of security_control. Its fields:
// https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html.
func waf(e *event.Event, r *rest) View {
	v := asked(e, "security_control")
	v.Metadata.LogVersion = r.text("formatversion")
	v.stamp(r, "timestamp")
	v.Control = verdict(r.text("action"))
	if id := r.text("terminatingruleid"); id != "" {
		v.FirewallRule = &FirewallRule{UID: id, Type: r.text("terminatingruletype")}
	}
	in := r.object("httprequest")
	method := in.text("httpmethod")
	if mustKeep(method) {
		in.keep(method, "httpmethod")
	}
	q := HTTPRequest{UID: in.text("requestid"), Version: in.text("httpversion"), Headers: headers(in), Length: r.whole("requestbodysize")}
	for _, h := range q.Headers {
		switch {
		case means(h.Name, "useragent"):
			q.UserAgent = h.Value
		case means(h.Name, "referer"):
			q.Referrer = h.Value
		}
	}
	if path := in.text("uri"); path != "" {
		q.URL = &URL{Path: path, QueryString: in.text("args"), Scheme: in.text("scheme"), Hostname: in.text("host")}
	}
	v.request(method, q)
	v.response(r.whole("responsecodesent"), HTTPResponse{})
	src := Endpoint{IP: in.address("clientip")}
	if country := in.text("country"); len(country) == 2 {
		src.Location = &Location{country}
	}
	v.ends(src, Endpoint{UID: r.text("httpsourceid"), SvcName: r.text("httpsourcename")})
	return v
}

// headers takes the header lines when all of them have a name and a value.
func headers(r *rest) (out []Header) {
	m := r.find("headers")
	if m == nil || m.value.Kind() != "array" {
		return nil
	}
	for it := rawjson.Over(m.value); it.Next(); {
		in, ok := open(it.Value)
		if !ok || in.find("name") == nil || in.find("value") == nil {
			return nil
		}
		h := Header{in.exact("name"), in.exact("value")}
		if in.left() != nil {
			return nil
		}
		out = append(out, h)
	}
	m.taken = true
	return out
}
