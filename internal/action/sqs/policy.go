package sqs

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const putMay = "sqs:SetQueueAttributes"

// RemovePublicPolicy takes the statements that let everybody in out of a queue's policy.
func RemovePublicPolicy() setting.Of[cut.Policy] {
	return cut.Place{
		About: action.Info{
			ID: "sqs.remove-public-policy", Title: "Remove the public statements of a queue's policy",
			Why: "Whoever may send to a queue tells whatever reads from it what to do, and whoever may receive takes its messages away. Only the Allow statements " +
				"that let everybody in go; the others stay byte for byte.",
			Risk:    "Whoever comes in as the public loses access. A topic or bucket of another account that sends without being named stops.",
			Targets: []resource.Type{resource.Queue, resource.QueuePolicy},
			Reads:   []string{"sqs:GetQueueAttributes"}, Writes: []string{putMay},
		},
		Service: "sqs", Noun: "the queue", Look: look,
		Put: func(t effect.Target, now cut.Policy, text string) (effect.Call, error) { return put(t, now.ARN, text) },
		// An empty text takes the policy away (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html).
		Drop: func(t effect.Target, now cut.Policy) (effect.Call, error) { return put(t, now.ARN, "") },
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, sqs.NewFromConfig(cfg).SetQueueAttributes)
		},
	}.Action()
}

func put(t effect.Target, arn, text string) (effect.Call, error) {
	return action.NewCall(putMay, arn, setting.In{"QueueUrl": t.Ref.ID, "Attributes": map[string]string{"Policy": text}})
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (p cut.Policy, err error) {
	out, err := sqs.NewFromConfig(setting.At(cfg, t.Ref)).GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &t.Ref.ID, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNamePolicy, types.QueueAttributeNameQueueArn},
	})
	if api, ok := errors.AsType[smithy.APIError](err); ok && (api.ErrorCode() == "QueueDoesNotExist" || api.ErrorCode() == "AWS.SimpleQueueService.NonExistentQueue") {
		return p, setting.Gone("the queue")
	}
	if err != nil {
		return p, awsorg.Fault(err, "read the policy of queue %s", t.Ref.ID)
	}
	if p.ARN = out.Attributes["QueueArn"]; p.ARN == "" {
		return p, fault.New(fault.Unavailable, "read the policy of queue %s: the API answered without its ARN", t.Ref.ID)
	}
	if text := out.Attributes["Policy"]; text != "" {
		p.Text = &text
	}
	return p, nil
}
