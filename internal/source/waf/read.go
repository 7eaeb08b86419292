package waf

import (
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
)

// Reader reads the entries of one log. Their members stand in
// https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html: timestamp (milliseconds), formatVersion, webaclId,
// terminatingRuleId, terminatingRuleType, action, terminatingRuleMatchDetails, httpSourceName, httpSourceId, ruleGroupList,
// rateBasedRuleList, nonTerminatingMatchingRules, labels, and httpRequest with clientIp, country, headers (name, value), uri, args,
// httpVersion, httpMethod and requestId.
type Reader struct{ place line.Place }

// New begins to read.
func New(p line.Place) *Reader { return &Reader{p} }

// Looks reports whether a JSON object is of such a log.
func Looks(j line.JSON) bool { return j.Has("webaclId") && j.Has("httpRequest") && j.Has("action") }

// Read makes an event of an entry; see line.Reader.
func (r *Reader) Read(in line.Entry) (*event.Event, error) {
	j, err := line.Open(in.Text)
	if err != nil {
		return nil, err
	}
	when, err := line.When("timestamp", j.Text("timestamp"), line.Milliseconds, time.RFC3339Nano) // streams may rewrite it
	if err != nil {
		return nil, err
	}
	action, acl := j.Text("action"), j.Text("webaclId")
	if action == "" {
		return nil, fault.New(fault.Invalid, "action is missing: what became of the request is not known")
	}
	e := &event.Event{
		// The request ID is a trace ID of the client's where the source is a load balancer; the text counts too.
		ID: in.ID(j.Text("httpRequest", "requestId")), Time: when, Name: action, Source: "wafv2.amazonaws.com", Type: "WebRequest",
		SourceIP: j.Text("httpRequest", "clientIp"), UserAgent: header(j.At("httpRequest", "headers"), "user-agent"),
		Origin: in.Origin, Log: event.WAF, Raw: in.Text,
	}
	switch action {
	case "ALLOW", "COUNT":
	default: // BLOCK, CAPTCHA and CHALLENGE: the request did not get through
		e.ErrorCode = action
	}
	e.Account, e.Region = line.Owner(acl)
	r.place.Fill(e)
	if acl != "" {
		e.About = &resource.Ref{Type: "AWS::WAFv2::WebACL", Account: e.Account, Region: e.Region, ID: acl}
	}
	return e, nil
}

// header is the first value of a header, whose name may be written in any case.
func header(all rawjson.Value, name string) string {
	if len(all) == 0 || all[0] != '[' {
		return ""
	}
	for it := rawjson.Over(all); it.Next(); {
		var key, value string
		for m := rawjson.Over(it.Value); m.Next(); {
			switch string(m.Name) {
			case "name":
				key = line.Text(m.Value)
			case "value":
				value = line.Text(m.Value)
			}
		}
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
