package detect_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

var (
	occurred = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	now      = occurred.Add(3 * time.Second)
)

func keyUse(id, key string) *event.Event {
	return &event.Event{
		ID: event.ID(id), Time: occurred, Account: "111122223333", Region: "us-east-1", Name: "GetCallerIdentity",
		Source: "sts.amazonaws.com", SourceIP: "203.0.113.50",
		Actor: event.Actor{Type: "IAMUser", ARN: "arn:aws:iam::444455556666:user/alice", Account: "444455556666", AccessKey: key},
		Raw:   []byte(`{"eventID":"` + id + `"}`),
	}
}

func TestFinding(t *testing.T) {
	rule := &detect.Rule{ID: "r1", Title: "Key tried out", Level: finding.Critical, Subject: detect.AccessKey}
	m := detect.Match{Rule: rule, Why: []detect.Reason{{Search: "selection", Matched: true, Tests: []detect.Test{
		{Field: "eventName", Want: `"GetCallerIdentity"`, Got: `"GetCallerIdentity"`, Matched: true},
	}}}}
	ref := &resource.Ref{Type: resource.AccessKey, Account: "444455556666", ID: "AKIAIOSFODNN7EXAMPLE"}
	want := finding.Finding{
		Fingerprint: finding.Print(finding.Rule, "r1", "111122223333", ref.Key()),
		Kind:        finding.Rule, By: "r1", Title: "Key tried out", Severity: finding.Critical,
		Why:     `selection matched: eventName = "GetCallerIdentity" matches "GetCallerIdentity"`,
		Account: "111122223333", Region: "us-east-1", Resource: ref, Principal: "arn:aws:iam::444455556666:user/alice",
		Credential: ref,
		Occurred:   occurred, Detected: now, Sighting: "e1",
		Evidence: []finding.Evidence{{
			Kind: "event", At: occurred, Data: json.RawMessage(`{"eventID":"e1"}`),
			Text: "arn:aws:iam::444455556666:user/alice called GetCallerIdentity (sts.amazonaws.com) from 203.0.113.50",
		}},
	}
	got := detect.Finding(keyUse("e1", ref.ID), m, now)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestFindingSubject(t *testing.T) {
	key, who := detect.AccessKey, detect.Principal
	of := func(s detect.Subject, id, accessKey string) (finding.Fingerprint, *resource.Ref) {
		f := detect.Finding(keyUse(id, accessKey), detect.Match{Rule: &detect.Rule{ID: "r1", Subject: s}}, now)
		return f.Fingerprint, f.Resource
	}
	first, _ := of(key, "e1", "AKIA1")
	again, _ := of(key, "e2", "AKIA1")
	other, _ := of(key, "e1", "AKIA2")
	session, none := of(key, "e1", "ASIA1")
	person, _ := of(who, "e1", "AKIA1")
	if first != again {
		t.Error("the same key in another event has another fingerprint")
	}
	if first == other || first == session || first == person {
		t.Error("different subjects share a fingerprint")
	}
	if none != nil || session != person {
		t.Error("a session's key is not about its principal")
	}
}

// A role's sessions have names that are made up: they are one principal, and the evidence still names the session.
func TestSessionsOfARoleAreOnePrincipal(t *testing.T) {
	of := func(session string) finding.Finding {
		return detect.Finding(&event.Event{ID: "e1", Account: "111122223333", Raw: []byte(`{}`), Actor: event.Actor{
			Type: "AssumedRole", ARN: "arn:aws:sts::111122223333:assumed-role/deploy/" + session,
			IssuerARN: "arn:aws:iam::111122223333:role/deploy", IssuerName: "deploy",
		}}, detect.Match{Rule: &detect.Rule{ID: "r1"}}, now)
	}
	a, b := of("run-1"), of("run-2")
	if a.Fingerprint != b.Fingerprint || a.Subject() != b.Subject() || a.Principal != "arn:aws:iam::111122223333:role/deploy" {
		t.Errorf("two sessions of one role: %s and %s", a.Subject(), b.Subject())
	}
	if !strings.Contains(a.Evidence[0].Text, "assumed-role/deploy/run-1") {
		t.Errorf("the evidence does not name the session: %s", a.Evidence[0].Text)
	}
}

func TestFindingSubjectOfRequest(t *testing.T) {
	request := func(parameters string) *event.Event {
		return &event.Event{
			ID: "e1", Account: "111122223333", Region: "eu-central-1", Actor: event.Actor{ARN: "arn:aws:iam::111122223333:user/alice"},
			Raw: []byte(`{"requestParameters":` + parameters + `}`),
		}
	}
	bucket := &resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "example-reports"}
	group := &resource.Ref{Type: resource.SecurityGroup, Account: "111122223333", Region: "eu-central-1", ID: "sg-0a1b2c3d4e5f60718"}
	cases := []struct {
		subject    detect.Subject
		parameters string
		want       *resource.Ref
	}{
		{detect.Bucket, `{"bucketName":"example-reports"}`, bucket},
		{detect.Bucket, `{"bucketName":7}`, nil},
		{detect.Bucket, `{}`, nil},
		{detect.Bucket, `null`, nil},
		{detect.SecurityGroup, `{"groupId":"sg-0a1b2c3d4e5f60718"}`, group},
		{detect.SecurityGroup, `{"groupName":"default"}`, nil},
	}
	for _, c := range cases {
		f := detect.Finding(request(c.parameters), detect.Match{Rule: &detect.Rule{ID: "r1", Subject: c.subject}}, now)
		if d := cmp.Diff(c.want, f.Resource); d != "" {
			t.Errorf("%s %s: %s", c.subject, c.parameters, d)
		}
		about := f.Principal
		if c.want != nil {
			about = c.want.Key()
		}
		if f.Fingerprint != finding.Print(finding.Rule, "r1", "111122223333", about) {
			t.Errorf("%s %s: the fingerprint is not about %s", c.subject, c.parameters, about)
		}
	}
}

func TestParseSubject(t *testing.T) {
	words := map[string]detect.Subject{
		"": detect.Principal, "principal": detect.Principal, "access-key": detect.AccessKey, "bucket": detect.Bucket,
		"security-group": detect.SecurityGroup,
	}
	for word, want := range words {
		if got, err := detect.ParseSubject(word); err != nil || got != want {
			t.Errorf("%q: %q, %v", word, got, err)
		}
	}
	if _, err := detect.ParseSubject("moon"); err == nil {
		t.Error("an unknown subject is accepted")
	}
}

func TestReasonText(t *testing.T) {
	r := detect.Reason{Search: "filter", Tests: []detect.Test{
		{Field: "a", Want: "1", Got: "1", Matched: true},
		{Field: "b|contains", Want: "2", Got: "nothing"},
	}}
	if got, want := r.String(), "filter did not match: b|contains = nothing does not match 2"; got != want {
		t.Errorf("got %s", got)
	}
	if got := detect.Explain([]detect.Reason{{Search: "x", Matched: true}, r}); got != "x matched\n"+r.String() {
		t.Errorf("got %s", got)
	}
}
