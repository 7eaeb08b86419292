package alb_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/resource"
	"jobzero/internal/source/alb"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
)

const (
	asked = `https 2026-03-02T09:00:38.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.1:80 0.086 0.048 0.037 200 404 42 57 "GET https://www.example.com:443/login?next=%2F HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "session-reused" 1 2026-03-02T09:00:38.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "404" "-" "-" TID_1234abcd5678ef90 "-" "-" "-"`
	bad   = `http 2026-03-02T09:00:39.186641Z app/shop/50dc6c495c0c9188 [2001:db8::9]:2817 - -1 -1 -1 400 - 0 272 "- http://shop.example.com:80- " "-" - - - "-" "-" "-" - 2026-03-02T09:00:39.186641Z "-" "-" "-" "-" "-" "Severe" "MultipleContentLength" TID_1`
)

func open() line.Reader {
	return alb.New(line.Place{Account: "444455556666", Region: "eu-west-1"})
}

func TestRead(t *testing.T) {
	got, errs := linetest.Read(t, open, asked+"\n"+bad)
	if len(errs) > 0 || len(got) != 2 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	e := got[0]
	if e.Name != "GET" || e.SourceIP != "203.0.113.9" || e.UserAgent != "curl/8.5.0" || e.ErrorCode != "" || e.Account != "111122223333" || e.Region != "eu-central-1" {
		t.Errorf("%+v", e)
	}
	want := &resource.Ref{
		Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", Account: "111122223333", Region: "eu-central-1",
		ID: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188",
	}
	if d := cmp.Diff(want, e.About); d != "" {
		t.Error(d)
	}
	const raw = `{"type":"https","time":"2026-03-02T09:00:38.186641Z","elb":"app/shop/50dc6c495c0c9188","client_ip":"203.0.113.9","client_port":2817,"target_ip":"10.0.0.1","target_port":80,"request_processing_time":0.086,"target_processing_time":0.048,"response_processing_time":0.037,"elb_status_code":200,"target_status_code":404,"received_bytes":42,"sent_bytes":57,"request":"GET https://www.example.com:443/login?next=%2F HTTP/1.1","request_verb":"GET","request_url":"https://www.example.com:443/login?next=%2F","request_proto":"HTTP/1.1","request_url_path":"/login","request_url_query":"next=%2F","user_agent":"curl/8.5.0","ssl_cipher":"ECDHE-RSA-AES128-GCM-SHA256","ssl_protocol":"TLSv1.2","target_group_arn":"arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/shop/73e2d6bc24d8a067","trace_id":"Root=1-58337281-1d84f3d73c47ec4e58577259","domain_name":"www.example.com","chosen_cert_arn":"session-reused","matched_rule_priority":1,"request_creation_time":"2026-03-02T09:00:38.364000Z","actions_executed":"authenticate,forward","target_port_list":"10.0.0.1:80","target_status_code_list":"404","conn_trace_id":"TID_1234abcd5678ef90"}`
	if d := cmp.Diff(raw, string(e.Raw)); d != "" {
		t.Error(d)
	}
	e = got[1]
	if e.SourceIP != "2001:db8::9" || e.ErrorCode != "400" || e.Account != "444455556666" || e.Region != "eu-west-1" || !strings.Contains(string(e.Raw), `"classification":"Severe","classification_reason":"MultipleContentLength"`) {
		t.Errorf("%+v %s", e, e.Raw)
	}
}

func TestCall(t *testing.T) {
	for request, want := range map[string]string{
		"GET http://a:80/ HTTP/1.1":         `"request_url_path":"/"`,
		"GET http://a:80?x=1 HTTP/1.1":      `"request_url_query":"x=1"`,
		"GET /a/b?c HTTP/1.1":               `"request_url_path":"/a/b","request_url_query":"c"`,
		`GET http://a:80/a b\x22c HTTP/1.1`: `"request_url_path":"/a b\\x22c"`,
		"-":                                 `"sent_bytes":57,"user_agent"`,
	} {
		got, errs := linetest.Read(t, open, strings.Replace(asked, "GET https://www.example.com:443/login?next=%2F HTTP/1.1", request, 1))
		if len(got) != 1 || !strings.Contains(string(got[0].Raw), want) {
			t.Errorf("%s: %v %s", request, errs, got[0].Raw)
		}
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"https 2026-03-02T09:00:38Z app/a":                "the line has 3 fields",
		strings.Replace(asked, "2026-03-02T", "2026 ", 1): `time "2026" is no time`,
		asked[:strings.Index(asked, "1-58337281")]:        "never closes",
	} {
		if _, errs := linetest.Read(t, open, text); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
	if !alb.Looks(asked) || !alb.Looks(bad) || alb.Looks("tls 2.0 2026-03-02T09:00:38 net/a/b c") {
		t.Error("an access log is not known, or another text is")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{asked, bad, strings.Replace(asked, "GET ", "", 1), strings.Replace(asked, "://", ":/", 1), asked + ` "new" field`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		alb.Looks(text)
		linetest.Read(t, open, text)
	})
}
