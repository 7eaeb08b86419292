package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source/cwlogs"
	"jobzero/internal/source/logs"
	"jobzero/internal/testmoto"
)

const refundRule = `title: Refund by a stranger
id: refund
level: high
logsource: {category: application, product: shop}
detection: {s: {event.action: refund}, filter: {user: kim}, condition: s and not filter}
`

const databaseRule = `title: Database reached from outside
id: database
level: high
logsource: {product: aws, service: vpcflow}
detection: {s: {dst_port: 5432, flow_direction: ingress, action: ACCEPT}, condition: s}
`

// shopLogs are what the owner of the logs of these tests says of them: an application's, and flow logs of version 5.
func shopLogs(bucket string) logs.Config {
	return logs.Config{
		FlowFormat: []logs.FlowFormat{{Place: "s3://" + bucket + "/flows", Format: "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${dstport} ${protocol} ${start} ${action} ${flow-direction} ${traffic-path}"}},
		LogGroup: []cwlogs.Group{{Pattern: "/shop/*", Log: "shop/orders", Category: "application", Fields: &cwlogs.Fields{
			Name: "event.action", Time: "at", Account: "aws.account", Region: "aws.region", ID: "id", Severity: "level", Actor: "user", Address: "ip",
		}}},
	}
}

// subscribed is a file as a subscription writes it: envelopes behind one another, all packed.
func subscribed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An application's log in a file of a subscription to CloudWatch Logs, and flow logs in a format of one's own without a header,
// come through the queue and are judged by rules of the user's own; other files beside them are not taken for flow logs.
func TestServeReadsLogsAsItsOwnerSaysTheyAre(t *testing.T) {
	server := testmoto.Shared(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	cfg := server.Config("")
	files, name := s3.NewFromConfig(cfg), "own-logs-"+testmoto.Account()
	if _, err := files.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	messages := sqs.NewFromConfig(cfg)
	queue, err := messages.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for file, text := range map[string]string{"refund.yml": refundRule, "database.yml": databaseRule} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := config.Default()
	c.DataDir, c.Listen, c.Content.Rules, c.Logs = t.TempDir(), "127.0.0.1:0", []string{dir}, shopLogs(name)
	c.AWS.Endpoint, c.Sources.S3 = server.Endpoint, []config.Queue{{URL: *queue.QueueUrl, Region: cfg.Region, Wait: time.Second}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(context.WithoutCancel(t.Context())) })
	const order = `{"event":{"action":"refund"},"user":%q,"at":1772442001,"id":"o-1","level":"warn","ip":"203.0.113.9","aws":{"account":"111122223333","region":"eu-central-1"}}`
	envelope := func(user string) string {
		return fmt.Sprintf(`{"messageType":"DATA_MESSAGE","owner":"444455556666","logGroup":"/shop/orders","logStream":"s","logEvents":[{"id":"1","timestamp":1772442000123,"message":%q},{"id":"2","timestamp":1772442000124,"message":"GET /health 200"}]}`, fmt.Sprintf(order, user))
	}
	for key, body := range map[string][]byte{
		"stream/2026/03/02/09/shop-1-2026-03-02-09-00-00-a": subscribed(t, envelope("eve")+envelope("kim")),
		"flows/2026/03/02/09/flows-1": subscribed(t, "5 111122223333 eni-0a1b2c3d 203.0.113.9 10.0.0.5 5432 6 1772442000 ACCEPT ingress -\n"+
			"5 111122223333 eni-0a1b2c3d 10.0.0.5 203.0.113.9 5432 6 1772442000 ACCEPT egress 8\n5 111122223333 cut\n"),
	} {
		if _, err := files.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: bytes.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprintf(`{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":%q},"object":{"key":%q}}}]}`, name, key)
		if _, err := messages.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: &said}); err != nil {
			t.Fatal(err)
		}
	}
	taken := hear(t, h, 4)
	slices.SortFunc(taken, func(a, b *event.Event) int { return bytes.Compare(a.Raw, b.Raw) })
	if e := taken[0]; e.Log != "shop/orders" || e.Account != "111122223333" || e.Region != "eu-central-1" || e.Severity != "medium" || e.SourceIP != "203.0.113.9" || e.Time.Unix() != 1772442001 {
		t.Errorf("the application's event is %+v", e)
	}
	var got []string
	var dead []event.Letter
	err = h.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Findings(t.Context(), finding.Filter{})
		for _, f := range all {
			got = append(got, fmt.Sprintf("%s %s %d", f.By, f.Account, f.Count))
		}
		if err != nil {
			return err
		}
		dead, err = tx.Letters(t.Context(), event.LetterFilter{})
		return err
	})
	slices.Sort(got)
	if d := cmp.Diff([]string{"database 111122223333 1", "refund 111122223333 1"}, got); d != "" || err != nil {
		t.Errorf("%v findings (-want +got)\n%s", err, d)
	}
	if len(dead) != 1 || dead[0].Beside == nil || dead[0].Beside.Log != event.VPCFlow {
		t.Errorf("dead letters %+v", dead)
	}
}

// hear has a house listen until so many events have been taken.
func hear(t *testing.T, h *House, n int) (taken []*event.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	enough := errors.New("enough")
	ctx, stop := context.WithCancelCause(ctx)
	err := h.listen(func(ctx context.Context, queue string, events []*event.Event) error {
		if err := h.detect(ctx, queue, events); err != nil {
			return err
		}
		if taken = append(taken, events...); len(taken) >= n {
			stop(enough)
		}
		return nil
	})(ctx)
	if !errors.Is(context.Cause(ctx), enough) {
		t.Fatalf("%d events were taken: %v", len(taken), err)
	}
	return taken
}
