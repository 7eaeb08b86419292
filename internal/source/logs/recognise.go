package logs

import (
	"bytes"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/source/alb"
	"jobzero/internal/source/apigateway"
	"jobzero/internal/source/cloudfront"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/eks"
	"jobzero/internal/source/line"
	"jobzero/internal/source/resolver"
	"jobzero/internal/source/s3access"
	"jobzero/internal/source/vpcflow"
	"jobzero/internal/source/waf"
)

// Names are members by which entries of these logs are told from other JSON, where one is too large to be read.
func Names() []string {
	return []string{
		"messageType", "logGroup", "logEvents", "webaclId", "httpRequest", "terminatingRuleId", "auditID", "requestReceivedTimestamp",
		"query_name", "query_timestamp",
	}
}

// OfLines says which log in lines a stream is, by its first bytes and, where those say nothing, by its name. JSON is none.
func OfLines(head []byte, p line.Place) (event.Log, bool) {
	first := firstLine(head)
	if first == "" || first[0] == '{' || first[0] == '[' {
		return "", false
	}
	for _, l := range []struct {
		log   event.Log
		looks func(string) bool
	}{
		{event.VPCFlow, vpcflow.Looks},
		{event.LoadBalancer, alb.Looks},
		{event.S3Access, s3access.Looks},
		{event.CloudFront, cloudfront.Looks},
		{event.APIGateway, apigateway.Looks},
	} {
		if l.looks(first) {
			return l.log, true
		}
	}
	return ofPlace(p)
}

// ofPlace goes by AWS's names of folders and files. Load balancers of other kinds and other logs of theirs share one folder.
func ofPlace(p line.Place) (event.Log, bool) {
	switch p.Kind {
	case "vpcflowlogs":
		return event.VPCFlow, true
	case "elasticloadbalancing":
		if strings.Contains(p.Base, "_app.") && !strings.HasPrefix(p.Base, "conn_log") && !strings.HasPrefix(p.Base, "health_check_log") {
			return event.LoadBalancer, true
		}
	case "cloudfront":
		return event.CloudFront, true
	}
	return "", false
}

// IsEnvelopes reports whether a stream is of CloudWatch Logs' envelopes, packed, one a line.
func IsEnvelopes(head []byte) bool { return cwlogs.IsPacked([]byte(firstLine(head))) }

// firstLine is the first line that is not blank, as far as it was read.
func firstLine(head []byte) string {
	text, _, _ := bytes.Cut(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("\n"))
	return strings.TrimRight(string(text), "\r")
}

// Kind is what a JSON object is.
type Kind int

// The kinds.
const (
	Unknown  Kind = iota
	Entry         // of a log
	Envelope      // of CloudWatch Logs
)

// OfJSON says what a JSON object is that has been checked, and of which log an entry is.
func OfJSON(checked []byte) (Kind, event.Log) {
	j := line.Inside(checked)
	if cwlogs.Looks(j) {
		return Envelope, ""
	}
	for _, l := range []struct {
		log   event.Log
		looks func(line.JSON) bool
	}{
		{event.WAF, waf.Looks},
		{event.EKSAudit, eks.Looks},
		{event.Resolver, resolver.Looks},
		{event.CloudFront, cloudfront.IsJSON},
		{event.APIGateway, apigateway.IsJSON},
	} {
		if l.looks(j) {
			return Entry, l.log
		}
	}
	return Unknown, ""
}
