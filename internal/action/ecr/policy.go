package ecr

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	putMay    = "ecr:SetRepositoryPolicy"
	deleteMay = "ecr:DeleteRepositoryPolicy"
)

// RemovePublicPolicy takes the statements that let everybody in out of a repository's policy.
func RemovePublicPolicy() setting.Of[cut.Policy] {
	return cut.Place{
		About: action.Info{
			ID: "ecr.remove-public-policy", Title: "Remove the public statements of a repository's policy",
			Why: "Whoever may push an image decides what runs here, and whoever may pull one has its code and what was forgotten in it. Only the Allow statements " +
				"that let everybody in go; the others stay byte for byte.",
			Risk:    "Whoever comes in as the public loses access, such as clusters of other accounts that nobody has named.",
			Targets: []resource.Type{resource.Repository},
			Reads:   []string{"ecr:GetRepositoryPolicy"}, Writes: []string{putMay, deleteMay},
		},
		Service: "ecr", Noun: "the repository", Look: look,
		Put: func(t effect.Target, now cut.Policy, text string) (effect.Call, error) {
			return action.NewCall(putMay, now.ARN, setting.In{"RepositoryName": t.Ref.ID, "RegistryId": t.Ref.Account, "PolicyText": text})
		},
		Drop: func(t effect.Target, now cut.Policy) (effect.Call, error) {
			return action.NewCall(deleteMay, now.ARN, setting.In{"RepositoryName": t.Ref.ID, "RegistryId": t.Ref.Account})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == deleteMay {
				return setting.Send(ctx, call, ecr.NewFromConfig(cfg).DeleteRepositoryPolicy)
			}
			return setting.Send(ctx, call, ecr.NewFromConfig(cfg).SetRepositoryPolicy)
		},
	}.Action()
}

func look(ctx context.Context, cfg aws.Config, t effect.Target) (cut.Policy, error) {
	p := cut.Policy{ARN: setting.ARN(t.Ref, "ecr", "repository/"+t.Ref.ID)}
	out, err := ecr.NewFromConfig(setting.At(cfg, t.Ref)).GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: &t.Ref.ID, RegistryId: &t.Ref.Account})
	if _, none := errors.AsType[*types.RepositoryPolicyNotFoundException](err); none {
		return p, nil
	}
	if _, none := errors.AsType[*types.RepositoryNotFoundException](err); none {
		return p, setting.Gone("the repository")
	}
	if err != nil {
		return p, awsorg.Fault(err, "read the policy of repository %s", t.Ref.ID)
	}
	p.Text = out.PolicyText
	return p, nil
}
