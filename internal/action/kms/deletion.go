package kms

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const cancelMay = "kms:CancelKeyDeletion"

// CancelDeletion keeps a key that waits for its deletion.
func CancelDeletion() setting.Of[key] {
	return setting.Of[key]{
		About: action.Info{
			ID: "kms.cancel-deletion", Title: "Keep a key that is to be deleted",
			Why: "With a key goes everything that is encrypted under it, for ever: no backup helps. Until the day comes one call keeps it.",
			Risk: "None for what is encrypted. The key stays disabled, as KMS leaves it: a person enables it once it is known who wanted it gone. It is billed again. " +
				"Nothing here schedules the deletion anew: that is for a person.",
			Undo: effect.None, Targets: []resource.Type{resource.Key},
			Reads: []string{"kms:DescribeKey"}, Writes: []string{cancelMay},
		},
		Find: setting.InRegion, Look: describe, Goal: kept,
		Calls: func(t effect.Target, from, to key) ([]effect.Call, error) {
			if from.State == to.State || from.State != string(types.KeyStatePendingDeletion) {
				return nil, nil
			}
			return setting.One(cancelMay, from.arn(t), setting.In{"KeyId": from.ID})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, kms.NewFromConfig(cfg).CancelKeyDeletion)
		},
		Cost: func(context.Context, aws.Config, effect.Target, key) (*effect.Cost, error) {
			return &effect.Cost{USD: keyUSD, Per: "month", Why: "a key, which is not billed while it waits for its deletion"}, nil
		},
	}
}

func kept(_ effect.Target, now key) (setting.Goal[key], error) {
	g := setting.Goal[key]{To: now, Met: "the key is not to be deleted", Missing: "the key is to be deleted on " + now.Deletion.Format(time.DateOnly)}
	switch types.KeyState(now.State) {
	case types.KeyStatePendingDeletion:
		g.To.State, g.To.Deletion = string(types.KeyStateDisabled), time.Time{}
		g.Diff = "- KeyState: PendingDeletion, on " + now.Deletion.Format(time.DateOnly) + "\n+ KeyState: Disabled"
	case types.KeyStatePendingReplicaDeletion:
		g.Unclear = "the key waits for its replicas in other regions to be deleted first: keep those"
	default:
	}
	return g, nil
}
