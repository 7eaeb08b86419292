package ocsf_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf/ocsftest"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
)

// expected is a finding of an expectation as the house keeps it.
func expected() finding.Finding {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	return finding.Finding{
		Fingerprint: "f00", Kind: finding.Expectation, By: "s3-public", Title: "A bucket is public", Why: "the policy allows *", Severity: finding.High,
		Account: "111122223333", Region: "eu-central-1", Occurred: at, Detected: at, Sighting: "d1", State: finding.Open, ARN: "arn:aws:s3:::shop",
		Resource: &resource.Ref{Type: "AWS::S3::Bucket", Account: "111122223333", Region: "eu-central-1", ID: "shop"}, Tags: map[string]string{"team": "shop", "env": "prod"},
		Evidence: []finding.Evidence{
			{Kind: "resource", At: at, Text: "as it was read", Data: json.RawMessage(`{"BucketName":"shop"}`)},
			{Kind: "verdict", At: at, Text: "fail", Data: json.RawMessage(`{"controls":["S3.2","SEC08-BP04"]}`)},
			{Kind: "event", At: at, Text: "PutBucketPolicy", Data: json.RawMessage(
				`{"eventName":"PutBucketPolicy","eventSource":"s3.amazonaws.com","sourceIPAddress":"198.51.100.7","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/ops/eve",` +
					`"sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/ops"}}}}`)},
		},
	}
}

// TestEveryKindFollowsTheSchema holds findings of every kind in every state against OCSF's own files.
func TestEveryKindFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	for name, c := range map[string]struct {
		change func(*finding.Finding)
		class  float64
	}{
		"expectation": {func(*finding.Finding) {}, 2003},
		"unknown":     {func(f *finding.Finding) { f.Unknown = true }, 2003},
		"settled":     {func(f *finding.Finding) { f.State = finding.Done }, 2003},
		"unread":      {func(f *finding.Finding) { f.Kind, f.Unknown, f.Evidence = finding.Unread, true, f.Evidence[1:2] }, 2003},
		"rule":        {func(f *finding.Finding) { f.Kind = finding.Rule }, 2004},
		"rule, human": {func(f *finding.Finding) { f.Kind, f.State, f.Count = finding.Rule, finding.Human, 3 }, 2004},
		"imported":    {func(f *finding.Finding) { f.Kind, f.By = finding.Imported, "guardduty/x" }, 2004},
		"strange":     {func(f *finding.Finding) { *f = finding.Finding{} }, 2004},
		"strange evidence": {func(f *finding.Finding) {
			f.Evidence = []finding.Evidence{{Kind: "event", Data: json.RawMessage(`[1]`)}, {Kind: "event", Data: json.RawMessage(`{`)}, {Kind: "verdict", Data: json.RawMessage(`{"controls":7}`)}}
		}, 2003},
	} {
		f := expected()
		c.change(&f)
		v := s.Decode(ocsf.Of(f, "v1.0.0"))
		if v["class_uid"] != c.class {
			t.Errorf("%s: class %v, want %v", name, v["class_uid"], c.class)
		}
		for _, w := range s.Wrong(v) {
			t.Errorf("%s: %s", name, w)
		}
	}
}

// Unknown is unknown, never a pass; what a fresh read took back is one.
func TestVerdicts(t *testing.T) {
	for want, change := range map[string]func(*finding.Finding){
		"Fail":    func(*finding.Finding) {},
		"Unknown": func(f *finding.Finding) { f.Unknown = true },
		"Pass":    func(f *finding.Finding) { f.State = finding.Done },
	} {
		f := expected()
		change(&f)
		got := decode(t, ocsf.Of(f, "v1"))["compliance"].(map[string]any)
		if got["status"] != want || !cmp.Equal(got["requirements"], []any{"S3.2", "SEC08-BP04"}) || got["control"] != "s3-public" {
			t.Errorf("want %s, got %v", want, got)
		}
	}
}

// The event that caused it is evidence with its parts, and the resource as it was read.
func TestEvidences(t *testing.T) {
	list := decode(t, ocsf.Of(expected(), "v1"))["evidences"].([]any)
	call := list[1].(map[string]any)
	got := map[string]any{
		"resource": list[0].(map[string]any)["data"], "call": call["api"], "from": call["src_endpoint"],
		"who": call["actor"].(map[string]any)["user"].(map[string]any)["uid"], "role": call["actor"].(map[string]any)["session"],
	}
	want := map[string]any{
		"resource": map[string]any{"BucketName": "shop"}, "call": map[string]any{"operation": "PutBucketPolicy", "service": map[string]any{"name": "s3.amazonaws.com"}},
		"from": map[string]any{"ip": "198.51.100.7"}, "who": "arn:aws:sts::111122223333:assumed-role/ops/eve",
		"role": map[string]any{"issuer": "arn:aws:iam::111122223333:role/ops"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A rule may fire on other logs than CloudTrail: their evidence follows the schema too.
func TestEvidenceOfOtherLogs(t *testing.T) {
	s := ocsftest.Load(t)
	for log, c := range map[event.Log]struct{ raw, has string }{
		event.VPCFlow:      {`{"srcaddr":"198.51.100.7","dstaddr":"203.0.113.9","action":"REJECT"}`, "connection_info"},
		event.Resolver:     {`{"query_name":"example.com","srcaddr":"198.51.100.7"}`, "query"},
		event.WAF:          {`{"httpRequest":{"clientIp":"198.51.100.7","uri":"/a","httpMethod":"GET"},"responseCodeSent":403}`, "http_response"},
		event.LoadBalancer: {`{"client:port":"198.51.100.7:1","elb_status_code":200,"ssl_protocol":"TLSv1.2"}`, "tls"},
		event.EKSAudit:     {`{"verb":"get","user":{"username":"mia"}}`, "api"},
	} {
		from := source()
		from.Event = &event.Event{ID: "e-1", Log: log, Raw: []byte(c.raw)}
		v := s.Decode(ocsf.View(from))
		for _, w := range s.Wrong(v) {
			t.Errorf("%s: %s", log, w)
		}
		if in := v["evidences"].([]any)[0].(map[string]any); in[c.has] == nil {
			t.Errorf("%s: no %s in %v", log, c.has, in)
		}
	}
}
