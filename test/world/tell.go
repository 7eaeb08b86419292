package world

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Tell puts on the bus the event that AWS would send for a call.
func (w *World) Tell(ctx context.Context, record map[string]any) error {
	detail, err := json.Marshal(record)
	if err != nil {
		return err
	}
	text := string(detail)
	out, err := eventbridge.NewFromConfig(w.AWS.Config(Hub)).PutEvents(ctx, &eventbridge.PutEventsInput{
		Entries: []types.PutEventsRequestEntry{{
			Source: aws.String("aws.cloudtrail"), DetailType: aws.String("AWS API Call via CloudTrail"),
			Detail: &text, Time: aws.Time(time.Now()),
		}},
	})
	if err != nil {
		return fmt.Errorf("put the event on the bus: %w", err)
	}
	if out.FailedEntryCount > 0 {
		return fmt.Errorf("the bus refused the event: %s", aws.ToString(out.Entries[0].ErrorMessage))
	}
	return nil
}

// Forge puts an envelope into the queue whose account is the sender's, as EventBridge would write it, around a record that
// claims to be of another.
func (w *World) Forge(ctx context.Context, sender string, record map[string]any) error {
	envelope, err := json.Marshal(map[string]any{
		"version": "0", "id": unique(), "detail-type": "AWS API Call via CloudTrail", "source": "aws.cloudtrail",
		"account": sender, "time": time.Now().UTC().Format(time.RFC3339), "region": Region, "resources": []any{}, "detail": record,
	})
	if err != nil {
		return err
	}
	_, err = sqs.NewFromConfig(w.AWS.Config(Hub)).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &w.Queue, MessageBody: aws.String(string(envelope))})
	return err
}

// Forget empties the hub's queue: what one story has left there is nothing for the next.
func (w *World) Forget(ctx context.Context) error {
	_, err := sqs.NewFromConfig(w.AWS.Config(Hub)).PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &w.Queue})
	return err
}
