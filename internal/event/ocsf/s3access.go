package ocsf

import "jobzero/internal/event"

// s3Access is a line of a bucket's server access log. Its fields:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html.
func s3Access(e *event.Event, r *rest) View {
	v := asked(e)
	v.stamp(r, "time", "requestdatetime")
	text := r.text("requesturi", "requesturioperation")
	method, version, u := line(text)
	if u == nil || mustKeep(method) {
		r.keep(text, "requesturi", "requesturioperation")
	}
	v.request(method, HTTPRequest{
		UID: r.text("requestid"), Version: version, URL: u, UserAgent: r.text("useragent"), Referrer: r.text("referer", "referrer"),
	})
	sent := r.whole("bytessent")
	v.response(r.whole("httpstatus"), HTTPResponse{Length: sent, Latency: r.whole("totaltime")})
	v.StatusDetail = r.text("errorcode")
	v.Traffic = traffic(Traffic{BytesOut: sent})
	host := r.text("hostheader", "endpoint")
	v.ends(Endpoint{IP: r.address("remoteip")}, Endpoint{Hostname: host, SvcName: "s3.amazonaws.com"})
	v.TLS = enciphered(r.text("tlsversion"), r.text("ciphersuite"), "")
	return v
}

func mustKeep(method string) bool {
	_, known := methods(method)
	return known == ""
}
