package ocsf

import "jobzero/internal/event"

// loadBalancer is a line of an application load balancer's access log. Its fields:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html.
func loadBalancer(e *event.Event, r *rest) View {
	v := asked(e, "load_balancer")
	v.stamp(r, "time", "timestamp")
	text := r.text("request")
	method, version, u := line(text)
	v.request(method, HTTPRequest{Version: version, URL: u, UserAgent: r.text("useragent"), Length: r.whole("receivedbytes"), UID: r.text("traceid")})
	v.response(r.whole("elbstatuscode"), HTTPResponse{Length: r.whole("sentbytes"), Latency: took(r)})
	if u == nil || mustKeep(method) {
		r.keep(text, "request")
	} else { // AWS's tables have the parts of the request line as well
		r.drop("requestverb", "requesturl", "requestproto", "requesturlpath", "requesturlquery")
	}
	src, dst := r.endpoint("client"), Endpoint{Hostname: r.text("domainname")}
	if u != nil {
		dst.Port = u.Port
	}
	v.ends(src, dst)
	v.Traffic = traffic(Traffic{BytesIn: v.HTTPRequest.Length})
	if v.HTTPResponse != nil {
		v.Traffic = traffic(Traffic{BytesIn: v.HTTPRequest.Length, BytesOut: v.HTTPResponse.Length})
	}
	v.TLS = enciphered(r.text("sslprotocol"), r.text("sslcipher"), dst.Hostname)
	b := &LoadBalancer{
		Name: r.text("elb"), UID: r.text("targetgrouparn"), Code: r.whole("targetstatuscode"), DstEndpoint: orNil(r.endpoint("target")),
		Classification: r.text("classification"), StatusDetail: r.text("classificationreason"), ErrorMessage: r.text("errorreason"),
	}
	if b.Name != "" || b.UID != "" { // the schema wants one of them
		v.LoadBalancer = b
	}
	v.StatusDetail = b.ErrorMessage
	return v
}

// took adds up the three times of a line, in milliseconds; they stay where they are, because a sum does not tell its parts.
func took(r *rest) *int64 {
	sum, some := 0.0, false
	for _, key := range []string{"requestprocessingtime", "targetprocessingtime", "responseprocessingtime"} {
		if ms, ok := seconds(r, key); ok {
			sum, some = sum+ms, true
		}
	}
	if !some {
		return nil
	}
	ms := int64(sum + 0.5)
	return &ms
}

// endpoint takes "client:port" as one member, or as two.
func (r *rest) endpoint(name string) Endpoint {
	if m := r.find(name + "port"); m != nil {
		text, _ := m.value.Text()
		if e := endpoint(text); e.IP != "" {
			m.taken = true
			return e
		}
	}
	return Endpoint{IP: r.address(name+"ip", name), Port: r.port(name + "port")}
}
