package s3notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/queue"
	"jobzero/internal/testmoto"
)

func logged(id int, account string) string {
	return fmt.Sprintf(`{"eventTime":"2024-08-01T13:29:57Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","eventID":"e-%d","recipientAccountId":%q}`, id, account)
}

func packed(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// s3Form is a notification as S3 writes it.
func s3Form(bucket, key string) string {
	return fmt.Sprintf(`{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":%q},"object":{"key":%q,"size":1}}}]}`,
		bucket, url.QueryEscape(key))
}

func TestRead(t *testing.T) {
	const key = "AWSLogs/111122223333/CloudTrail/a b+c=ü.json.gz"
	sns, _ := json.Marshal(map[string]string{"Type": "Notification", "TopicArn": "t", "Message": s3Form("logs", key)})
	for name, c := range map[string]struct{ body, want, err string }{
		"S3":              {s3Form("logs", key), "s3://logs/" + key, ""},
		"SNS":             {string(sns), "s3://logs/" + key, ""},
		"EventBridge":     {fmt.Sprintf(`{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"logs"},"object":{"key":%q}}}`, key), "s3://logs/" + key, ""},
		"CloudTrail":      {fmt.Sprintf(`{"s3Bucket":"logs","s3ObjectKey":[%q]}`, key), "s3://logs/" + key, ""},
		"test":            {`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}`, "", "nothing for this source: s3:TestEvent"},
		"removed":         {strings.Replace(s3Form("b", "k"), "ObjectCreated:Put", "ObjectRemoved:Delete", 1), "", "nothing for this source: S3 ObjectRemoved:Delete"},
		"other event":     {`{"detail-type":"Object Deleted","source":"aws.s3"}`, "", "nothing for this source: Object Deleted"},
		"no key":          {s3Form("b", ""), "", "without the bucket's name or the object's key"},
		"bad escape":      {strings.Replace(s3Form("b", "k"), `"k"`, `"%zz"`, 1), "", "decode Records[0].s3.object.key"},
		"of another kind": {`{"Records":[{"eventSource":"aws:sns"}]}`, "", "eventSource is \"aws:sns\""},
		"nothing":         {`{}`, "", "neither Records nor"},
		"no JSON":         {`hello`, "", "not an S3 notification"},
		"no keys":         {`{"s3Bucket":"logs"}`, "", "names no object"},
	} {
		got, err := read(source.Unwrap([]byte(c.body)))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", name, err, c.err)
			}
		case err != nil || len(got) != 1 || got[0].String() != c.want:
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestClaimOf(t *testing.T) {
	trail := claim{account: "111122223333", trail: true}
	for key, want := range map[string]claim{
		"AWSLogs/111122223333/CloudTrail/us-east-1/x.gz":            trail,
		"p/AWSLogs/o-abc123/111122223333/CloudTrail-Insight/x.json": trail,
		"AWSLogs/1111/CloudTrail/x":                                 {}, "my/own/x.json": {}, "xAWSLogs/111122223333/CloudTrail/x": {},
		"AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/02/x.log.gz":                                      {account: "111122223333", region: "eu-central-1"},
		"AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-central-1/year=2026/x.log.gz": {account: "111122223333", region: "eu-central-1"},
		"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/02/x.log.gz":                                        {account: "111122223333"},
		"AWSLogs/111122223333/WAFLogs/cloudfront/shop/2026/03/02/x.log.gz":                                       {account: "111122223333"},
		"AWSLogs/111122223333/CloudTrail/x/AWSLogs/444455556666/CloudTrail/x.gz":                                 trail,
		"AWSLogs/111122223333/ours/eu-central-1/x.json":                                                          {},
		"111122223333/eu-central-1/example-reports/2026/03/02/2026-03-02-09-00-00-0123456789ABCDEF":              {account: "111122223333", region: "eu-central-1"},
	} {
		if got := claimOf(key); got != want {
			t.Errorf("%s: %+v", key, got)
		}
	}
}

// TestProvenance: a record of another log that contradicts its key is not let in, unless both accounts are ours; what a record does
// not say contradicts nothing.
func TestProvenance(t *testing.T) {
	const flows = "AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/02/x.log"
	flow := "version account-id region srcaddr start\n4 %s %s 203.0.113.9 1772442000\n"
	names := `{"query_name":"a.example.com.","query_timestamp":"2026-03-02T09:00:00Z","rcode":"NOERROR","account_id":%q,"region":"eu-central-1"}`
	waf := `{"timestamp":1772442000000,"webaclId":"arn:aws:wafv2:%s:%s:regional/webacl/shop/1","httpRequest":{"clientIp":"203.0.113.9"},"action":"BLOCK"}`
	ours := func(account string) bool { return account == "444455556666" }
	for name, c := range map[string]struct {
		key, text string
		ours      func(string) bool
		dead      string
	}{
		"ours":           {flows, fmt.Sprintf(flow, "111122223333", "eu-central-1"), nil, ""},
		"says nothing":   {flows, fmt.Sprintf(flow, "-", "-"), nil, ""},
		"another":        {flows, fmt.Sprintf(flow, "444455556666", "eu-central-1"), nil, "provenance: the object's key says account 111122223333, the record says 444455556666"},
		"shared":         {flows, fmt.Sprintf(flow, "444455556666", "eu-central-1"), ours, ""},
		"a stranger's":   {flows, fmt.Sprintf(flow, "555566667777", "eu-central-1"), ours, "says 555566667777"},
		"another region": {flows, fmt.Sprintf(flow, "111122223333", "us-east-1"), ours, "provenance: the object's key says region eu-central-1, the record says us-east-1"},
		"a name":         {"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/02/x.log", fmt.Sprintf(names, "444455556666"), nil, "the record says 444455556666"},
		"a request":      {"AWSLogs/111122223333/WAFLogs/eu-central-1/shop/2026/03/02/x.log", fmt.Sprintf(waf, "us-east-1", "111122223333"), nil, "key says region eu-central-1"},
		"own layout":     {"flows/x.log", fmt.Sprintf(flow, "444455556666", "us-east-1"), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := &got{}
			err := Handler(store{body: strings.NewReader(c.text)}, Options{Ours: c.ours}, g.out())(t.Context(), queue.Message{ID: "m", Queue: "q", Body: []byte(s3Form("logs", c.key))})
			if err != nil || c.dead == "" && (len(g.ids) != 1 || len(g.dead) != 0) {
				t.Fatalf("%v, events %q, dead letters %+v", err, g.ids, g.dead)
			}
			if c.dead != "" && (len(g.ids) != 0 || len(g.dead) != 1 || !strings.Contains(g.dead[0].Reason, c.dead)) {
				t.Errorf("events %q, dead letters %+v", g.ids, g.dead)
			}
		})
	}
}

// got is what a handler handed over.
type got struct {
	ids     []string
	batches int
	dead    []source.DeadLetter
	skipped []string
	fail    error
}

func (g *got) out() source.Out {
	return source.Out{
		Events: func(_ context.Context, es []*event.Event) error {
			g.batches++
			for _, e := range es {
				g.ids = append(g.ids, string(e.ID)+" "+e.Origin.Source+" "+e.Origin.Place)
			}
			return g.fail
		},
		Dead:    func(_ context.Context, d source.DeadLetter) error { g.dead = append(g.dead, d); return g.fail },
		Skipped: func(name string) { g.skipped = append(g.skipped, name) },
		Now:     func() time.Time { return time.Unix(1722518997, 0) },
	}
}

// store is S3 with one answer.
type store struct {
	body io.Reader
	size int64
	err  error
}

func (s store) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if s.err != nil {
		return nil, s.err
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(s.body), ContentLength: aws.Int64(s.size)}, nil
}

func TestHandler(t *testing.T) {
	const key = "AWSLogs/111122223333/CloudTrail/x.json.gz"
	both := packed(t, `{"Records":[`+logged(1, "111122223333")+","+logged(2, "444455556666")+","+logged(3, "111122223333")+`]}`)
	api := func(code string) error { return &smithy.GenericAPIError{Code: code, Message: "m"} }
	for name, c := range map[string]struct {
		s     store
		o     Options
		ids   int
		dead  string
		fault fault.Code
	}{
		"read":             {store{body: bytes.NewReader(both)}, Options{Batch: 1}, 2, "provenance: the object's key says account 111122223333, the record says 444455556666", ""},
		"gone":             {store{err: api("NoSuchKey")}, Options{}, 0, "the object is not there: NoSuchKey", ""},
		"no bucket":        {store{err: api("NoSuchBucket")}, Options{}, 0, "the object is not there: NoSuchBucket", ""},
		"denied":           {store{err: api("AccessDenied")}, Options{}, 0, "", fault.Denied},
		"throttled":        {store{err: api("SlowDown")}, Options{}, 0, "", fault.Unavailable},
		"network":          {store{err: errors.New("no route")}, Options{}, 0, "", fault.Unavailable},
		"too large":        {store{body: bytes.NewReader(both), size: 2 << 30}, Options{}, 0, "the object has 2147483648 bytes, more than the limit", ""},
		"larger than told": {store{body: bytes.NewReader(both)}, Options{MaxObject: 50}, 0, "the object is larger than the limit", ""},
		"strange bucket":   {store{body: bytes.NewReader(both)}, Options{Buckets: []string{"other"}}, 0, "provenance: logs is not among the buckets", ""},
		"connection":       {store{body: io.MultiReader(bytes.NewReader(both[:80]), broken{})}, Options{}, 0, "", fault.Unavailable},
		"cut object":       {store{body: bytes.NewReader(both[:60])}, Options{}, 0, "unexpected EOF", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := &got{}
			err := Handler(c.s, c.o, g.out())(t.Context(), queue.Message{ID: "m", Queue: "q", Body: []byte(s3Form("logs", key))})
			if c.fault != "" && !fault.Is(err, c.fault) || c.fault == "" && err != nil {
				t.Errorf("error %v, want %q", err, c.fault)
			}
			if len(g.ids) != c.ids || c.ids > 0 && g.batches != c.ids {
				t.Errorf("events %q in %d batches", g.ids, g.batches)
			}
			if c.dead == "" && len(g.dead) != 0 || c.dead != "" && (len(g.dead) != 1 || !strings.Contains(g.dead[0].Reason, c.dead)) {
				t.Errorf("dead letters %+v", g.dead)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestUncommitted: what the outlet does not take leaves the message with its queue.
func TestUncommitted(t *testing.T) {
	g := &got{fail: errors.New("no disk")}
	for name, s := range map[string]store{
		"events": {body: strings.NewReader(logged(1, "111122223333"))}, "dead letter": {body: strings.NewReader("hello")}, "gone": {err: &types.NoSuchKey{}},
	} {
		if err := Handler(s, Options{}, g.out())(t.Context(), queue.Message{Body: []byte(s3Form("b", "k.json"))}); !errors.Is(err, g.fail) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFromBucketToEvent puts a log file into the emulator's bucket; S3 tells the queue, the queue tells us, we read it.
func TestFromBucketToEvent(t *testing.T) {
	s := testmoto.Shared(t)
	account := testmoto.Account()
	bucket, key := "logs-"+account, "AWSLogs/"+account+"/CloudTrail/us-east-1/2024/08/01/a b+c.json.gz"
	q, objects := sqs.NewFromConfig(s.Config(account)), s3.NewFromConfig(s.Config(account))
	made, err := q.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("logs")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	_, err = objects.PutBucketNotificationConfiguration(t.Context(), &s3.PutBucketNotificationConfigurationInput{
		Bucket: &bucket, NotificationConfiguration: &types.NotificationConfiguration{QueueConfigurations: []types.QueueConfiguration{
			{QueueArn: aws.String("arn:aws:sqs:us-east-1:" + account + ":logs"), Events: []types.Event{"s3:ObjectCreated:*"}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	body := packed(t, `{"Records":[`+logged(1, account)+`,{"eventName":"x","eventTime":"y"}]}`)
	for _, k := range []string{key, "AWSLogs/" + account + "/CloudTrail-Digest/d.json.gz"} {
		if _, err := objects.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String(k), Body: bytes.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: aws.String(s3Form(bucket, "gone.json"))}); err != nil {
		t.Fatal(err)
	}
	g := &got{}
	consume(t, q, *made.QueueUrl, func(ctx context.Context, m queue.Message) (bool, error) {
		err := Handler(objects, Options{}, g.out())(ctx, m)
		return len(g.ids) > 0 && len(g.dead) > 1 && len(g.skipped) > 0, err
	})
	if d := cmp.Diff([]string{"e-1 s3 s3://" + bucket + "/" + key}, g.ids); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	reasons := ""
	for _, d := range g.dead {
		reasons += d.Reason + "\n"
	}
	if len(g.dead) != 2 || !strings.Contains(reasons, "eventID is missing") || !strings.Contains(reasons, "NoSuchKey") {
		t.Errorf("dead letters %q", reasons)
	}
}

// consume runs a consumer until the handler says that it has seen enough.
func consume(t *testing.T, q *sqs.Client, url string, handle func(context.Context, queue.Message) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, err := queue.New(q, queue.Options{URL: url, Wait: time.Second, Workers: 1, Trouble: func(err error) { t.Log(err) }},
		func(ctx context.Context, m queue.Message) error {
			enough, err := handle(ctx, m)
			if enough {
				cancel()
			}
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

func FuzzNotice(f *testing.F) {
	f.Add([]byte(s3Form("b", "k")))
	f.Add([]byte(`{"s3Bucket":"b","s3ObjectKey":["k"]}`))
	f.Add([]byte(`{"s3Bucket":"b","s3ObjectKey":[""]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := read(source.Unwrap(b))
		if (len(all) == 0) == (err == nil) {
			t.Fatalf("%v with error %v", all, err)
		}
	})
}

// TestOtherLogs: objects of other logs are read the same way, and what their lines do not say is taken from the key.
func TestOtherLogs(t *testing.T) {
	const flow = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK\n"
	const dns = `{"version":"1.100000","account_id":"111122223333","region":"eu-central-1","query_timestamp":"2026-03-02T09:00:00Z","query_name":"example.com.","rcode":"NOERROR"}`
	for key, c := range map[string]struct {
		text string
		want []string
		dead int
	}{
		"AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/02/x.log.gz":   {flow + "2 x\n" + flow, []string{"aws/vpcflow eu-central-1", "aws/vpcflow eu-central-1"}, 1},
		"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/02/x.log.gz":     {dns, []string{"aws/route53resolver eu-central-1"}, 0},
		"access/111122223333/eu-central-1/logs/2026/03/02/2026-03-02-09-00-A": {"hello\n", nil, 1},
	} {
		var events []string
		g := &got{}
		out := g.out()
		out.Events = func(_ context.Context, es []*event.Event) error {
			for _, e := range es {
				events = append(events, e.Log.String()+" "+e.Region)
			}
			return nil
		}
		api := store{body: bytes.NewReader(packed(t, c.text))}
		if err := Handler(api, Options{}, out)(t.Context(), queue.Message{Body: []byte(s3Form("logs", key))}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, events); d != "" || len(g.dead) != c.dead {
			t.Errorf("%s: %s, dead letters %v", key, d, g.dead)
		}
	}
}
