package health

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
	"jobzero/internal/testcorpus"
)

// sample is an exposed key, made up.
const sample = `{"version":"0","id":"e-1","detail-type":"AWS Health Event","source":"aws.health","account":"111122223333","time":"2026-02-01T12:00:01Z","region":"us-east-1","resources":["AKIAEXAMPLE"],
 "detail":{"eventArn":"arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/e1","service":"RISK","eventTypeCode":"AWS_RISK_CREDENTIALS_EXPOSED","eventTypeCategory":"issue",
 "eventScopeCode":"ACCOUNT_SPECIFIC","communicationId":"c-1","startTime":"Sun, 1 Feb 2026 10:00:00 GMT","lastUpdatedTime":"Sun, 1 Feb 2026 12:00:00 GMT","statusCode":"open","eventRegion":"us-east-1",
 "eventDescription":[{"language":"de_DE","latestDescription":"Ein Schlüssel."},{"language":"en_US","latestDescription":"A key lies open.\\nTurn it off."}],
 "affectedEntities":[{"entityValue":"AKIAEXAMPLE","status":"IMPAIRED","tags":{"team":"shop"}}],"page":"1","totalPages":"1","affectedAccount":"111122223333"}}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestExposedKey(t *testing.T) {
	const id = "arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/e1|us-east-1|AKIAEXAMPLE"
	at := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "health", "111122223333", id), Kind: finding.Imported, By: "health/AWS_RISK_CREDENTIALS_EXPOSED",
		Title: "AWS Health: AWS_RISK_CREDENTIALS_EXPOSED", Why: "A key lies open.\nTurn it off.", Severity: finding.Critical, Account: "111122223333", Region: "us-east-1",
		Resource: &resource.Ref{Type: resource.AccessKey, Account: "111122223333", ID: "AKIAEXAMPLE"}, Tags: map[string]string{"team": "shop"},
		Occurred: at.Add(-2 * time.Hour), Detected: at, Sighting: id + "@2026-02-01T12:00:00Z",
		Evidence: []finding.Evidence{{Kind: "report", At: at, Text: "health reports " + id + " as of 2026-02-01T12:00:00Z, from q#m", Data: json.RawMessage(sample)}},
	}}
	c := one(t, []byte(sample))
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if v := ocsf.Imported(c.Finding, "v1"); v.ClassUID != 2004 {
		t.Errorf("class %d", v.ClassUID)
	}
}

func TestUpdates(t *testing.T) {
	first := one(t, []byte(sample)).Finding
	for by, want := range map[string]source.Over{
		`"statusCode":"open"`: "", `"statusCode":"upcoming"`: "", `"statusCode":"closed"`: source.Resolved,
	} {
		c := one(t, []byte(strings.Replace(string(with(t, `"statusCode":"open"`, by)), "12:00:00 GMT", "13:00:00 GMT", 1)))
		if c.Over != want || c.Finding.Fingerprint != first.Fingerprint || c.Finding.Sighting == first.Sighting {
			t.Errorf("%s: over %q, %s", by, c.Over, c.Finding.Sighting)
		}
	}
	if c := one(t, with(t, "IMPAIRED", "RESOLVED")); c.Over != source.Resolved {
		t.Errorf("an entity that is well again: over %q", c.Over)
	}
}

// TestEntities: each is a claim of its own, about what its ID says.
func TestEntities(t *testing.T) {
	const entity = `[{"entityValue":"AKIAEXAMPLE","status":"IMPAIRED","tags":{"team":"shop"}}]`
	values := map[string]string{
		"i-1": "AWS::EC2::Instance|111122223333|us-east-1|i-1", "vol-1": "AWS::EC2::Volume|111122223333|us-east-1|vol-1", "sg-1": "AWS::EC2::SecurityGroup|111122223333|us-east-1|sg-1",
		"444455556666": "AWS::Organizations::Account|444455556666||444455556666", "UNKNOWN": "AWS::Organizations::Account|111122223333||111122223333",
		"arn:aws:rds:eu-west-1:111122223333:db:shop": "AWS::RDS::DBInstance|111122223333|eu-west-1|shop", "something": "jobzero::RISK|111122223333|us-east-1|something",
		"ASIAEXAMPLE": "AWS::Organizations::Account|111122223333||111122223333",
	}
	list := []string{}
	for v := range values {
		list = append(list, `{"entityValue":"`+v+`"}`)
	}
	r, err := Parse(with(t, entity, "["+strings.Join(list, ",")+"]"), event.Origin{})
	if err != nil || len(r.Claims) != len(values) {
		t.Fatalf("%v: %d claims", err, len(r.Claims))
	}
	claimtest.Hold(t, r, err)
	prints := map[finding.Fingerprint]bool{}
	for _, c := range r.Claims {
		_, value, _ := strings.Cut(strings.TrimPrefix(c.Finding.Sighting, "arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/e1|"), "|")
		value, _, _ = strings.Cut(value, "@")
		if got := c.Finding.Subject(); got != values[value] {
			t.Errorf("%s is about %s, want %s", value, got, values[value])
		}
		if e := c.Finding.Evidence[0]; string(e.Data) != `{"entityValue":"`+value+`"}` || c.Finding.Why == "" {
			t.Errorf("%s has the evidence %s", value, e.Data)
		}
		prints[c.Finding.Fingerprint] = true
	}
	if len(prints) != len(values) {
		t.Errorf("%d fingerprints of %d things", len(prints), len(values))
	}
	if got := claimtest.One(t, Parse, with(t, entity, "[]")).Finding.Subject(); got != "AWS::Organizations::Account|111122223333||111122223333" {
		t.Errorf("an event that names nothing is about %s", got)
	}
}

func TestGrades(t *testing.T) {
	for by, want := range map[[3]string]finding.Severity{
		{"RISK", "AWS_RISK_IAM_QUARANTINE", "accountNotification"}:              finding.Critical,
		{"S3", "AWS_S3_OPEN_ACCESS_BUCKET_NOTIFICATION", "accountNotification"}: finding.Critical,
		{"ABUSE", "AWS_ABUSE_DOS_REPORT", "issue"}:                              finding.High,
		{"EC2", "AWS_EC2_ABUSE_DETECTION", "issue"}:                             finding.High,
		{"EKS", "AWS_EKS_SECURITY_NOTIFICATION", "accountNotification"}:         finding.High,
		{"ACM", "AWS_ACM_RENEWAL_STATE_CHANGE", "scheduledChange"}:              finding.Low,
		{"RDS", "AWS_RDS_CERTIFICATE_EXPIRES", "accountNotification"}:           finding.Medium,
		{"IAM", "AWS_IAM_SECURITY_CHANGE", "accountNotification"}:               finding.Medium,
		{"EC2", "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED", "scheduledChange"}:     finding.Low,
		{"EC2", "AWS_EC2_OPERATIONAL_ISSUE", "issue"}:                           "",
		{"BILLING", "AWS_BILLING_NOTIFICATION", "accountNotification"}:          "",
	} {
		raw := strings.NewReplacer(`"service":"RISK"`, `"service":"`+by[0]+`"`, `"eventTypeCode":"AWS_RISK_CREDENTIALS_EXPOSED"`, `"eventTypeCode":"`+by[1]+`"`, `"eventTypeCategory":"issue"`, `"eventTypeCategory":"`+by[2]+`"`).Replace(sample)
		r, err := Parse([]byte(raw), event.Origin{})
		if want == "" {
			if other, ok := errors.AsType[*source.Other](err); !ok || !strings.Contains(other.Name, by[2]) {
				t.Errorf("%s: %v", by, err)
			}
			continue
		}
		if err != nil || r.Claims[0].Finding.Severity != want {
			t.Errorf("%s: %v, %+v", by, err, r.Claims)
		}
	}
}

func TestVariants(t *testing.T) {
	if f := one(t, with(t, `"affectedAccount":"111122223333"`, `"affectedAccount":"444455556666"`)).Finding; f.Account != "444455556666" || f.Resource.Account != "444455556666" {
		t.Errorf("in an organisation's view: %s", f.Account)
	}
	if f := one(t, with(t, `,"affectedAccount":"111122223333"`, ``)).Finding; f.Account != "111122223333" {
		t.Errorf("in an account's own view: %s", f.Account)
	}
	if f := one(t, with(t, `"startTime":"Sun, 1 Feb 2026 10:00:00 GMT"`, `"startTime":"Sun, 1 Mar 2026 10:00:00 GMT"`)).Finding; f.Occurred.Month() != time.February {
		t.Errorf("what is announced for March occurred in %s", f.Occurred.Month())
	}
	if f := one(t, with(t, `"eventRegion":"us-east-1",`, ``)).Finding; f.Region != "us-east-1" {
		t.Errorf("region %q", f.Region)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":     {[]byte("x"), "broken record"},
		"no detail":   {[]byte(`{}`), "detail.eventTypeCode is missing"},
		"no category": {with(t, `"eventTypeCategory"`, `"c"`), "detail.eventTypeCategory is missing"},
		"no service":  {with(t, `"service":"RISK",`, ``), "detail.service is missing"},
		"no ARN":      {with(t, `"eventArn"`, `"arn"`), "detail.eventArn is missing"},
		"account":     {with(t, `"affectedAccount":"111122223333"`, `"affectedAccount":"me"`), `detail.affectedAccount "me" is no twelve-digit account`},
		"no account":  {[]byte(strings.Replace(string(with(t, `,"affectedAccount":"111122223333"`, ``)), `"account":"111122223333",`, ``, 1)), "account is missing"},
		"no time":     {[]byte(strings.Replace(string(with(t, `"lastUpdatedTime"`, `"l"`)), `"time"`, `"t"`, 1)), "time is missing, and so is detail.lastUpdatedTime"},
		"time":        {with(t, `"Sun, 1 Feb 2026 12:00:00 GMT"`, `"Sun, 1 Feb 2026 12:00:00 CET"`), "detail.lastUpdatedTime"},
		"entity":      {with(t, `"entityValue":"AKIAEXAMPLE"`, `"entityValue":["AKIAEXAMPLE"]`), "detail.affectedEntities[0].entityValue is of type array, want string"},
		"entities":    {with(t, `"affectedEntities":[`, `"affectedEntities":"x","y":[`), "detail.affectedEntities is of type string, want array"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

// TestCorpus reads an event that nobody here wrote and compares it with a naive decoding of the same file.
func TestCorpus(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "eventbridge-events", "cwe", "event-phd-ec2-retire.json"))
	if err != nil {
		t.Fatal(err)
	}
	var n struct {
		Account, Region string
		Time            time.Time
		Detail          struct {
			AffectedEntities []struct{ EntityValue string }
		}
	}
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(err)
	}
	f := one(t, raw).Finding
	f.Evidence = nil
	want := resource.Ref{Type: "AWS::EC2::Instance", Account: n.Account, Region: n.Region, ID: n.Detail.AffectedEntities[0].EntityValue}
	if *f.Resource != want || f.Account != n.Account || !f.Detected.Equal(n.Time) || f.Severity != finding.Low {
		t.Errorf("%+v, want %+v", f, n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(strings.Replace(sample, `"affectedEntities":[`, `"x":[`, 1)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
