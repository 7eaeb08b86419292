package eventbridge

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
	"jobzero/internal/source/queue"
	"jobzero/internal/testcorpus"
)

const (
	member = "111122223333"
	admin  = "444455556666"
)

// told is a message of a tool: the source that must send it, and a detail in which ACCOUNT stands for the account.
type told struct {
	source, detail string
	members        bool // an administrator may bring it
	by             string
}

// tools is one message of each kind, made up.
func tools() map[string]told {
	const asff = `{"findings":[{"ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/securityhub","Id":"s-1","GeneratorId":"g","AwsAccountId":"ACCOUNT","UpdatedAt":"2026-02-01T12:00:00Z",
		"Severity":{"Label":"LOW"},"Title":"t","Resources":[{"Type":"AwsAccount","Id":"AWS::::Account:ACCOUNT"}]}]}`
	return map[string]told{
		"GuardDuty Finding": {
			"aws.guardduty", `{"schemaVersion":"2.0","accountId":"ACCOUNT","id":"g-1","type":"T","severity":5,"updatedAt":"2026-02-01T12:00:00Z","resource":{}}`, true, "guardduty/T",
		},
		"Inspector2 Finding": {
			"aws.inspector2", `{"awsAccountId":"ACCOUNT","findingArn":"f-1","type":"T","severity":"LOW","status":"ACTIVE","updatedAt":"2026-02-01T12:00:00Z","resources":[{"id":"i-1","type":"AWS_EC2_INSTANCE"}]}`, true, "inspector/T",
		},
		"Macie Finding": {
			"aws.macie", `{"accountId":"ACCOUNT","id":"m-1","type":"T","severity":{"score":1},"updatedAt":"2026-02-01T12:00:00Z","resourcesAffected":{"s3Bucket":{"name":"b"}}}`, true, "macie/T",
		},
		"Security Hub Findings - Imported":      {"aws.securityhub", asff, true, "securityhub/g"},
		"Security Hub Findings - Custom Action": {"aws.securityhub", `{"actionName":"a",` + asff[1:], true, "securityhub/g"},
		"Findings Imported V2": {
			"aws.securityhub", `{"findings":[{"class_uid":2004,"class_name":"T","severity_id":2,"time":1769947200000,"cloud":{"account":{"uid":"ACCOUNT"}},"finding_info":{"uid":"o-1"}}]}`, true, "securityhub/T",
		},
		"AWS Health Event": {
			"aws.health", `{"eventArn":"h-1","service":"RISK","eventTypeCode":"T","eventTypeCategory":"issue","affectedAccount":"ACCOUNT"}`, true, "health/T",
		},
		"AWS Health Abuse Event": {
			"aws.health", `{"eventArn":"h-1","service":"ABUSE","eventTypeCode":"T","eventTypeCategory":"issue","affectedAccount":"ACCOUNT"}`, true, "health/T",
		},
		"Config Rules Compliance Change": {
			"aws.config", `{"messageType":"ComplianceChangeNotification","awsAccountId":"ACCOUNT","configRuleName":"T","resourceType":"AWS::S3::Bucket","resourceId":"b","newEvaluationResult":{"complianceType":"NON_COMPLIANT","resultRecordedTime":"2026-02-01T12:00:00Z"}}`, false, "config/T",
		},
		"Config Configuration Item Change": {
			"aws.config", `{"messageType":"ConfigurationItemChangeNotification","configurationItem":{"awsAccountId":"ACCOUNT","resourceType":"AWS::S3::Bucket","resourceId":"b"}}`, false, "",
		},
		"CloudWatch Alarm State Change": {
			"aws.cloudwatch", `{"alarmName":"T","state":{"value":"ALARM","timestamp":"2026-02-01T12:00:00Z"}}`, false, "cloudwatch/T",
		},
	}
}

// sent is the message as an account's bus sends it.
func sent(kind, from, envelope, account, detail string) []byte {
	b := body(kind, from, envelope, strings.ReplaceAll(detail, "ACCOUNT", account))
	top := `{"time":"2026-02-01T12:00:01Z","region":"eu-west-1","resources":["arn:aws:cloudwatch:eu-west-1:` + account + `:alarm:T"],`
	return append([]byte(top), b[1:]...)
}

// TestReports: every kind of message, from the account itself, from its administrator, and from somebody else.
func TestReports(t *testing.T) {
	for kind, c := range tools() {
		t.Run(kind, func(t *testing.T) {
			r, err := OpenReport(sent(kind, c.source, member, member, c.detail), event.Origin{})
			claimtest.Hold(t, r, err)
			if c.by == "" {
				if len(r.Changed) != 1 || r.Changed[0].Account != member {
					t.Errorf("%+v", r)
				}
			} else if len(r.Claims) != 1 || r.Claims[0].Finding.By != c.by || r.Claims[0].Finding.Account != member {
				t.Fatalf("%+v", r)
			}

			r, err = OpenReport(sent(kind, c.source, admin, member, c.detail), event.Origin{})
			switch {
			case !c.members:
				if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "comes from account "+admin) || len(r.Claims)+len(r.Changed) != 0 {
					t.Errorf("the account of another: %v", err)
				}
			case err != nil || r.Claims[0].Finding.Account != member || !strings.HasSuffix(r.Claims[0].Finding.Evidence[0].Text, "told to its administrator "+admin):
				t.Errorf("from the administrator: %v, %+v", err, r)
			}

			for name, forged := range map[string][]byte{
				"another source of AWS": sent(kind, "aws.s3", member, member, c.detail),
				"a source of anybody":   sent(kind, "com.example", member, member, c.detail),
				"no account":            sent(kind, c.source, "", member, c.detail),
				"no number":             sent(kind, c.source, "me", member, c.detail),
			} {
				r, err := OpenReport(forged, event.Origin{})
				denied := fault.Is(err, fault.Denied) && strings.Contains(err.Error(), "provenance")
				if !denied || len(r.Claims)+len(r.Changed) != 0 {
					t.Errorf("%s: %v, %+v", name, err, r)
				}
			}
		})
	}
}

// TestReportErrors: what is broken is told from what is no report.
func TestReportErrors(t *testing.T) {
	for name, c := range map[string]struct {
		body  []byte
		other bool
		want  string
	}{
		"no envelope": {[]byte(`{"a":1}`), false, "not an EventBridge envelope"},
		"unknown":     {body("Scheduled Event", "aws.events", member, `{}`), true, "Scheduled Event"},
		"CloudTrail":  {body("AWS API Call via CloudTrail", "aws.s3", member, record), true, "AWS API Call via CloudTrail"},
		"detail text": {body("GuardDuty Finding", "aws.guardduty", member, `"x"`), false, "detail is of type string, want object"},
		"a field":     {body("GuardDuty Finding", "aws.guardduty", member, `{}`), false, "schemaVersion is missing"},
		"no concern":  {sent("AWS Health Event", "aws.health", member, member, `{"eventArn":"h","service":"EC2","eventTypeCode":"T","eventTypeCategory":"issue"}`), true, "AWS Health Event of the category issue"},
	} {
		_, err := OpenReport(c.body, event.Origin{})
		if _, other := errors.AsType[*source.Other](err); other != c.other || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestHandlerOfReports: a queue brings events and reports; where nobody takes reports they are counted and not looked at.
func TestHandlerOfReports(t *testing.T) {
	c := tools()["GuardDuty Finding"]
	messages := [][]byte{
		sent("GuardDuty Finding", c.source, member, member, c.detail),
		body("GuardDuty Finding", "aws.guardduty", member, `{}`), // broken
		body("AWS API Call via CloudTrail", "aws.s3", member, record),
		body("Scheduled Event", "aws.events", member, `{}`),
		sent("GuardDuty Finding", "aws.s3", member, member, c.detail), // forged
	}
	g := &got{}
	taken, skipped := g.out(), g.out()
	skipped.Reports = nil
	for _, b := range messages {
		if err := Handler(taken)(t.Context(), queue.Message{ID: "m", Queue: "q", Body: b}); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.events) != 1 || len(g.reports) != 1 || len(g.dead) != 2 || strings.Join(g.skipped, ",") != "Scheduled Event" {
		t.Errorf("%d events, %d reports, %+v, %q", len(g.events), len(g.reports), g.dead, g.skipped)
	}
	if !strings.Contains(g.dead[0].Reason, "schemaVersion is missing") || !strings.HasPrefix(g.dead[1].Reason, "provenance") || string(g.dead[0].Bytes) != string(messages[1]) {
		t.Errorf("%+v", g.dead)
	}
	if text := g.reports[0].Claims[0].Finding.Evidence[0].Text; !strings.HasSuffix(text, "from q#m") {
		t.Errorf("it does not say where it was found: %s", text)
	}

	*g = got{}
	for _, b := range messages {
		if err := Handler(skipped)(t.Context(), queue.Message{Body: b}); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.events) != 1 || len(g.reports) != 0 || len(g.dead) != 0 || strings.Join(g.skipped, ",") != "GuardDuty Finding,GuardDuty Finding,Scheduled Event,GuardDuty Finding" {
		t.Errorf("%d events, %d reports, %+v, %q", len(g.events), len(g.reports), g.dead, g.skipped)
	}

	g.fail = errors.New("no disk")
	if err := Handler(taken)(t.Context(), queue.Message{Body: messages[0]}); !errors.Is(err, g.fail) {
		t.Errorf("an uncommitted report is not left with its queue: %v", err)
	}
}

// TestCorpus sends every message of the corpus through the handler: what each comes to is written down here.
func TestCorpus(t *testing.T) {
	fate := map[string]string{
		"ec2-duty-event": "report", "event-phd-ec2-retire": "report", "event-securityhub-cloudtrail-finding-action": "report", "sqs-discover": "changed",
		"event-asg-instance-failed": "skipped", "event-securityhub-insight-2": "skipped",
		"event-cloud-trail-catalog-set-encryption": "event", "event-cloud-trail-s3": "event", "event-cloud-trail-tag-rest-stage": "event", "event-transit-gateway-delete-vpc-attachment": "event",
	}
	files, err := filepath.Glob(testcorpus.Path(t, "eventbridge-events", "cwe") + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	enveloped := 0
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		g := &got{}
		if err := Handler(g.out())(t.Context(), queue.Message{Body: raw}); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		became := "dead"
		switch {
		case len(g.events) == 1:
			became = "event"
		case len(g.skipped) == 1:
			became = "skipped"
		case len(g.reports) == 1 && len(g.reports[0].Claims) == 1:
			became = "report"
		case len(g.reports) == 1 && len(g.reports[0].Changed) == 1:
			became = "changed"
		}
		want, ok := fate[name]
		if !ok {
			want = "dead" // a record without its envelope, which must not come through a bus
			if IsEnvelope(raw) {
				t.Errorf("%s is an envelope", name)
			}
		} else {
			enveloped++
		}
		if became != want {
			t.Errorf("%s became %s, want %s: %+v", name, became, want, g.dead)
		}
	}
	if enveloped != len(fate) {
		t.Errorf("%d envelopes of %d", enveloped, len(fate))
	}
}

// TestAdministrator: in one file of the corpus the account of the envelope is not the finding's.
func TestAdministrator(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "eventbridge-events", "cwe", "ec2-duty-event.json"))
	if err != nil {
		t.Fatal(err)
	}
	var n struct {
		Account string
		Detail  struct{ AccountID string }
	}
	if err := json.Unmarshal(raw, &n); err != nil || n.Account == n.Detail.AccountID {
		t.Fatalf("%v, %s and %s", err, n.Account, n.Detail.AccountID)
	}
	r, err := OpenReport(raw, event.Origin{})
	if err != nil || r.Claims[0].Finding.Account != n.Detail.AccountID || !strings.Contains(r.Claims[0].Finding.Evidence[0].Text, n.Account) {
		t.Errorf("%v: %+v", err, r)
	}
}

func FuzzReport(f *testing.F) {
	for kind, c := range tools() {
		f.Add(sent(kind, c.source, member, member, c.detail))
		f.Add(sent(kind, c.source, admin, member, c.detail))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := OpenReport(source.Unwrap(b), event.Origin{})
		claimtest.Hold(t, r, err)
		if e, err := Open(b, event.Origin{}); e != nil && err == nil && len(r.Claims)+len(r.Changed) > 0 {
			t.Errorf("one message is an event and a report: %s", b)
		}
	})
}
