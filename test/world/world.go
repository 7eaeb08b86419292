package world

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"jobzero/internal/testmoto"
)

// World is one emulator with its hub wired up.
type World struct {
	AWS   *testmoto.Server
	Queue string // URL of the hub's queue for events
}

// New starts an emulator and wires bus, rules and queue in the hub. Stop ends it.
func New(ctx context.Context) (*World, error) {
	server, err := testmoto.Start(ctx)
	if err != nil {
		return nil, err
	}
	w := &World{AWS: server}
	if err := w.wire(ctx); err != nil {
		_ = server.Stop()
		return nil, fmt.Errorf("wire the hub: %w", err)
	}
	return w, nil
}

// Stop ends the emulator.
func (w *World) Stop() error { return w.AWS.Stop() }

// wire makes the first queue with the rules that fill it.
func (w *World) wire(ctx context.Context) error {
	// The emulator loads EC2 for seconds at its first use and answers nothing else meanwhile: not what is to be shown.
	if _, err := ec2.NewFromConfig(w.AWS.Config(Sandbox)).DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{}); err != nil {
		return err
	}
	bus := eventbridge.NewFromConfig(w.AWS.Config(Hub))
	for _, account := range []string{Prod, Sandbox} {
		pattern := fmt.Sprintf(`{"source":[{"prefix":"aws."}],"detail":{"recipientAccountId":["%s"]}}`, account)
		if _, err := bus.PutRule(ctx, &eventbridge.PutRuleInput{Name: ruleOf(account), EventPattern: &pattern}); err != nil {
			return err
		}
	}
	return w.Renew(ctx)
}

// Renew sends events to a new queue from now on. A process that was killed leaves a receive behind, which would still take
// messages out of the old one.
func (w *World) Renew(ctx context.Context) error {
	hub := w.AWS.Config(Hub)
	name := "jobzero-events-" + unique()[:8]
	q, err := sqs.NewFromConfig(hub).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		return err
	}
	w.Queue = aws.ToString(q.QueueUrl)
	bus := eventbridge.NewFromConfig(hub)
	for _, account := range []string{Prod, Sandbox} {
		if err := target(ctx, bus, account, "arn:aws:sqs:"+Region+":"+Hub+":"+name); err != nil {
			return err
		}
	}
	return nil
}

func ruleOf(account string) *string { return aws.String("cloudtrail-of-" + account) }

// target has the CloudTrail events of an account sent to a queue, in place of where they were sent before. The emulator leaves
// the envelope's account out, so the rule's input template puts in what AWS would have put there.
func target(ctx context.Context, bus *eventbridge.Client, account, queue string) error {
	template := `{"version":"0","id":"<id>","detail-type":"AWS API Call via CloudTrail","source":"<source>",` +
		`"account":"` + account + `","time":<time>,"region":"<region>","resources":[],"detail":<detail>}`
	_, err := bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: ruleOf(account), Targets: []types.Target{{
		Id: aws.String("hub"), Arn: &queue,
		InputTransformer: &types.InputTransformer{
			InputPathsMap: map[string]string{"id": "$.id", "source": "$.source", "time": "$.time", "region": "$.region", "detail": "$.detail"},
			InputTemplate: &template,
		},
	}}})
	return err
}
