package guardduty

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
)

// sample is a finding, made up.
const sample = `{"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","partition":"aws","id":"0a1b2c3d",
 "arn":"arn:aws:guardduty:eu-west-1:111122223333:detector/d1/finding/0a1b2c3d","type":"CryptoCurrency:EC2/BitcoinTool.B","severity":8,
 "createdAt":"2026-02-01T10:05:00.000Z","updatedAt":"2026-02-01T12:00:00.123Z","title":"i-0abc mines coins.","description":"i-0abc asks a pool for work.",
 "resource":{"resourceType":"Instance","instanceDetails":{"instanceId":"i-0abc","tags":[{"key":"team","value":"shop"}]}},
 "service":{"archived":false,"count":3,"eventFirstSeen":"2026-02-01T10:00:00Z","eventLastSeen":"2026-02-01T11:59:00Z","resourceRole":"ACTOR"}}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestParse(t *testing.T) {
	at := time.Date(2026, 2, 1, 12, 0, 0, 123e6, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "guardduty", "111122223333", "0a1b2c3d"), Kind: finding.Imported,
		By: "guardduty/CryptoCurrency:EC2/BitcoinTool.B", Title: "i-0abc mines coins.", Why: "i-0abc asks a pool for work.",
		Severity: finding.High, Account: "111122223333", Region: "eu-west-1", Occurred: at.Add(-2*time.Hour - 123e6), Detected: at,
		Resource: &resource.Ref{Type: "AWS::EC2::Instance", Account: "111122223333", Region: "eu-west-1", ID: "i-0abc"},
		Tags:     map[string]string{"team": "shop"}, Sighting: "0a1b2c3d@2026-02-01T12:00:00.123Z",
		Evidence: []finding.Evidence{{
			Kind: "report", At: at, Text: "guardduty reports 0a1b2c3d as of 2026-02-01T12:00:00Z, from q#m", Data: json.RawMessage(sample),
		}},
	}}
	if d := cmp.Diff(want, one(t, []byte(sample))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestSameFinding: the three forms of one finding, and its updates, are one belief.
func TestSameFinding(t *testing.T) {
	first := one(t, []byte(sample))
	var members map[string]any
	if err := json.Unmarshal([]byte(sample), &members); err != nil {
		t.Fatal(err)
	}
	capital, err := json.Marshal(capitals(members))
	if err != nil {
		t.Fatal(err)
	}
	got := one(t, capital)
	got.Finding.Evidence, first.Finding.Evidence = nil, nil
	if d := cmp.Diff(first, got); d != "" {
		t.Errorf("as the SDKs print it (-want +got):\n%s", d)
	}
	update := one(t, with(t, "12:00:00.123Z", "13:00:00Z"))
	if update.Finding.Fingerprint != first.Finding.Fingerprint || update.Finding.Sighting == first.Finding.Sighting {
		t.Errorf("an update is %s, %s", update.Finding.Fingerprint, update.Finding.Sighting)
	}
	if c := one(t, with(t, `"archived":false`, `"archived":true`)); c.Over != source.Archived || c.Finding.Fingerprint != first.Finding.Fingerprint {
		t.Errorf("archived: %q", c.Over)
	}
}

// capitals writes a finding as the SDKs print it.
func capitals(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[strings.ToUpper(k[:1])+k[1:]] = capitals(x)
		}
		return out
	case []any:
		for i := range v {
			v[i] = capitals(v[i])
		}
	}
	return v
}

func TestSeverity(t *testing.T) {
	for n, want := range map[string]finding.Severity{
		"0": finding.Low, "0.5": finding.Low, "1.0": finding.Low, "3.9": finding.Low, "4": finding.Medium, "6.9": finding.Medium,
		"7.0": finding.High, "8.9": finding.High, "9": finding.Critical, "10.0": finding.Critical,
	} {
		if got := one(t, with(t, `"severity":8`, `"severity":`+n)).Finding.Severity; got != want {
			t.Errorf("%s is %s, want %s", n, got, want)
		}
	}
}

func TestAbout(t *testing.T) {
	const instance = `{"resourceType":"Instance","instanceDetails":{"instanceId":"i-0abc","tags":[{"key":"team","value":"shop"}]}}`
	const key = `"accessKeyDetails":{"accessKeyId":"%","principalId":"p","userName":"mia","userType":"IAMUser"}`
	as := func(id string) string { return strings.Replace(key, "%", id, 1) }
	for resource, want := range map[string]string{
		`{"resourceType":"AccessKey",` + as("AKIAEXAMPLE") + `,"instanceDetails":{"instanceId":"i-1"}}`:           "AWS::IAM::AccessKey|111122223333||AKIAEXAMPLE",
		`{"resourceType":"AccessKey",` + as("ASIAEXAMPLE") + `}`:                                                  "AWS::IAM::User|111122223333||mia",
		`{"resourceType":"AccessKey","accessKeyDetails":{"userName":"ops","userType":"AssumedRole"}}`:             "AWS::IAM::Role|111122223333||ops",
		`{"resourceType":"AccessKey","accessKeyDetails":{"userName":"root","userType":"Root"}}`:                   "AWS::Organizations::Account|111122223333||111122223333",
		`{"resourceType":"S3Bucket",` + as("ASIA") + `,"s3BucketDetails":[{"arn":"arn:aws:s3:::a","name":"a"}]}`:  "AWS::S3::Bucket|111122223333||a",
		`{"resourceType":"EKSCluster","eksClusterDetails":{"name":"k","arn":"x"}}`:                                "AWS::EKS::Cluster|111122223333|eu-west-1|k",
		`{"resourceType":"ECSCluster","ecsClusterDetails":{"name":"e","arn":"x"}}`:                                "AWS::ECS::Cluster|111122223333|eu-west-1|e",
		`{"resourceType":"Lambda","lambdaDetails":{"functionName":"f","functionArn":"x"}}`:                        "AWS::Lambda::Function|111122223333|eu-west-1|f",
		`{"resourceType":"RDSDBInstance","rdsDbInstanceDetails":{"dbInstanceIdentifier":"d"}}`:                    "AWS::RDS::DBInstance|111122223333|eu-west-1|d",
		`{"resourceType":"Container","instanceDetails":{"instanceId":"i-2"},"containerDetails":{"name":"c"}}`:     "AWS::EC2::Instance|111122223333|eu-west-1|i-2",
		`{"resourceType":"Container","ecsClusterDetails":{"name":"e","arn":"x"},"containerDetails":{"name":"c"}}`: "AWS::ECS::Cluster|111122223333|eu-west-1|e",
		`{"resourceType":"AttackSequence"}`:                                                                       "AWS::Organizations::Account|111122223333||111122223333",
		`{"resourceType":"SomethingNew","somethingDetails":{}}`:                                                   "AWS::Organizations::Account|111122223333||111122223333",
		`null`: "AWS::Organizations::Account|111122223333||111122223333",
	} {
		if got := one(t, with(t, instance, resource)).Finding.Subject(); got != want {
			t.Errorf("%s is about %s, want %s", resource, got, want)
		}
	}
	if f := one(t, with(t, instance, `{"resourceType":"S3Bucket",`+as("ASIA")+`,"s3BucketDetails":[{"arn":"arn:aws:s3:::a","name":"a"}]}`)).Finding; f.Principal != "mia" || f.ARN != "arn:aws:s3:::a" {
		t.Errorf("principal %q, ARN %q", f.Principal, f.ARN)
	}
}

// TestRefusals: each names the field that is wrong.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":         {[]byte("hello"), "broken record"},
		"other schema":    {with(t, `"2.0"`, `"3.0"`), `schemaVersion "3.0" is not 2.0`},
		"no schema":       {[]byte(`{}`), "schemaVersion is missing"},
		"no id":           {with(t, `"id":"0a1b2c3d"`, `"x":1`), "id is missing"},
		"no type":         {with(t, `"type":"Crypto`, `"typ":"Crypto`), "type is missing"},
		"no account":      {with(t, `"accountId":"111122223333"`, `"accountId":"1111222233334"`), `accountId "1111222233334" is no twelve-digit account`},
		"no severity":     {with(t, `"severity":8,`, ``), "severity is missing"},
		"severity a word": {with(t, `"severity":8`, `"severity":"High"`), "severity is of type string, want number"},
		"too severe":      {with(t, `"severity":8`, `"severity":11`), "severity 11 is not between 0 and 10"},
		"no update":       {with(t, `"updatedAt"`, `"updated"`), "updatedAt is missing"},
		"update no time":  {with(t, "2026-02-01T12:00:00.123Z", "noon"), `updatedAt "noon" is no time`},
		"first seen":      {with(t, `"2026-02-01T10:00:00Z"`, `"ten"`), `service.eventFirstSeen "ten" is no time`},
		"archived a word": {with(t, `"archived":false`, `"archived":"no"`), "service.archived is of type string, want boolean"},
		"instance id":     {with(t, `"instanceId":"i-0abc"`, `"instanceId":7`), "resource.instanceDetails.instanceId is of type number, want string"},
		"region":          {with(t, `"region":"eu-west-1"`, `"region":"e|w"`), `region "e|w" is no region`},
		"id twice":        {with(t, `"partition"`, `"Id":"other","partition"`), "id stands in the record twice"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func TestVariants(t *testing.T) {
	if f := one(t, with(t, `"region":"eu-west-1",`, ``)).Finding; f.Region != "eu-west-1" {
		t.Errorf("without a region, the ARN's: %q", f.Region)
	}
	if f := one(t, with(t, `"eventFirstSeen":"2026-02-01T10:00:00Z",`, ``)).Finding; f.Occurred.Minute() != 5 {
		t.Errorf("never seen first, it occurred when it was created: %s", f.Occurred)
	}
	if f := one(t, with(t, `"title":"i-0abc mines coins.",`, ``)).Finding; f.Title != "CryptoCurrency:EC2/BitcoinTool.B" {
		t.Errorf("without a title: %q", f.Title)
	}
}

// FuzzParse: any bytes give one claim that can be kept, or an error.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"SchemaVersion":"2.0","AccountId":"111122223333","Id":"x","Type":"t","Severity":1,"UpdatedAt":1700000000,"Resource":{"ResourceType":"AccessKey"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
