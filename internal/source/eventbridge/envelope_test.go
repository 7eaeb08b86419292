package eventbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/queue"
)

const record = `{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333"},` +
	`"eventTime":"2024-08-01T13:29:57Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"us-east-1","eventID":"e-1","recipientAccountId":"111122223333"}`

func body(kind, from, account, detail string) []byte {
	return fmt.Appendf(nil, `{"version":"0","id":"x","detail-type":%q,"source":%q,"account":%q,"detail":%s}`, kind, from, account, detail)
}

func TestOpen(t *testing.T) {
	const call = "AWS API Call via CloudTrail"
	for name, c := range map[string]struct {
		body []byte
		code fault.Code
		want string // in the error; empty for an event
	}{
		"call":         {body(call, "aws.s3", "111122223333", record), "", ""},
		"sign-in":      {body("AWS Console Sign In via CloudTrail", "aws.signin", "111122223333", record), "", ""},
		"service":      {body("AWS Service Event via CloudTrail", "aws.kms", "111122223333", record), "", ""},
		"insight":      {body("AWS Insight via CloudTrail", "aws.cloudtrail", "111122223333", record), "", ""},
		"other":        {body("GuardDuty Finding", "aws.guardduty", "111122223333", `{}`), "other", "GuardDuty Finding"}, // OpenReport's
		"contradicted": {body(call, "aws.s3", "444455556666", record), fault.Denied, "comes from account 444455556666, the record says 111122223333"},
		"no account":   {body(call, "aws.s3", "", record), fault.Denied, "names no account"},
		"account null": {[]byte(strings.Replace(string(body(call, "aws.s3", "x", record)), `"account":"x"`, `"account":null`, 1)), fault.Denied, "names no account"},
		"not from AWS": {body(call, "com.example", "111122223333", record), fault.Denied, `source "com.example" is not an AWS service`},
		"twice":        {[]byte(strings.Replace(string(body(call, "aws.s3", "111122223333", record)), `{"version"`, `{"account":"444455556666","version"`, 1)), fault.Invalid, "account stands in the envelope twice"},
		"no record":    {body(call, "aws.s3", "111122223333", `{"a":1}`), fault.Invalid, "detail is not a CloudTrail record"},
		"detail text":  {body(call, "aws.s3", "111122223333", `"x"`), fault.Invalid, "detail is of type string"},
		"no eventID":   {body(call, "aws.s3", "111122223333", strings.Replace(record, `"eventID":"e-1",`, "", 1)), fault.Invalid, "eventID is missing"},
		"no envelope":  {[]byte(record), fault.Invalid, "not an EventBridge envelope"},
		"no JSON":      {[]byte("hello"), fault.Invalid, "broken envelope"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Open(c.body, event.Origin{})
			if c.want == "" {
				if err != nil || e.ID != "e-1" || string(e.Raw) != record {
					t.Errorf("%v: %+v", err, e)
				}
				return
			}
			_, other := errors.AsType[*source.Other](err)
			if e != nil || err == nil || !strings.Contains(err.Error(), c.want) || other != (c.code == "other") || !other && !fault.Is(err, c.code) {
				t.Errorf("%v, %v; want %s %q", e, err, c.code, c.want)
			}
		})
	}
}

// got is what a handler handed over.
type got struct {
	events  []*event.Event
	reports []source.Report
	dead    []source.DeadLetter
	skipped []string
	fail    error
}

func (g *got) out() source.Out {
	return source.Out{
		Events:  func(_ context.Context, es []*event.Event) error { g.events = append(g.events, es...); return g.fail },
		Reports: func(_ context.Context, rs []source.Report) error { g.reports = append(g.reports, rs...); return g.fail },
		Dead:    func(_ context.Context, d source.DeadLetter) error { g.dead = append(g.dead, d); return g.fail },
		Skipped: func(name string) { g.skipped = append(g.skipped, name) },
		Now:     func() time.Time { return time.Unix(1722518997, 0) },
	}
}

func TestHandler(t *testing.T) {
	good := body("AWS API Call via CloudTrail", "aws.s3", "111122223333", record)
	sns, err := json.Marshal(map[string]string{"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:111122223333:t", "Message": string(good)})
	if err != nil {
		t.Fatal(err)
	}
	g := &got{}
	handle := Handler(g.out())
	for _, b := range [][]byte{good, sns, []byte("hello"), body("Scheduled Event", "aws.events", "111122223333", `{}`)} {
		if err := handle(t.Context(), queue.Message{ID: "m", Queue: "q", Body: b}); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}
	if len(g.events) != 2 || len(g.dead) != 1 || len(g.skipped) != 1 {
		t.Fatalf("%d events, %v, %v", len(g.events), g.dead, g.skipped)
	}
	if d := g.dead[0]; string(d.Bytes) != "hello" || !d.Whole() || d.Origin.Place != "q#m" || d.At.IsZero() {
		t.Errorf("dead letter %+v", d)
	}
	g.fail = errors.New("no disk")
	for _, b := range []string{string(good), "hello"} {
		if err := handle(t.Context(), queue.Message{Body: []byte(b)}); !errors.Is(err, g.fail) {
			t.Errorf("an uncommitted message is not left with its queue: %v", err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(body("AWS API Call via CloudTrail", "aws.s3", "111122223333", record))
	f.Add([]byte(`{"Type":"Notification","TopicArn":"t","Message":"{}"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Open(source.Unwrap(b), event.Origin{})
		if (e == nil) == (err == nil) {
			t.Fatalf("event %v with error %v", e, err)
		}
	})
}
