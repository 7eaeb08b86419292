package secretsmanager

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	putMay    = "secretsmanager:PutResourcePolicy"
	deleteMay = "secretsmanager:DeleteResourcePolicy"
)

// RemovePublicPolicy takes the statements that let everybody in out of a secret's policy.
func RemovePublicPolicy() setting.Of[cut.Policy] {
	return cut.Place{
		About: action.Info{
			ID: "secretsmanager.remove-public-policy", Title: "Remove the public statements of a secret's policy",
			Why: "A secret that everybody may read is none. Only the Allow statements that let everybody in go; the others, and above all the Denies, stay byte " +
				"for byte.",
			Risk:    "Whoever comes in as the public loses access. Whoever has read the secret knows it still: rotate it besides.",
			Targets: []resource.Type{resource.Secret, resource.SecretPolicy},
			Reads:   []string{"secretsmanager:GetResourcePolicy"}, Writes: []string{putMay, deleteMay},
		},
		Service: "secretsmanager", Noun: "the secret", Look: look,
		Put: func(_ effect.Target, now cut.Policy, text string) (effect.Call, error) {
			return action.NewCall(putMay, now.ARN, setting.In{"SecretId": now.ARN, "ResourcePolicy": text})
		},
		Drop: func(_ effect.Target, now cut.Policy) (effect.Call, error) {
			return action.NewCall(deleteMay, now.ARN, setting.In{"SecretId": now.ARN})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == deleteMay {
				return setting.Send(ctx, call, secretsmanager.NewFromConfig(cfg).DeleteResourcePolicy)
			}
			return setting.Send(ctx, call, secretsmanager.NewFromConfig(cfg).PutResourcePolicy)
		},
	}.Action()
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (p cut.Policy, err error) {
	out, err := secretsmanager.NewFromConfig(setting.At(cfg, t.Ref)).GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: &t.Ref.ID})
	if gone(err) {
		return p, setting.Gone("the secret")
	}
	if err != nil {
		return p, awsorg.Fault(err, "read the policy of secret %s", t.Ref.ID)
	}
	if p.ARN = aws.ToString(out.ARN); p.ARN == "" {
		return p, fault.New(fault.Unavailable, "read the policy of secret %s: the API answered without its ARN", t.Ref.ID)
	}
	if aws.ToString(out.ResourcePolicy) != "" {
		p.Text = out.ResourcePolicy
	}
	return p, nil
}

func gone(err error) bool {
	_, none := errors.AsType[*types.ResourceNotFoundException](err)
	return none
}
