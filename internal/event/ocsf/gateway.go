package ocsf

import "jobzero/internal/event"

// apiGateway is a line of an API's access log. Its format is the user's own; these are the names of the variables that AWS
// proposes: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html.
func apiGateway(e *event.Event, r *rest) View {
	v := asked(e)
	v.stamp(r, "requesttime", "requesttimeepoch")
	v.place(r.text("accountid"), "")
	identity := r.object("identity")
	method := r.text("httpmethod", "method", "requestmethod")
	if mustKeep(method) {
		r.keep(method, "httpmethod", "method", "requestmethod")
	}
	u := &URL{Path: r.text("path", "resourcepath", "rawpath"), Hostname: r.text("domainname")}
	if u.Path == "" {
		u = nil
	}
	agent := r.text("useragent", "identityuseragent")
	if agent == "" {
		agent = identity.text("useragent")
	}
	v.request(method, HTTPRequest{UID: r.text("requestid", "extendedrequestid"), Version: r.text("protocol"), URL: u, UserAgent: agent})
	size := r.whole("responselength")
	v.response(r.whole("status", "statuscode"), HTTPResponse{Length: size, Latency: r.whole("responselatency")})
	v.StatusDetail = r.text("errormessage")
	v.Traffic = traffic(Traffic{BytesOut: size})
	src := Endpoint{IP: r.address("ip", "sourceip", "identitysourceip", "clientip")}
	if src.IP == "" {
		src.IP = identity.address("sourceip")
	}
	dst := Endpoint{UID: r.text("apiid"), SvcName: "apigateway.amazonaws.com"}
	if u != nil {
		dst.Hostname = u.Hostname
	}
	v.ends(src, dst)
	return v
}
