package configservice

import (
	"encoding/json"
	"errors"
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
)

// sample is a rule's verdict, made up; item is a resource that changed.
const (
	sample = `{"messageType":"ComplianceChangeNotification","recordVersion":"1.0","awsAccountId":"111122223333","awsRegion":"eu-west-1",
 "configRuleName":"bucket-private","configRuleARN":"arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-ab","resourceType":"AWS::S3::Bucket","resourceId":"orders",
 "newEvaluationResult":{"evaluationResultIdentifier":{"evaluationResultQualifier":{"configRuleName":"bucket-private","resourceType":"AWS::S3::Bucket","resourceId":"orders"},
  "orderingTimestamp":"2026-02-01T10:00:00.500Z"},"complianceType":"NON_COMPLIANT","resultRecordedTime":"2026-02-01T12:00:00Z","annotation":"The policy lets everybody read."},
 "oldEvaluationResult":{"complianceType":"COMPLIANT"},"notificationCreationTime":"2026-02-01T12:00:01Z"}`
	item = `{"messageType":"ConfigurationItemChangeNotification","recordVersion":"1.3","notificationCreationTime":"2026-02-01T12:00:01Z","configurationItemDiff":{"changeType":"UPDATE"},
 "configurationItem":{"awsAccountId":"111122223333","awsRegion":"eu-west-1","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1","ARN":"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
  "configurationItemStatus":"OK","configurationItemCaptureTime":"2026-02-01T12:00:00Z","configuration":{}}}`
)

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestVerdict(t *testing.T) {
	const id = "eu-west-1|arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-ab|AWS::S3::Bucket|orders"
	at := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "config", "111122223333", id), Kind: finding.Imported, By: "config/bucket-private",
		Title: "AWS::S3::Bucket orders is NON COMPLIANT with the Config rule bucket-private", Why: "The policy lets everybody read.",
		Severity: finding.Medium, Account: "111122223333", Region: "eu-west-1",
		Resource: &resource.Ref{Type: resource.Bucket, Account: "111122223333", Region: "eu-west-1", ID: "orders"},
		Occurred: at.Add(-2*time.Hour + 500*time.Millisecond), Detected: at, Sighting: id + "@2026-02-01T12:00:00Z",
		Evidence: []finding.Evidence{
			{Kind: "report", At: at, Text: "config reports " + id + " as of 2026-02-01T12:00:00Z, from q#m", Data: json.RawMessage(sample)},
			ocsf.Compliance{Control: "bucket-private", Status: ocsf.Fail}.Evidence(at),
		},
	}}
	if d := cmp.Diff(want, one(t, []byte(sample))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestVerdicts(t *testing.T) {
	first := one(t, []byte(sample)).Finding
	for word, want := range map[string]struct {
		over    source.Over
		unknown bool
	}{
		"NON_COMPLIANT": {"", false}, "COMPLIANT": {source.Resolved, false}, "NOT_APPLICABLE": {source.Resolved, false}, "INSUFFICIENT_DATA": {"", true},
	} {
		c := one(t, []byte(strings.Replace(string(with(t, "NON_COMPLIANT", word)), "12:00:00Z", "13:00:00Z", 1)))
		if c.Over != want.over || c.Finding.Unknown != want.unknown || c.Finding.Fingerprint != first.Fingerprint || c.Finding.Sighting == first.Sighting {
			t.Errorf("%s: over %q, unknown %v, %s", word, c.Over, c.Finding.Unknown, c.Finding.Sighting)
		}
		if v := ocsf.Imported(c.Finding, "v1"); v.ClassUID != 2003 {
			t.Errorf("%s: class %d", word, v.ClassUID)
		}
	}
	if other := one(t, with(t, `"resourceId":"orders",
 "newEv`, `"resourceId":"bills",
 "newEv`)).Finding; other.Fingerprint == first.Fingerprint {
		t.Error("two buckets are one finding")
	}
}

func TestChanged(t *testing.T) {
	const what = `"resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1","ARN":"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"`
	for by, want := range map[string]string{
		what: "AWS::EC2::SecurityGroup|111122223333|eu-west-1|sg-1",
		`"resourceType":"AWS::IAM::User","resourceId":"AIDAEXAMPLE","resourceName":"mia"`:                                              "AWS::IAM::User|111122223333||mia",
		`"resourceType":"AWS::IAM::Policy","resourceId":"ANPAEXAMPLE","resourceName":"p","ARN":"arn:aws:iam::111122223333:policy/x/p"`: "AWS::IAM::ManagedPolicy|111122223333||arn:aws:iam::111122223333:policy/x/p",
		`"resourceType":"AWS::RDS::DBInstance","resourceId":"db-EXAMPLE","resourceName":"shop"`:                                        "AWS::RDS::DBInstance|111122223333|eu-west-1|shop",
		`"resourceType":"AWS::::Account","resourceId":"111122223333"`:                                                                  "AWS::Organizations::Account|111122223333||111122223333",
		`"resourceType":"AWS::S3::AccountPublicAccessBlock","resourceId":"111122223333"`:                                               "jobzero::S3::AccountPublicAccessBlock|111122223333||111122223333",
		`"resourceType":"AWS::New::Thing","resourceId":"arn:aws:new:eu-west-1:111122223333:thing/1"`:                                   "AWS::New::Thing|111122223333|eu-west-1|arn:aws:new:eu-west-1:111122223333:thing/1",
	} {
		for _, raw := range [][]byte{
			claimtest.With(t, item, what, by),
			[]byte(strings.NewReplacer("ConfigurationItemChange", "OversizedConfigurationItemChange", `"configurationItem":`, `"configurationItemSummary":`).Replace(string(claimtest.With(t, item, what, by)))),
		} {
			r, err := Parse(raw, event.Origin{})
			if err != nil || len(r.Claims) != 0 || len(r.Changed) != 1 || r.Changed[0].Key() != want {
				t.Errorf("%v: %+v, want %s", err, r, want)
			}
			claimtest.Hold(t, r, err)
		}
	}
}

func TestOther(t *testing.T) {
	_, err := Parse([]byte(`{"messageType":"ConfigurationSnapshotDeliveryCompleted"}`), event.Origin{})
	if other, ok := errors.AsType[*source.Other](err); !ok || other.Name != "AWS Config ConfigurationSnapshotDeliveryCompleted" {
		t.Errorf("%v", err)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":       {[]byte("x"), "broken record"},
		"no kind":       {[]byte(`{}`), "messageType is missing"},
		"no rule":       {with(t, `"configRuleName":"bucket-private","configRuleARN"`, `"configRuleARN"`), "configRuleName is missing"},
		"account":       {with(t, `"awsAccountId":"111122223333"`, `"awsAccountId":"x"`), `awsAccountId "x" is no twelve-digit account`},
		"no resource":   {with(t, `"resourceId":"orders",`+"\n", `"x":1,`), "resourceId is missing"},
		"no result":     {with(t, `"newEvaluationResult"`, `"result"`), "newEvaluationResult.resultRecordedTime is missing"},
		"no verdict":    {with(t, `"complianceType":"NON_COMPLIANT"`, `"x":1`), "newEvaluationResult.complianceType is missing"},
		"verdict":       {with(t, `NON_COMPLIANT`, `BAD`), `newEvaluationResult.complianceType "BAD" is none of`},
		"time":          {with(t, `"2026-02-01T12:00:00Z"`, `"noon"`), `newEvaluationResult.resultRecordedTime "noon" is no time`},
		"no item":       {claimtest.With(t, item, `"configurationItem":`, `"x":`), "configurationItem.awsAccountId is missing"},
		"item's type":   {claimtest.With(t, item, `"resourceType"`, `"x"`), "configurationItem.resourceType is missing"},
		"item's region": {claimtest.With(t, item, `"awsRegion":"eu-west-1"`, `"awsRegion":"a|b"`), `configurationItem.awsRegion "a|b" is no region`},
		"session's key": {claimtest.With(t, item, `"AWS::EC2::SecurityGroup","resourceId":"sg-1"`, `"AWS::IAM::AccessKey","resourceId":"ASIAEXAMPLE"`), "configurationItem.resourceId names nothing that can be read again"},
		"oversized":     {claimtest.With(t, item, `"Conf`, `"OversizedConf`), "configurationItemSummary.awsAccountId is missing"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(item))
	f.Add([]byte(`{"messageType":"OversizedConfigurationItemChangeNotification","configurationItemSummary":{"awsAccountId":"111122223333","resourceType":"a|b","resourceId":"arn:aws:s3:::x"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
