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
	envelope, err := json.Marshal(map[string]any{
		"version": "0", "id": unique(), "detail-type": "AWS API Call via CloudTrail", "source": "aws.cloudtrail",
		"account": account, "time": time.Now().UTC().Format(time.RFC3339), "region": Region, "resources": []any{}, "detail": record,
	})
	if err != nil {
		return err
	}
	_, err = sqs.NewFromConfig(w.AWS.Config(Hub)).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &w.Queue, MessageBody: aws.String(string(envelope))})
	return err
}
