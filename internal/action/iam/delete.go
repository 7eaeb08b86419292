package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const deleteKeyMay = "iam:DeleteAccessKey"

// DeleteAccessKey deletes an access key that is inactive.
func DeleteAccessKey() setting.Of[keyState] {
	return setting.Of[keyState]{
		About: action.Info{
			ID: "iam.delete-access-key", Title: "Delete an inactive access key",
			Why: "An inactive key needs one call to open everything again, and counts as one of the two that a user may have. Deleted it cannot come back, " +
				"neither by mistake nor by somebody else.",
			Risk: "Nothing brings it back. Only a key that is inactive is deleted, so that whatever needs it has stopped before.",
			Undo: effect.None, Shuts: effect.ShutsKey, Targets: []resource.Type{resource.AccessKey},
			Reads: []string{"iam:GetAccessKeyLastUsed", "iam:GetUser", "iam:ListAccessKeys"}, Writes: []string{deleteKeyMay},
		},
		Guard: foreignKey, Look: lookThere, Goal: noKey, Loses: keyLosers,
		Calls: func(t effect.Target, from, to keyState) ([]effect.Call, error) {
			if from.Status == "" || to.Status != "" {
				return nil, nil
			}
			return setting.One(deleteKeyMay, from.ARN, setting.In{"UserName": from.User, "AccessKeyId": t.Ref.ID})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).DeleteAccessKey)
		},
	}
}

// lookThere reads a key; one that is gone has no status.
func lookThere(ctx context.Context, cfg aws.Config, t effect.Target) (keyState, error) {
	k, err := lookKey(ctx, cfg, t)
	if errors.Is(err, setting.ErrGone) {
		return keyState{}, nil
	}
	return k, err
}

func noKey(_ effect.Target, now keyState) (setting.Goal[keyState], error) {
	g := setting.Goal[keyState]{Met: "the access key does not exist any more", Missing: "the access key is there", Diff: "- Status: " + now.Status}
	switch {
	case now.Root:
		g.Refused = "the key belongs to the account's root user: only that user can delete it"
	case now.Status != "" && now.Status != inactive:
		g.Refused = "the key is " + strings.ToLower(now.Status) + ": deactivate it first, and delete it when nothing misses it"
	}
	return g, nil
}
