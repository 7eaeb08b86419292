package cloudwatchalarm

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

// sample is an alarm that goes off, made up.
const sample = `{"version":"0","id":"e-1","detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","account":"111122223333","time":"2026-02-01T12:00:01Z","region":"eu-west-1",
 "resources":["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root used: prod"],"detail":{"alarmName":"root used: prod","configuration":{"description":"Nobody uses root.","metrics":[]},
 "previousState":{"value":"OK","reason":"r0","timestamp":"2026-02-01T11:00:00.000+0000"},"state":{"value":"ALARM","reason":"Threshold crossed.","timestamp":"2026-02-01T12:00:00.500+0000"}}}`

func with(tb testing.TB, old, by string) []byte {
	tb.Helper()
	return claimtest.With(tb, sample, old, by)
}

func one(tb testing.TB, raw []byte) source.Claim {
	tb.Helper()
	return claimtest.One(tb, Parse, raw)
}

func TestAlarm(t *testing.T) {
	const arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root used: prod"
	at := time.Date(2026, 2, 1, 12, 0, 0, 5e8, time.UTC)
	want := source.Claim{Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "cloudwatch", "111122223333", arn), Kind: finding.Imported, By: "cloudwatch/root used: prod",
		Title: "CloudWatch alarm root used: prod", Why: "Nobody uses root. Threshold crossed.", Severity: finding.Medium, Account: "111122223333", Region: "eu-west-1",
		Resource: &resource.Ref{Type: "AWS::CloudWatch::Alarm", Account: "111122223333", Region: "eu-west-1", ID: "root used: prod"}, ARN: arn,
		Occurred: at, Detected: at, Sighting: arn + "@2026-02-01T12:00:00.5Z",
		Evidence: []finding.Evidence{{Kind: "report", At: at, Text: "cloudwatch reports " + arn + " as of 2026-02-01T12:00:00Z, from q#m", Data: json.RawMessage(sample)}},
	}}
	c := one(t, []byte(sample))
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if v := ocsf.Imported(c.Finding, "v1"); v.ClassUID != 2004 {
		t.Errorf("class %d", v.ClassUID)
	}
	end := one(t, []byte(strings.Replace(string(with(t, `"ALARM"`, `"OK"`)), "12:00:00.500", "13:00:00.000", 1)))
	if end.Over != source.Resolved || end.Finding.Fingerprint != c.Finding.Fingerprint || end.Finding.Sighting == c.Finding.Sighting {
		t.Errorf("over %q, %s", end.Over, end.Finding.Sighting)
	}
	if muted := one(t, with(t, `"configuration":`, `"muteDetail":{"mutedByArn":"x"},"configuration":`)); muted.Over != "" {
		t.Errorf("a muted alarm is over: %q", muted.Over)
	}
}

func TestNoData(t *testing.T) {
	_, err := Parse(with(t, `"ALARM"`, `"INSUFFICIENT_DATA"`), event.Origin{})
	if _, ok := errors.AsType[*source.Other](err); !ok {
		t.Errorf("%v", err)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no JSON":      {[]byte("x"), "broken record"},
		"no alarm":     {with(t, `"resources":["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root used: prod"]`, `"resources":[]`), "resources does not name the alarm"},
		"no ARN":       {with(t, `"arn:aws:cloudwatch:`, `"cloudwatch:`), `is no ARN of an alarm`},
		"another's":    {with(t, `"arn:aws:cloudwatch:`, `"arn:aws:s3:`), `is no ARN of an alarm`},
		"no account":   {with(t, `:111122223333:alarm`, `::alarm`), `is no ARN of an alarm`},
		"odd region":   {with(t, `cloudwatch:eu-west-1`, `cloudwatch:eu|west`), `is no ARN of an alarm`},
		"no name":      {with(t, `"alarmName"`, `"name"`), "detail.alarmName is missing"},
		"no state":     {with(t, `"state":`, `"s":`), "detail.state.value is missing"},
		"state":        {with(t, `"ALARM"`, `"LOUD"`), `detail.state.value "LOUD" is none of`},
		"no time":      {with(t, `"Threshold crossed.","timestamp"`, `"Threshold crossed.","t"`), "detail.state.timestamp is missing"},
		"time":         {with(t, `2026-02-01T12:00:00.500+0000`, `noon`), `detail.state.timestamp "noon" is no time`},
		"resources":    {with(t, `["arn`, `[1,"arn`), "resources[] is of type number, want string"},
		"broken, idle": {[]byte(strings.Replace(string(with(t, `"ALARM"`, `"INSUFFICIENT_DATA"`)), `"detail"`, `"detail":{},"detail"`, 1)), "detail stands in the record twice"},
	} {
		t.Run(name, func(t *testing.T) { claimtest.Refusal(t, Parse, c.raw, c.want) })
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw, event.Origin{})
		claimtest.Hold(t, r, err)
	})
}
