package ocsf_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf/ocsftest"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
)

func source() ocsf.Source {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	e := &event.Event{
		ID: "e-1", Time: at, Account: "111122223333", Region: "eu-central-1", Name: "PutBucketPolicy", Source: "s3.amazonaws.com",
		SourceIP: "198.51.100.7", ErrorCode: "AccessDenied", Raw: []byte(`{"eventID":"e-1"}`),
		Actor:     event.Actor{Type: "IAMUser", ARN: "arn:aws:iam::111122223333:user/mia", UserName: "mia", Account: "111122223333"},
		Resources: []event.Resource{{ARN: "arn:aws:s3:::shop", Type: "AWS::S3::Bucket"}},
		Origin:    event.Origin{Source: "file", Place: "a.json", Offset: 12},
	}
	return ocsf.Source{
		Event: e, Description: "Somebody published a bucket.", Product: "v1.0.0",
		Tags: []string{"attack.exfiltration", "attack.t1537", "attack.T1098.003", "attack.defense_evasion", "cve.2021-44228", "attack.s0001", "exfiltration"},
		Finding: finding.Finding{
			Fingerprint: "f00", Kind: finding.Rule, By: "rule-1", Title: "Bucket made public", Severity: finding.High, Why: "selection matched",
			Account: "111122223333", Region: "eu-central-1", Principal: e.Actor.ARN, Occurred: at, Detected: at.Add(time.Minute), Sighting: "e-1",
		},
	}
}

func decode(t *testing.T, d any) map[string]any {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestViewFollowsTheSchema holds the view of many kinds of events against OCSF's own files.
func TestViewFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	cases := map[string]func(*ocsf.Source){
		"full": func(*ocsf.Source) {},
		"bare": func(s *ocsf.Source) { s.Event = &event.Event{ID: "x", Name: "n"}; s.Tags, s.Finding.Account = nil, "" },
		"service": func(s *ocsf.Source) {
			s.Event.Actor = event.Actor{Type: "AWSService", InvokedBy: "lambda.amazonaws.com"}
		},
		"root":            func(s *ocsf.Source) { s.Event.Actor.Type = "Root" },
		"strange actor":   func(s *ocsf.Source) { s.Event.Actor.Type = "Martian" },
		"called by AWS":   func(s *ocsf.Source) { s.Event.SourceIP = "AWS Internal" },
		"IPv6":            func(s *ocsf.Source) { s.Event.SourceIP = "2001:db8::1" },
		"raw is no JSON":  func(s *ocsf.Source) { s.Event.Raw = []byte("{") },
		"no severity":     func(s *ocsf.Source) { s.Finding.Severity = "" },
		"worst severity":  func(s *ocsf.Source) { s.Finding.Severity = finding.Critical },
		"resource no ARN": func(s *ocsf.Source) { s.Event.Resources = []event.Resource{{Type: "AWS::S3::Bucket"}} },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			from := source()
			change(&from)
			for _, w := range s.Wrong(decode(t, ocsf.View(from))) {
				t.Error(w)
			}
		})
	}
}

// TestSchemaCheckCatches breaks a view: a check that cannot fail proves nothing.
func TestSchemaCheckCatches(t *testing.T) {
	s := ocsftest.Load(t)
	cases := map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"missing":       {func(v map[string]any) { delete(v, "metadata") }, "$.metadata is required"},
		"unknown":       {func(v map[string]any) { v["colour"] = "red" }, "$.colour is no attribute"},
		"wrong type":    {func(v map[string]any) { v["time"] = "now" }, "$.time: now is no timestamp_t"},
		"enum":          {func(v map[string]any) { v["severity_id"] = 7.0 }, "$.severity_id: 7 is not in the enum"},
		"below":         {func(v map[string]any) { delete(v["finding_info"].(map[string]any), "uid") }, "$.finding_info.uid is required"},
		"list":          {func(v map[string]any) { v["resources"] = map[string]any{} }, "$.resources must be a list"},
		"empty product": {func(v map[string]any) { v["metadata"].(map[string]any)["product"] = map[string]any{} }, "has none of"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			v := decode(t, ocsf.View(source()))
			c.change(v)
			if got := s.Wrong(v); !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestView(t *testing.T) {
	v := decode(t, ocsf.View(source()))
	info := v["finding_info"].(map[string]any)
	got := map[string]any{
		"class": v["class_uid"], "type": v["type_uid"], "severity": v["severity"], "severity_id": v["severity_id"],
		"time": v["time"], "start": v["start_time"], "uid": info["uid"], "rule": info["analytic"].(map[string]any)["uid"],
		"event": v["metadata"].(map[string]any)["original_event_uid"], "attacks": info["attacks"],
		"ip":   v["evidences"].([]any)[0].(map[string]any)["src_endpoint"],
		"data": v["evidences"].([]any)[0].(map[string]any)["data"],
	}
	uid := func(id string) map[string]any { return map[string]any{"uid": id} }
	want := map[string]any{
		"class": 2004.0, "type": 200401.0, "severity": "High", "severity_id": 4.0,
		"time": 1772600827000.0, "start": 1772600767000.0, "uid": "f00/e-1", "rule": "rule-1", "event": "e-1",
		"ip": map[string]any{"ip": "198.51.100.7"}, "data": map[string]any{"eventID": "e-1"},
		"attacks": []any{
			map[string]any{"version": "17", "tactic": map[string]any{"uid": "TA0010", "name": "Exfiltration"}},
			map[string]any{"version": "17", "technique": uid("T1537")},
			map[string]any{"version": "17", "technique": uid("T1098"), "sub_technique": uid("T1098.003")},
			map[string]any{"version": "17", "tactic": map[string]any{"uid": "TA0005", "name": "Defense Evasion"}},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
