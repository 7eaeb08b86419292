package sigma_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

// every is all logs, each once.
func every() []event.Log {
	var all []event.Log
	for _, l := range sigma.Logs() {
		all = append(all, l.Log)
	}
	return all
}

func about(tb testing.TB, source, detection string) *sigma.Compiled {
	tb.Helper()
	c, err := sigma.ParseRule("r.yml", fmt.Appendf(nil, "title: t\nid: %q\nlogsource: %s\ndetection: %s\n", name(source), source, detection))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// name is a log source as an id.
func name(source string) string { return strings.ReplaceAll(source, " ", "") }

// TestRulesSeeTheirLogs: a rule judges the records of the logs that its log source means, and no other's.
func TestRulesSeeTheirLogs(t *testing.T) {
	webservers := []event.Log{event.LoadBalancer, event.CloudFront, event.APIGateway}
	want := map[string][]event.Log{
		"{product: aws, service: cloudtrail}":                          {event.CloudTrail},
		"{product: aws, service: vpcflow}":                             {event.VPCFlow},
		"{category: firewall}":                                         {event.VPCFlow},
		"{product: aws, service: route53resolver}":                     {event.Resolver},
		"{category: dns}":                                              {event.Resolver},
		"{product: aws, service: s3access}":                            {event.S3Access},
		"{product: aws, service: waf}":                                 {event.WAF},
		"{category: webserver}":                                        webservers,
		"{category: webserver, product: aws, service: alb}":            {event.LoadBalancer},
		"{product: aws, service: cloudfront}":                          {event.CloudFront},
		"{product: aws, service: apigateway}":                          {event.APIGateway},
		"{product: aws, service: eks}":                                 {event.EKSAudit},
		"{product: kubernetes, service: audit}":                        {event.EKSAudit},
		"{category: application, product: kubernetes, service: audit}": {event.EKSAudit},
		"{product: aws}":                                               every(),
		"{product: aws, service: guardduty}":                           nil,
		"{category: proxy}":                                            nil,
		"{category: dns, product: zeek}":                               nil,
	}
	var rules []*sigma.Compiled
	for source := range want {
		rules = append(rules, about(t, source, "{s: {a: 1}, condition: s}"))
	}
	engine := sigma.NewEngine(rules)
	got := map[string][]event.Log{}
	for _, log := range append(every(), "shop/orders") {
		e := &event.Event{Raw: []byte(`{"a":1}`), Log: log}
		for _, m := range engine.Detect(e.Record()) {
			got[m.Rule.ID] = append(got[m.Rule.ID], log)
		}
	}
	for source, logs := range want {
		if d := cmp.Diff(logs, got[name(source)]); d != "" {
			t.Errorf("%s: %s", source, d)
		}
	}
}

// TestLogOfAHouse: a log that only this house has is known once it is named.
func TestLogOfAHouse(t *testing.T) {
	const text = "title: t\nlogsource: {product: shop, service: orders}\ndetection: {s: {what: refund}, condition: s}\n"
	o := sigma.Options{Logs: append(sigma.Logs(), sigma.Log{Log: "shop/orders", Sources: []detect.LogSource{{Product: "shop", Service: "orders"}}})}
	s, errs := sigma.Read("r.yml", []byte(text), o)
	if len(errs) > 0 || s.Rules[0].Idle != "" {
		t.Fatalf("%v %s", errs, s.Rules[0].Idle)
	}
	e := &event.Event{Raw: []byte(`{"what":"refund"}`), Log: "shop/orders"}
	if len(sigma.NewEngine(s.Rules).Detect(e.Record())) != 1 {
		t.Error("silent")
	}
}

// TestTaxonomy: what rules know by Sigma's names is found where each log has it.
func TestTaxonomy(t *testing.T) {
	for _, c := range []struct {
		source, line, raw string
		log               event.Log
		want              bool
	}{
		{"{category: dns}", "query|endswith: .onion", `{"query_name":"a.onion."}`, event.Resolver, true},
		{"{category: dns}", "query: a.onion", `{"query_name":"A.onion."}`, event.Resolver, true},
		{"{category: dns}", "query: a.onion", `{"query_name":"a.onion"}`, event.Resolver, true},
		{"{category: dns}", "query|endswith: .onion", `{"query_name":"a.onion.example."}`, event.Resolver, false},
		{"{category: dns}", "answer|contains: '198.51.100.'", `{"answers":[{"Rdata":"198.51.100.7"}]}`, event.Resolver, true},
		{"{category: firewall}", "dst_port: 3389", `{"dstport":3389}`, event.VPCFlow, true},
		{"{category: firewall}", "src_ip|cidr: 203.0.113.0/24", `{"srcaddr":"203.0.113.9"}`, event.VPCFlow, true},
		{"{category: webserver}", "cs-uri-query|contains: '/.env'", `{"request_url":"https://example.com:443/.env"}`, event.LoadBalancer, true},
		{"{category: webserver}", "cs-uri-query|contains: '/.env'", `{"cs-uri-stem":"/.env","cs-uri-query":"a=1"}`, event.CloudFront, true},
		{"{category: webserver}", "cs-uri-query|contains: '/.env'", `{"path":"/.env"}`, event.APIGateway, true},
		{"{category: webserver}", "sc-status: 404", `{"elb_status_code":404}`, event.LoadBalancer, true},
		{"{category: webserver}", "sc-status: 404", `{"status":"404"}`, event.APIGateway, true},
		{"{category: webserver}", "sc-status: 404", `{"sc-status":404}`, event.CloudFront, true},
		{"{category: webserver}", "cs-referer: null", `{"cs(Referer)":"x"}`, event.CloudFront, false},
		{"{category: webserver}", "cs-referer: null", `{"a":1}`, event.LoadBalancer, true},
		{"{product: kubernetes, service: audit}", "capabilities: '*'", `{"requestObject":{"spec":{"containers":[{"securityContext":{"capabilities":{"add":["NET_ADMIN"]}}}]}}}`, event.EKSAudit, true},
		{"{product: kubernetes, service: audit}", "objectRef.resource: pods", `{"objectRef":{"resource":"pods"}}`, event.EKSAudit, true},
	} {
		rule := about(t, c.source, "{s: {"+quoted(c.line)+"}, condition: s}")
		e := &event.Event{Raw: []byte(c.raw), Log: c.log}
		if got := len(sigma.NewEngine([]*sigma.Compiled{rule}).Detect(e.Record())) == 1; got != c.want {
			t.Errorf("%s on %s: %v", c.line, c.raw, got)
		}
	}
}

// quoted puts the field of a line in quotes.
func quoted(line string) string {
	field, value, _ := strings.Cut(line, ": ")
	return "'" + field + "': " + value
}

// TestCorpusAwakes: what others wrote for web servers, the DNS, firewalls and Kubernetes is judged here.
func TestCorpusAwakes(t *testing.T) {
	count := map[string]int{}
	packed(t, func(file string, text []byte) {
		s, _ := sigma.Read(file, text, sigma.Options{})
		for _, r := range s.Rules {
			if r.Idle == "" {
				l := r.LogSource
				count[strings.Trim(l.Category+" "+l.Product, " ")]++
				if slices.Contains(r.Logs, event.CloudTrail) {
					t.Errorf("%s: a rule about %s sees CloudTrail", file, l)
				}
			}
		}
	})
	want := map[string]int{"webserver": 37, "dns": 4, "firewall": 1, "application kubernetes": 5, "kubernetes": 3}
	if d := cmp.Diff(want, count); d != "" {
		t.Error(d)
	}
}
