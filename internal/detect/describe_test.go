package detect_test

import (
	"testing"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// TestFindingsOfLogs: a finding reads well and is about something also where a record names no actor.
func TestFindingsOfLogs(t *testing.T) {
	iface := &resource.Ref{Type: "AWS::EC2::NetworkInterface", Account: "111122223333", Region: "eu-central-1", ID: "eni-0a"}
	bucket := &resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "example-reports"}
	for want, c := range map[string]struct {
		e       *event.Event
		subject detect.Subject
		about   string
	}{
		"10.0.0.5 → 198.51.100.7:3389 tcp ACCEPT": {
			&event.Event{Log: event.VPCFlow, Name: "ACCEPT", SourceIP: "10.0.0.5", About: iface, Raw: []byte(`{"dstaddr":"198.51.100.7","dstport":3389,"protocol":6}`)}, "", iface.Key(),
		},
		"2001:db8::1 → [2001:db8::2]:53 udp REJECT": {
			&event.Event{Log: event.VPCFlow, Name: "REJECT", ErrorCode: "REJECT", SourceIP: "2001:db8::1", About: iface, Raw: []byte(`{"dstaddr":"2001:db8::2","dstport":53,"protocol":17}`)}, "", iface.Key(),
		},
		"10.0.0.5 → unknown protocol 99 FLOW": {
			&event.Event{Log: event.VPCFlow, Name: "FLOW", SourceIP: "10.0.0.5", Raw: []byte(`{"protocol":99}`)}, "", "principal|111122223333|10.0.0.5",
		},
		"i-0a (10.0.0.5) asked for pool.example.com. A: NXDOMAIN": {
			&event.Event{Log: event.Resolver, Name: "Query", ErrorCode: "NXDOMAIN", SourceIP: "10.0.0.5", About: iface, Raw: []byte(`{"query_name":"pool.example.com.","query_type":"A","srcids":{"instance":"i-0a"}}`)}, "", iface.Key(),
		},
		"somebody called REST.GET.OBJECT on example-reports/a.csv from 203.0.113.9: AccessDenied": {
			&event.Event{Log: event.S3Access, Name: "REST.GET.OBJECT", ErrorCode: "AccessDenied", SourceIP: "203.0.113.9", About: bucket, Raw: []byte(`{"bucket_name":"example-reports","key":"a.csv"}`)}, "", bucket.Key(),
		},
		"kim called REST.GET.OBJECT on example-reports from 203.0.113.9": {
			&event.Event{Log: event.S3Access, Name: "REST.GET.OBJECT", SourceIP: "203.0.113.9", About: bucket, Actor: event.Actor{UserName: "kim"}, Raw: []byte(`{"bucket_name":"example-reports"}`)}, "", "principal|111122223333|kim",
		},
		"kim called REST.PUT.OBJECT on example-reports from 203.0.113.9": {
			&event.Event{Log: event.S3Access, Name: "REST.PUT.OBJECT", SourceIP: "203.0.113.9", About: bucket, Actor: event.Actor{UserName: "kim"}, Raw: []byte(`{"bucket_name":"example-reports"}`)}, detect.Bucket, bucket.Key(),
		},
		"GET /login from 203.0.113.9, judged by sqli: BLOCK": {
			&event.Event{Log: event.WAF, Name: "BLOCK", ErrorCode: "BLOCK", SourceIP: "203.0.113.9", Raw: []byte(`{"terminatingRuleId":"sqli","httpRequest":{"httpMethod":"GET","uri":"/login"}}`)}, "", "principal|111122223333|203.0.113.9",
		},
		"GET https://example.com:443/.env from 203.0.113.9: 403": {
			&event.Event{Log: event.LoadBalancer, Name: "GET", ErrorCode: "403", SourceIP: "203.0.113.9", Raw: []byte(`{"request_url":"https://example.com:443/.env"}`)}, "", "principal|111122223333|203.0.113.9",
		},
		"GET example.com/.env from 203.0.113.9": {
			&event.Event{Log: event.CloudFront, Name: "GET", SourceIP: "203.0.113.9", Raw: []byte(`{"cs(Host)":"example.com","cs-uri-stem":"/.env"}`)}, "", "principal|111122223333|203.0.113.9",
		},
		"alice did create pods/exec on shop/web-0 from 203.0.113.9: Forbidden": {
			&event.Event{Log: event.EKSAudit, Name: "create pods/exec", ErrorCode: "Forbidden", SourceIP: "203.0.113.9", Actor: event.Actor{UserName: "alice"}, Raw: []byte(`{"objectRef":{"namespace":"shop","name":"web-0"}}`)}, "", "principal|111122223333|alice",
		},
		"somebody did DELETE /pets from 203.0.113.9": {
			&event.Event{Log: event.APIGateway, Name: "DELETE", SourceIP: "203.0.113.9", Raw: []byte(`{"resourcePath":"/pets"}`)}, "", "principal|111122223333|203.0.113.9",
		},
		"kim did refund from ": {
			&event.Event{Log: "shop/orders", Name: "refund", Actor: event.Actor{UserName: "kim"}, Raw: []byte(`no JSON`)}, "", "principal|111122223333|kim",
		},
	} {
		c.e.Account = "111122223333"
		f := detect.Finding(c.e, detect.Match{Rule: &detect.Rule{ID: "r1", Subject: c.subject}}, now)
		if got := f.Evidence[0].Text; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if f.Subject() != c.about {
			t.Errorf("%s: about %s, want %s", want, f.Subject(), c.about)
		}
		of := c.about
		if f.Resource == nil {
			of = f.Principal
		}
		if f.Fingerprint != finding.Print(finding.Rule, "r1", "111122223333", of) {
			t.Errorf("%s: the fingerprint is not about %s", want, of)
		}
	}
}
