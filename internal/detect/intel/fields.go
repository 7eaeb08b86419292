package intel

import (
	"strconv"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// place is a field of a log that names somebody or something outside. The names are those of AWS.
type place struct {
	path string
	kind Kind
}

// trail are the fields of CloudTrail, by their slot.
var trail = []struct {
	slot event.Slot
	kind Kind
}{
	{event.SourceIPAddress, Address},
	{event.UserAgent, UserAgent},
	{event.IdentityKey, AccessKey},
	{event.IdentityAccount, Account},
	{event.IdentityUser, User},
	{event.IdentityARN, User},
	{event.IdentityARN, Email},
	{event.IdentityUser, Email},
}

// callers are the parts of CloudTrail that callers fill.
var callers = []event.Slot{event.RequestParameters, event.ResponseElements, event.AdditionalEventData}

// places are the fields of the other logs.
var places = map[event.Log][]place{
	event.VPCFlow:  {{"srcaddr", Address}, {"dstaddr", Address}, {"pkt-srcaddr", Address}, {"pkt-dstaddr", Address}},
	event.Resolver: {{"query_name", Domain}, {"srcaddr", Address}, {"answers.Rdata", Address}, {"answers.Rdata", Domain}},
	event.S3Access: {{"remoteip", Address}, {"useragent", UserAgent}, {"requester", User}, {"referrer", URL}},
	event.WAF:      {{"httpRequest.clientIp", Address}, {"httpRequest.host", Domain}},
	event.LoadBalancer: {
		{"client_ip", Address}, {"user_agent", UserAgent}, {"domain_name", Domain}, {"request_url", URL},
	},
	event.CloudFront: {
		{"c-ip", Address}, {"x-forwarded-for", Address}, {"cs(User-Agent)", UserAgent}, {"cs(Referer)", URL}, {"x-host-header", Domain},
	},
	event.APIGateway: {
		{"ip", Address},
		{"sourceIp", Address},
		{"sourceIP", Address},
		{"identitySourceIp", Address},
		{"identity.sourceIp", Address},
		{"clientIp", Address},
		{"userAgent", UserAgent},
		{"identity.userAgent", UserAgent},
		{"domainName", Domain},
	},
	event.EKSAudit: {{"sourceIPs", Address}, {"userAgent", UserAgent}, {"user.username", User}, {"user.extra.accessKeyId", AccessKey}},
}

// clocks are where the other logs say when it was, and in which forms; no form is seconds or milliseconds since 1970.
var clocks = map[event.Log]struct{ field, form string }{
	event.VPCFlow: {"start", ""}, event.WAF: {"timestamp", ""},
	event.Resolver: {"query_timestamp", time.RFC3339Nano}, event.LoadBalancer: {"time", time.RFC3339Nano},
	event.S3Access: {"requestdatetime", "02/Jan/2006:15:04:05 -0700"}, event.APIGateway: {"requestTime", "02/Jan/2006:15:04:05 -0700"},
	event.CloudFront: {"date", time.DateOnly}, event.EKSAudit: {"requestReceivedTimestamp", time.RFC3339Nano},
}

// timeOf is when a record happened; zero when it does not say.
func timeOf(r *event.Record) time.Time {
	if r.Log == event.CloudTrail {
		s, _ := r.Part(event.EventTime).Text()
		t, _ := time.Parse(time.RFC3339, s)
		return t
	}
	c := clocks[r.Log]
	v := member(r.Raw, c.field)
	if c.form != "" {
		s, _ := v.Text()
		t, _ := time.Parse(c.form, strings.Trim(s, "[]"))
		return t
	}
	n, err := strconv.ParseInt(strings.Trim(string(v), `"`), 10, 64)
	const milliseconds = 1e11 // as seconds, that is in the year 5138
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n > milliseconds:
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

func member(v rawjson.Value, name string) rawjson.Value {
	var out rawjson.Value
	for it := rawjson.Over(v); it.Next(); {
		if string(it.Name) == name && it.Name != nil {
			out = it.Value
		}
	}
	return out
}

// reach calls each for the texts at a path, all elements of arrays on the way.
func reach(v rawjson.Value, path string, each func(text []byte)) {
	switch {
	case len(v) == 0:
	case v[0] == '[':
		for it := rawjson.Over(v); it.Next(); {
			reach(it.Value, path, each)
		}
	case path == "":
		if t, ok := textOf(v); ok {
			each(t)
		}
	default:
		name, rest, _ := strings.Cut(path, ".")
		reach(member(v, name), rest, each)
	}
}

func textOf(v rawjson.Value) ([]byte, bool) {
	if t, ok := v.Plain(); ok {
		return t, true
	}
	t, ok := v.Text()
	return []byte(t), ok
}

// texts calls each for every text in a value, however deep, up to a bound.
func deepTexts(v rawjson.Value, left *int, each func(text []byte)) {
	if len(v) == 0 || *left <= 0 {
		return
	}
	switch v[0] {
	case '"':
		*left--
		if t, ok := textOf(v); ok {
			each(t)
		}
	case '{', '[':
		for it := rawjson.Over(v); it.Next() && *left > 0; {
			deepTexts(it.Value, left, each)
		}
	}
}
