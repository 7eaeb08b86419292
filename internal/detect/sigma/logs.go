package sigma

import (
	"strings"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// Log is a log that is read here, as rules know it.
type Log struct {
	Log event.Log
	// Sources are its log sources. A rule is about the log when everything that the rule's own log source names is so in one
	// of them.
	Sources []detect.LogSource
	// Fields are the places of what rules know by the names of Sigma's taxonomy
	// (https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html). What is not here has the name that the
	// log gives it.
	Fields map[string][]Place
}

// means reports whether a rule's log source is about the log. One that names nothing is about none.
func (l Log) means(s detect.LogSource) bool {
	if s == (detect.LogSource{}) {
		return false
	}
	for _, source := range l.Sources {
		if covers(s, source) {
			return true
		}
	}
	return false
}

// Logs are the logs that AWS writes. They are shared: nobody changes them.
func Logs() []Log { return awsLogs() }

var awsLogs = sync.OnceValue(makeLogs) // every rule asks for them

// makeLogs is the only place that says which log source of rules means which log.
func makeLogs() []Log {
	aws := func(category string, services ...string) (out []detect.LogSource) {
		for _, s := range services {
			out = append(out, detect.LogSource{Category: category, Product: "aws", Service: s})
		}
		return out
	}
	return []Log{
		{Log: event.CloudTrail, Sources: aws("", "cloudtrail")},
		{Log: event.VPCFlow, Sources: aws("firewall", "vpcflow"), Fields: flowFields()},
		{Log: event.Resolver, Sources: aws("dns", "route53resolver", "route53"), Fields: nameFields()},
		{Log: event.S3Access, Sources: aws("", "s3access")},
		{Log: event.WAF, Sources: aws("", "waf"), Fields: placed("c-ip httpRequest.clientIp; cs-method httpRequest.httpMethod; cs-uri-stem httpRequest.uri; cs-uri-query httpRequest.args")},
		{Log: event.LoadBalancer, Sources: aws("webserver", "alb"), Fields: placed(`c-ip client_ip; c-port client_port; cs-bytes received_bytes;
			cs-host domain_name; cs-method request_verb; cs-uri request_url; cs-uri-query request_url_query request_url;
			cs-uri-stem request_url_path; cs-user-agent user_agent; cs-version request_proto; sc-bytes sent_bytes; sc-status elb_status_code`)},
		{Log: event.CloudFront, Sources: aws("webserver", "cloudfront"), Fields: placed(`cs-cookie cs(Cookie); cs-host x-host-header cs(Host);
			cs-referer cs(Referer); cs-referrer cs(Referer); cs-uri cs-uri-stem; cs-uri-query cs-uri-query cs-uri-stem;
			cs-user-agent cs(User-Agent); cs-version cs-protocol-version`)},
		{Log: event.APIGateway, Sources: aws("webserver", "apigateway"), Fields: placed(`c-ip ip sourceIp identity.sourceIp; cs-host domainName;
			cs-method httpMethod method requestMethod; cs-uri path resourcePath; cs-uri-query path resourcePath; cs-uri-stem path resourcePath;
			cs-user-agent userAgent identity.userAgent; cs-version protocol; sc-bytes responseLength; sc-status status statusCode`)},
		{
			Log:     event.EKSAudit,
			Sources: append(aws("", "eks"), detect.LogSource{Category: "application", Product: "kubernetes", Service: "audit"}),
			Fields: placed(`apiGroup objectRef.apiGroup; namespace objectRef.namespace; resource objectRef.resource; subresource objectRef.subresource;
				username user.username; capabilities requestObject.spec.containers.securityContext.capabilities.add;
				hostPath requestObject.spec.volumes.hostPath`),
		},
	}
}

// flowFields: the names of a firewall, and those with hyphens as others write them.
func flowFields() map[string][]Place {
	return placed(`src_ip srcaddr; src_port srcport; dst_ip dstaddr; dst_port dstport; account_id account-id; interface_id interface-id;
		vpc_id vpc-id; subnet_id subnet-id; instance_id instance-id; tcp_flags tcp-flags; flow_direction flow-direction; log_status log-status`)
}

// nameFields: AWS writes a name with the dot of the root behind it, which rules leave out.
func nameFields() map[string][]Place {
	out := placed("answer answers.Rdata; record_type query_type; src_ip srcaddr; src_port srcport")
	out["query"] = []Place{{Field: "query_name"}, {Field: "query_name", Suffix: "."}}
	return out
}

// placed reads "name place place; name place".
func placed(text string) map[string][]Place {
	out := map[string][]Place{}
	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		for _, place := range words[1:] {
			out[words[0]] = append(out[words[0]], Place{Field: place})
		}
	}
	return out
}
