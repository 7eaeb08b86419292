package eventbridge

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"jobzero/internal/event"
	"jobzero/internal/source/queue"
	"jobzero/internal/testmoto"
)

// template puts back the account, which the emulator leaves out of what it delivers; real EventBridge always sends it.
const template = `{"version":"0","id":"<id>","detail-type":"<detail-type>","source":"<source>","account":"<account>","time":<time>,"region":"<region>","resources":<resources>,"detail":<detail>}`

var paths = map[string]string{
	"id": "$.id", "detail-type": "$.detail-type", "source": "$.source", "account": "$.account", "time": "$.time", "region": "$.region", "resources": "$.resources", "detail": "$.detail",
}

// bus makes a rule with a queue behind it and gives the queue's URL.
func bus(t *testing.T, s *testmoto.Server, account string, transform *types.InputTransformer) string {
	t.Helper()
	q, err := sqs.NewFromConfig(s.Config(account)).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("events")})
	if err != nil {
		t.Fatal(err)
	}
	c := eventbridge.NewFromConfig(s.Config(account))
	pattern := `{"source":[{"prefix":"aws."}]}`
	if _, err := c.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("r"), EventPattern: &pattern}); err != nil {
		t.Fatal(err)
	}
	target := types.Target{Id: aws.String("1"), Arn: aws.String("arn:aws:sqs:us-east-1:" + account + ":events"), InputTransformer: transform}
	if _, err := c.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{target}}); err != nil {
		t.Fatal(err)
	}
	return *q.QueueUrl
}

func send(t *testing.T, s *testmoto.Server, account, kind, detail string) {
	t.Helper()
	out, err := eventbridge.NewFromConfig(s.Config(account)).PutEvents(t.Context(), &eventbridge.PutEventsInput{
		Entries: []types.PutEventsRequestEntry{{Source: aws.String("aws.s3"), DetailType: &kind, Detail: &detail}},
	})
	if err != nil || out.FailedEntryCount != 0 {
		t.Fatalf("%v %+v", err, out)
	}
}

// TestThroughTheBus sends records through the emulator's bus and queue: into an event, into a dead letter, and past us.
func TestThroughTheBus(t *testing.T) {
	s := testmoto.Shared(t)
	account := testmoto.Account()
	url := bus(t, s, account, &types.InputTransformer{InputTemplate: aws.String(template), InputPathsMap: paths})
	mine := strings.ReplaceAll(record, "111122223333", account)
	send(t, s, account, "AWS API Call via CloudTrail", mine)
	send(t, s, account, "AWS API Call via CloudTrail", record) // of another account: forged
	send(t, s, account, "Trusted Advisor Check Item Refresh Notification", `{"x":[1,"a"]}`)

	g := &got{}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	inner := Handler(g.out())
	left := 3
	c, err := queue.New(sqs.NewFromConfig(s.Config(account)), queue.Options{URL: url, Wait: time.Second, Workers: 1, Trouble: func(err error) { t.Log(err) }},
		func(ctx context.Context, m queue.Message) error {
			if left--; left == 0 {
				defer cancel()
			}
			return inner(ctx, m)
		})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if len(g.events) != 1 || g.events[0].Account != account || g.events[0].Name != "PutBucketPolicy" {
		t.Errorf("events %+v", g.events)
	}
	if len(g.dead) != 1 || !strings.Contains(g.dead[0].Reason, "provenance") {
		t.Errorf("dead letters %+v", g.dead)
	}
	if len(g.skipped) != 1 {
		t.Errorf("skipped %q", g.skipped)
	}
	if n := depth(t, s, account, url); n != "0 0" {
		t.Errorf("the queue holds %s messages", n)
	}
}

// depth is how many messages are visible and in flight.
func depth(t *testing.T, s *testmoto.Server, account, url string) string {
	t.Helper()
	out, err := sqs.NewFromConfig(s.Config(account)).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out.Attributes["ApproximateNumberOfMessages"], " ", out.Attributes["ApproximateNumberOfMessagesNotVisible"])
}

// TestTemplates finds which of the emulator's deliveries the product takes: the demo's driver depends on it.
func TestTemplates(t *testing.T) {
	s := testmoto.Shared(t)
	for name, c := range map[string]struct {
		transform func(account string) *types.InputTransformer
		ok        bool
	}{
		"none": {func(string) *types.InputTransformer { return nil }, false},
		"paths": {func(string) *types.InputTransformer {
			return &types.InputTransformer{InputTemplate: aws.String(template), InputPathsMap: paths}
		}, true},
		"literal": {func(account string) *types.InputTransformer {
			return &types.InputTransformer{InputTemplate: aws.String(strings.Replace(template, "<account>", account, 1)), InputPathsMap: paths}
		}, true},
		"no paths": {func(string) *types.InputTransformer {
			return &types.InputTransformer{InputTemplate: aws.String(template)}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			url := bus(t, s, account, c.transform(account))
			send(t, s, account, "AWS API Call via CloudTrail", strings.ReplaceAll(record, "111122223333", account))
			out, err := sqs.NewFromConfig(s.Config(account)).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 1})
			if err != nil || len(out.Messages) != 1 {
				t.Fatalf("%v: %+v", err, out)
			}
			e, err := Open([]byte(*out.Messages[0].Body), event.Origin{})
			if (err == nil) != c.ok {
				t.Errorf("%v, from %s", err, *out.Messages[0].Body)
			}
			if c.ok && err == nil && e.Account != account {
				t.Errorf("account %s", e.Account)
			}
		})
	}
}
