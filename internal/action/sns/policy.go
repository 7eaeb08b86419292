package sns

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const putMay = "sns:SetTopicAttributes"

// RemovePublicPolicy takes the statements that let everybody in out of a topic's policy.
func RemovePublicPolicy() setting.Of[cut.Policy] {
	return cut.Place{
		About: action.Info{
			ID: "sns.remove-public-policy", Title: "Remove the public statements of a topic's policy",
			Why: "Whoever may publish to a topic speaks in its name, and whoever may subscribe hears all that is said. Only the Allow statements that let " +
				"everybody in go; the others stay byte for byte. A topic is never without a policy: where nothing would be left, its account may use it.",
			Risk:    "Whoever comes in as the public loses access. Subscriptions that there are stay, also those of strangers: look at them.",
			Targets: []resource.Type{resource.Topic, resource.TopicPolicy},
			Reads:   []string{"sns:GetTopicAttributes"}, Writes: []string{putMay},
		},
		Service: "sns", Noun: "the topic", Look: look, Least: ownersOnly,
		Put: func(t effect.Target, _ cut.Policy, text string) (effect.Call, error) {
			return action.NewCall(putMay, t.Ref.ID, setting.In{"TopicArn": t.Ref.ID, "AttributeName": "Policy", "AttributeValue": text})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, sns.NewFromConfig(cfg).SetTopicAttributes)
		},
	}.Action()
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (cut.Policy, error) {
	out, err := sns.NewFromConfig(setting.At(cfg, t.Ref)).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &t.Ref.ID})
	if _, none := errors.AsType[*types.NotFoundException](err); none {
		return cut.Policy{}, setting.Gone("the topic")
	}
	if err != nil {
		return cut.Policy{}, awsorg.Fault(err, "read the policy of topic %s", t.Ref.ID)
	}
	if text := out.Attributes["Policy"]; text != "" {
		return cut.Policy{ARN: t.Ref.ID, Text: &text}, nil
	}
	return cut.Policy{ARN: t.Ref.ID}, nil
}

// ownersOnly lets the account of the topic do what the policy that SNS gives a new one lets it do
// (docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html).
func ownersOnly(t effect.Target, _ cut.Policy) (string, error) {
	type statement struct {
		Sid, Effect string
		Principal   map[string]string
		Action      []string
		Resource    string
	}
	text, err := action.Text(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{
		Sid: "Owner", Effect: "Allow", Principal: map[string]string{"AWS": "arn:" + awsorg.PartitionOf(t.Ref.Region) + ":iam::" + t.Ref.Account + ":root"},
		Action: []string{
			"SNS:AddPermission", "SNS:DeleteTopic", "SNS:GetTopicAttributes", "SNS:ListSubscriptionsByTopic", "SNS:Publish", "SNS:RemovePermission",
			"SNS:SetTopicAttributes", "SNS:Subscribe",
		},
		Resource: t.Ref.ID,
	}}})
	return string(text), err
}
