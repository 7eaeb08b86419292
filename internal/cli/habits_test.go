package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/internal/store"
)

// habits writes nine days of four users at work, of whom one is robbed in the end, and has the database of a serve that has
// learnt all but the last hour: habits logs.json data/jobzero.db.
func habits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: habits FILE DATABASE")
	}
	ctx, begin := context.Background(), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	var records []json.RawMessage
	for hour := range 9 * 24 {
		for u, user := range []string{"anna", "ben", "cleo", "dora"} {
			for i, name := range []string{"GetBucketAcl", "ListBuckets", "GetBucketPolicy"}[:1+(hour+u)%3] {
				at := begin.Add(time.Duration(hour)*time.Hour + time.Duration(u*7+i)*time.Minute)
				records = append(records, habit(user, name, fmt.Sprintf("198.51.100.%d", u), "aws-cli/2.1", at, fmt.Sprintf("%d-%d", hour, i)))
			}
		}
	}
	known := len(records)
	for i, name := range []string{"ListAllMyBuckets", "GetBucketLocation", "DeleteBucket"} {
		at := begin.Add(9*24*time.Hour + time.Duration(i)*time.Minute)
		records = append(records, habit("anna", name, "203.0.113.9", "python-requests/2.3", at, fmt.Sprintf("odd-%d", i)))
	}
	text, err := json.Marshal(map[string]any{"Records": records})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
	all := &taken{}
	_, err = file.Read(ctx, strings.NewReader(string(text)), "logs.json", file.Options{}, all)
	ts.Check(err)
	l := baseline.New(baseline.Options{Rows: true})
	for _, e := range baseline.InOrder(all.events[:known]) {
		l.Take(e, baseline.Of(e))
	}
	st, err := store.Open(ctx, "sqlite://"+ts.MkAbs(args[1]))
	ts.Check(err)
	defer func() { ts.Check(st.Close()) }()
	ts.Check(st.Update(ctx, func(tx *store.Tx) error { return tx.SaveLearner(ctx, store.Lesson{Changed: l.Dirty()}) }))
}

func habit(user, name, address, agent string, at time.Time, id string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"eventVersion":"1.11","eventID":"%s-%s","eventTime":%q,"eventName":%q,"eventSource":"s3.amazonaws.com","awsRegion":"eu-central-1",
"sourceIPAddress":%q,"userAgent":%q,"readOnly":%t,"recipientAccountId":"111122223333","eventType":"AwsApiCall","userIdentity":{"type":"IAMUser",
"arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7%s"}}`,
		user, id, at.Format(time.RFC3339), name, address, agent, !strings.HasPrefix(name, "Delete"), user, user))
}

// taken is a sink that keeps events.
type taken struct{ events []*event.Event }

func (s *taken) Event(e *event.Event) error {
	s.events = append(s.events, e)
	return nil
}
func (s *taken) DeadLetter(d source.DeadLetter) error { return fmt.Errorf("%s", d.Reason) }
func (s *taken) Skipped(string, string)               {}
