package macie

import (
	"encoding/json"
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

// sample is a finding, made up.
const sample = `{"schemaVersion":"1.0","id":"m-1","accountId":"111122223333","partition":"aws","region":"eu-west-1","category":"CLASSIFICATION",
 "type":"SensitiveData:S3Object/Multiple","title":"The object has sensitive data.","description":"Names and keys.","severity":{"score":3,"description":"High"},
 "createdAt":"2026-02-04T10:00:00.250Z","updatedAt":"2026-02-04T12:00:00Z","count":1,"sample":false,"archived":false,
 "resourcesAffected":{"s3Bucket":{"arn":"arn:aws:s3:::orders","name":"orders","tags":[{"key":"team","value":"shop"}]},"s3Object":{"key":"2026/a.csv"}},
 "classificationDetails":{"result":{"sensitiveData":[{"category":"PERSONAL_INFORMATION","detections":[{"type":"NAME","count":4}]},
  {"category":"CREDENTIALS","detections":[{"type":"AWS_CREDENTIALS","count":1}]}],"customDataIdentifiers":{"detections":[{"name":"customer-number","count":2}]}}}}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestParse(t *testing.T) {
	at := time.Date(2026, 2, 4, 12, 0, 0, 0, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "macie", "111122223333", "m-1"), Kind: finding.Imported, By: "macie/SensitiveData:S3Object/Multiple",
		Title: "The object has sensitive data.", Why: "Names and keys. Object: 2026/a.csv", Severity: finding.High, Account: "111122223333", Region: "eu-west-1",
		Resource: &resource.Ref{Type: resource.Bucket, Account: "111122223333", Region: "eu-west-1", ID: "orders"}, ARN: "arn:aws:s3:::orders",
		Tags: map[string]string{"team": "shop"}, Occurred: at.Add(-2*time.Hour + 250*time.Millisecond), Detected: at, Sighting: "m-1@2026-02-04T12:00:00Z",
		Evidence: []finding.Evidence{
			{Kind: "report", At: at, Text: "macie reports m-1 as of 2026-02-04T12:00:00Z, from q#m", Data: json.RawMessage(sample)},
			ocsf.Discovered(1, "NAME (4), AWS_CREDENTIALS (1), customer-number (2)").Evidence(at),
		},
	}}
	if d := cmp.Diff(want, one(t, []byte(sample))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestUpdates(t *testing.T) {
	first := one(t, []byte(sample))
	again := one(t, []byte(strings.Replace(string(with(t, `"archived":false`, `"archived":true`)), "12:00:00Z", "13:00:00Z", 1)))
	if again.Over != source.Archived || again.Finding.Fingerprint != first.Finding.Fingerprint || again.Finding.Sighting == first.Finding.Sighting {
		t.Errorf("over %q, %s", again.Over, again.Finding.Sighting)
	}
}

func TestSeverity(t *testing.T) {
	for by, want := range map[string]finding.Severity{
		`{"score":1,"description":"Low"}`: finding.Low, `{"score":2,"description":"Medium"}`: finding.Medium,
		`{"score":1}`: finding.Low, `{"score":2}`: finding.Medium, `{"score":3.0}`: finding.High,
	} {
		if got := one(t, with(t, `{"score":3,"description":"High"}`, by)).Finding.Severity; got != want {
			t.Errorf("%s is %s, want %s", by, got, want)
		}
	}
}

func TestClasses(t *testing.T) {
	for by, want := range map[string]int{"SensitiveData:S3Object/Financial": 2006, "Policy:IAMUser/S3BucketPublic": 2003} {
		if v := ocsf.Imported(one(t, with(t, "SensitiveData:S3Object/Multiple", by)).Finding, "v1"); v.ClassUID != want {
			t.Errorf("%s: class %d, want %d", by, v.ClassUID, want)
		}
	}
	bare := one(t, with(t, `"classificationDetails"`, `"other"`)).Finding
	if e := bare.Evidence[1]; !strings.Contains(string(e.Data), `"detection_pattern":"SensitiveData:S3Object/Multiple"`) {
		t.Errorf("without details: %s", e.Data)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":     {[]byte(`{"id":`), "broken record"},
		"no id":       {with(t, `"id":"m-1",`, ``), "id is missing"},
		"no type":     {with(t, `"type":"Sens`, `"t":"Sens`), "type is missing"},
		"account":     {with(t, `"accountId":"111122223333"`, `"accountId":111122223333`), "accountId is of type number"},
		"no severity": {with(t, `"severity":{"score":3,"description":"High"},`, ``), "severity.description is missing, and so is score"},
		"word":        {with(t, `"High"`, `"Terrible"`), `severity.description "Terrible" is none of`},
		"score":       {with(t, `{"score":3,"description":"High"}`, `{"score":8}`), "severity.score 8 is none of 1, 2 and 3"},
		"no bucket":   {with(t, `"s3Bucket"`, `"bucket"`), "resourcesAffected.s3Bucket.name is missing"},
		"no update":   {with(t, `"updatedAt"`, `"u"`), "updatedAt is missing"},
		"archived":    {with(t, `"archived":false`, `"archived":0`), "archived is of type number, want boolean"},
		"count":       {with(t, `"count":4`, `"count":"4"`), "classificationDetails.result.sensitiveData[0].detections[0].count is of type string"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"Id":"x","AccountId":"111122223333","Type":"Policy:x","Severity":{"Score":1},"UpdatedAt":1700000000,"ResourcesAffected":{"S3Bucket":{"Name":"b"}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
