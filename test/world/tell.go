package world

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Tell puts on the bus the events that AWS would send for calls, all at once.
func (w *World) Tell(ctx context.Context, records ...map[string]any) error {
	in := &eventbridge.PutEventsInput{}
	for _, r := range records {
		detail, err := json.Marshal(r)
		if err != nil {
			return err
		}
		in.Entries = append(in.Entries, types.PutEventsRequestEntry{
			Source: aws.String("aws.cloudtrail"), DetailType: aws.String("AWS API Call via CloudTrail"),
			Detail: aws.String(string(detail)), Time: aws.Time(time.Now()),
		})
	}
	out, err := eventbridge.NewFromConfig(w.AWS.Config(Hub)).PutEvents(ctx, in)
	if err != nil {
		return fmt.Errorf("put the events on the bus: %w", err)
	}
	for _, e := range out.Entries {
		if e.ErrorCode != nil {
			return fmt.Errorf("the bus refused an event: %s", aws.ToString(e.ErrorMessage))
		}
	}
	return nil
}

// Send puts an envelope into the queue itself, as EventBridge would write it for an account. A forger can do so too, with a
// record that claims to be of another account.
func (w *World) Send(ctx context.Context, account string, record map[string]any) error {
	return w.Post(ctx, w.Queue, account, record)
}

// Post puts an envelope for each record into a queue, ten at a time.
func (w *World) Post(ctx context.Context, queue, account string, records ...map[string]any) error {
	const most = 10 // that SQS takes at once
	client := sqs.NewFromConfig(w.AWS.Config(Hub))
	for some := range slices.Chunk(records, most) {
		in := &sqs.SendMessageBatchInput{QueueUrl: &queue}
		for i, record := range some {
			envelope, err := json.Marshal(map[string]any{
				"version": "0", "id": unique(), "detail-type": "AWS API Call via CloudTrail", "source": "aws.cloudtrail",
				"account": account, "time": time.Now().UTC().Format(time.RFC3339), "region": Region, "resources": []any{}, "detail": record,
			})
			if err != nil {
				return err
			}
			in.Entries = append(in.Entries, sqstypes.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(envelope))})
		}
		out, err := client.SendMessageBatch(ctx, in)
		if err != nil {
			return err
		}
		if len(out.Failed) > 0 {
			return fmt.Errorf("the queue refused %d messages: %s", len(out.Failed), aws.ToString(out.Failed[0].Message))
		}
	}
	return nil
}

// Left is how many messages a queue has, taken or not: none when all of them are done with.
func (w *World) Left(ctx context.Context, queue string) (int, error) {
	waiting, taken := sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	out, err := sqs.NewFromConfig(w.AWS.Config(Hub)).GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []sqstypes.QueueAttributeName{waiting, taken},
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, name := range []sqstypes.QueueAttributeName{waiting, taken} {
		some, err := strconv.Atoi(out.Attributes[string(name)])
		if err != nil {
			return 0, fmt.Errorf("the queue says of %s: %w", name, err)
		}
		n += some
	}
	return n, nil
}
