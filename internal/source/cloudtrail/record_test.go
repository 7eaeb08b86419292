package cloudtrail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/fault"
)

// sample is a record in full, made up.
const sample = `{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:eve","arn":"arn:aws:sts::444455556666:assumed-role/ops/eve",
 "accountId":"444455556666","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::444455556666:role/ops","userName":"ops"}}},
 "eventTime":"2024-08-01T13:29:57Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7",
 "userAgent":"aws-cli/2","requestParameters":{"bucketName":"example"},"responseElements":null,"readOnly":false,"errorCode":"AccessDenied",
 "resources":[{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::example"},{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::example/"}],
 "eventID":"62e290e2-ee95-4a7c-a9f8-db4ef462b12d","eventType":"AwsApiCall","recipientAccountId":"111122223333"}`

// with replaces one member of the sample; an empty value removes it.
func with(tb testing.TB, name, value string) []byte {
	tb.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(sample), &m); err != nil {
		tb.Fatal(err)
	}
	delete(m, name)
	if value != "" {
		m[name] = json.RawMessage(value)
	}
	b, err := json.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestParse(t *testing.T) {
	origin := event.Origin{Source: "file", Place: "a.json", Offset: 12}
	raw := []byte(sample)
	e, err := Parse(raw, origin)
	if err != nil {
		t.Fatal(err)
	}
	want := &event.Event{
		ID: "62e290e2-ee95-4a7c-a9f8-db4ef462b12d", Time: time.Date(2024, 8, 1, 13, 29, 57, 0, time.UTC), Account: "111122223333", Region: "us-east-1",
		Name: "PutBucketPolicy", Source: "s3.amazonaws.com", Type: "AwsApiCall", ErrorCode: "AccessDenied", SourceIP: "198.51.100.7", UserAgent: "aws-cli/2",
		Actor: event.Actor{
			Type: "AssumedRole", ARN: "arn:aws:sts::444455556666:assumed-role/ops/eve", Account: "444455556666", PrincipalID: "AROAEXAMPLE:eve",
			AccessKey: "ASIAEXAMPLE", IssuerARN: "arn:aws:iam::444455556666:role/ops", IssuerName: "ops",
		},
		Resources: []event.Resource{{ARN: "arn:aws:s3:::example", Account: "111122223333", Type: "AWS::S3::Bucket"}, {ARN: "arn:aws:s3:::example/", Type: "AWS::S3::Object"}},
		Origin:    origin, Raw: []byte(sample),
	}
	if d := cmp.Diff(want, e, cmpopts.IgnoreUnexported(event.Event{})); d != "" {
		t.Errorf("event (-want +got):\n%s", d)
	}
	if &raw[0] != &e.Raw[0] {
		t.Error("the bytes were copied: they must be kept as they are")
	}
}

// TestRefusals: each names the field that is wrong.
func TestRefusals(t *testing.T) {
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no eventID":           {with(t, "eventID", ""), "eventID is missing"},
		"empty eventID":        {with(t, "eventID", `""`), "eventID is missing"},
		"null eventID":         {with(t, "eventID", `null`), "eventID is of type null, want string"},
		"eventID a number":     {with(t, "eventID", `5`), "eventID is of type number, want string"},
		"eventID long":         {with(t, "eventID", `"`+strings.Repeat("x", 300)+`"`), "eventID has 300 characters"},
		"eventName a list":     {with(t, "eventName", `["x"]`), "eventName is of type array, want string"},
		"no eventSource":       {with(t, "eventSource", ""), "eventSource is missing"},
		"no eventTime":         {with(t, "eventTime", ""), "eventTime is missing"},
		"eventTime a number":   {with(t, "eventTime", `1722518997`), "eventTime is of type number, want string"},
		"eventTime no time":    {with(t, "eventTime", `"yesterday"`), `eventTime "yesterday" is no RFC 3339 time`},
		"identity a string":    {with(t, "userIdentity", `"eve"`), "userIdentity is of type string, want object"},
		"identity.arn":         {with(t, "userIdentity", `{"arn":{}}`), "userIdentity.arn is of type object, want string"},
		"identity issuer":      {with(t, "userIdentity", `{"sessionContext":{"sessionIssuer":[]}}`), "userIdentity.sessionContext.sessionIssuer is of type array, want object"},
		"identity twice":       {with(t, "userIdentity", `{"arn":"a","arn":"b"}`), "userIdentity.arn stands in the record twice"},
		"readOnly a word":      {with(t, "readOnly", `"maybe"`), "readOnly is of type string, want boolean"},
		"resources an object":  {with(t, "resources", `{}`), "resources is of type object, want array"},
		"resources of numbers": {with(t, "resources", `[1]`), "resources[] is of type number, want object"},
		"account short":        {with(t, "recipientAccountId", `"1111"`), `recipientAccountId "1111" is no twelve-digit account`},
		"account a number":     {with(t, "recipientAccountId", `111122223333`), "recipientAccountId is of type number, want string"},
		"deep":                 {with(t, "requestParameters", deep), "nested deeper than 200 levels"},
		"UTF-8":                {with(t, "errorCode", "\"\xff\xfe\""), "invalid UTF-8"},
		"cut":                  {[]byte(sample[:400]), "broken record"},
		"eventID twice":        {[]byte(strings.Replace(sample, `{"eventVersion"`, `{"eventID":"1","eventVersion"`, 1)), "eventID stands in the record twice"},
		"eventID twice, hidden": {
			[]byte(strings.Replace(sample, `{"eventVersion"`, `{"event\u0049D":"1","eventVersion"`, 1)),
			"eventID stands in the record twice",
		},
		"too large": {append([]byte(sample), bytes.Repeat([]byte(" "), MaxBytes)...), "more than the limit of 1048576"},
		"no JSON":   {[]byte("hello"), "broken record: want an object at byte 0"},
	} {
		if name == "UTF-8" { // Marshal would repair it
			c.raw = []byte(strings.Replace(sample, "AccessDenied", "\xff\xfe", 1))
		}
		e, err := Parse(c.raw, event.Origin{})
		if e != nil || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (%s), want %q", name, err, fault.CodeOf(err), c.want)
		}
	}
}

func TestVariants(t *testing.T) {
	for name, c := range map[string]struct {
		raw   []byte
		check func(*event.Event) bool
	}{
		"no recipient":     {with(t, "recipientAccountId", ""), func(e *event.Event) bool { return e.Account == "444455556666" }},
		"null fields":      {with(t, "errorCode", "null"), func(e *event.Event) bool { return e.ErrorCode == "" }},
		"read-only string": {with(t, "readOnly", `"true"`), func(e *event.Event) bool { return e.ReadOnly }},
		"Lake's time":      {with(t, "eventTime", `"2024-08-01 13:29:57.000"`), func(e *event.Event) bool { return e.Time.Unix() == 1722518997 }},
		"zoned time":       {with(t, "eventTime", `"2024-08-01T15:29:57+02:00"`), func(e *event.Event) bool { return e.Time.Format(time.RFC3339) == "2024-08-01T13:29:57Z" }},
		"Logstash":         {bytes.Replace(with(t, "x", "1"), []byte(`"eventTime"`), []byte(`"@timestamp"`), 1), func(e *event.Event) bool { return e.Time.Unix() == 1722518997 }},
		"no identity":      {with(t, "userIdentity", ""), func(e *event.Event) bool { return e.Actor == event.Actor{} }},
		"escaped text":     {with(t, "eventName", `"Put\u0042ucket\"\\"`), func(e *event.Event) bool { return e.Name == `PutBucket"\` }},
		"other case":       {with(t, "EVENTNAME", `"Other"`), func(e *event.Event) bool { return e.Name == "PutBucketPolicy" }},
	} {
		e, err := Parse(c.raw, event.Origin{})
		if err != nil || !c.check(e) {
			t.Errorf("%s: %v, %+v", name, err, e)
		}
	}
}

func TestInsight(t *testing.T) {
	raw := `{"eventVersion":"1.08","eventTime":"2024-08-01T13:29:00Z","awsRegion":"us-east-1","eventID":"i-1","eventType":"AwsCloudTrailInsight",
	 "recipientAccountId":"111122223333","insightDetails":{"state":"Start","eventSource":"iam.amazonaws.com","eventName":"AttachRolePolicy"}}`
	e, err := Parse([]byte(raw), event.Origin{})
	if err != nil || e.Name != "AttachRolePolicy" || e.Source != "iam.amazonaws.com" {
		t.Errorf("%v: %+v", err, e)
	}
}

func TestOther(t *testing.T) {
	for _, raw := range []string{
		`{}`, `{"a":1}`, `{"eventName":"x"}`,
		`{"eventVersion":"2.0","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2024-08-01T13:29:57Z","eventName":"ObjectCreated:Put","userIdentity":{},"s3":{}}`,
	} {
		if _, err := Parse([]byte(raw), event.Origin{}); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// FuzzParse: any bytes give an event that holds together or an error, and never both readings of one record.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	for _, s := range []string{`{}`, `{"eventID":1,"eventName":2}`, `{"eventID":"\ud800","eventName":"x","eventSource":"s","eventTime":"2024-08-01T13:29:57Z","recipientAccountId":"111122223333"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := Parse(raw, event.Origin{})
		if (e == nil) == (err == nil) {
			t.Fatalf("event %v with error %v", e, err)
		}
		if err != nil {
			return
		}
		fields, err := e.Fields()
		if err != nil {
			t.Fatalf("parsed, but its fields are not readable: %v", err)
		}
		if fmt.Sprint(fields["eventID"]) != string(e.ID) || e.Account == "" || e.Time.IsZero() && !strings.Contains(string(raw), "0001") {
			t.Errorf("the view %+v differs from the fields %v", e, fields)
		}
		if v := ocsf.Of(e).Head(); v.ClassUID == 0 || v.Cloud.Account == nil {
			t.Errorf("a view without a class or account: %+v", v)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw := []byte(sample)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(raw, event.Origin{}); err != nil {
			b.Fatal(err)
		}
	}
}
