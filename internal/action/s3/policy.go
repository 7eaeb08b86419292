package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/action"
	"jobzero/internal/action/cut"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	putMay    = "s3:PutBucketPolicy"
	deleteMay = "s3:DeleteBucketPolicy"
)

// RemovePublicPolicy takes the statements that let everybody in out of a bucket's policy and leaves all others byte for byte.
func RemovePublicPolicy() setting.Of[policyState] {
	return setting.Of[policyState]{
		About: action.Info{
			ID: "s3.remove-public-policy", Title: "Remove the public statements of a bucket's policy",
			Why: "The smallest cut: only the Allow statements that let everybody in go. The others, and above all the Denies, protect " +
				"the bucket and stay byte for byte. When nothing else is in the policy, the policy goes.",
			Risk: "Callers that come in as the public lose access, and so do callers of the account itself that relied on the removed statement. A bucket that serves a website, or is declared public, is left alone.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketWebsite", "s3:GetBucketPolicy"},
			Writes: []string{putMay, deleteMay},
			Params: []action.Param{declaredParam()},
		},
		Find: located, Guard: undeclared, Look: lookPolicy, Goal: private, Calls: policyCalls, Send: sendPolicy, Same: policyState.same,
	}
}

// policyState is a bucket's policy; a nil text is none.
type policyState struct {
	Policy *string
}

// same compares what two policies say: AWS may write one in another way than it was put.
func (s policyState) same(o policyState) bool {
	if s.Policy == nil || o.Policy == nil {
		return s.Policy == o.Policy
	}
	return action.SameText(*s.Policy, *o.Policy)
}

// policyInput is the API's shape of both calls.
type policyInput struct {
	Bucket              string
	ExpectedBucketOwner string
	Policy              *string `json:",omitempty"`
}

func lookPolicy(ctx context.Context, cfg aws.Config, t effect.Target) (policyState, error) {
	text, err := open(cfg, t.Ref).policy(ctx)
	return policyState{text}, err
}

// private leaves what does not surely let everybody in.
func private(t effect.Target, now policyState) (setting.Goal[policyState], error) {
	g := setting.Goal[policyState]{To: now, Met: "the bucket has no policy", Missing: "the policy lets everybody in"}
	if now.Policy == nil {
		return g, nil
	}
	c, err := cut.Public(*now.Policy, "s3", t.Ref.Account)
	if g.Met, g.Unclear = "no statement of the policy lets everybody in", c.Unclear; c.Cut {
		g.To, g.Diff, g.Loses = policyState{c.Rest}, c.Diff, c.Loses
	}
	return g, err
}

// policyCalls puts a policy, or deletes the one there is.
func policyCalls(t effect.Target, from, to policyState) ([]effect.Call, error) {
	if from.same(to) {
		return nil, nil
	}
	may := putMay
	if to.Policy == nil {
		may = deleteMay
	}
	call, err := action.NewCall(may, arn(t.Ref), policyInput{t.Ref.ID, t.Ref.Account, to.Policy})
	return []effect.Call{call}, err
}

func sendPolicy(ctx context.Context, cfg aws.Config, call effect.Call) error {
	if call.Permission == deleteMay {
		return setting.Send(ctx, call, s3.NewFromConfig(cfg).DeleteBucketPolicy)
	}
	return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketPolicy)
}
