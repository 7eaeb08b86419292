package iam

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	updateMay = "iam:UpdateAccessKey"
	active    = "Active"
	inactive  = "Inactive"
)

// DeactivateAccessKey makes an access key inactive.
func DeactivateAccessKey() setting.Of[keyState] {
	return setting.Of[keyState]{
		About: action.Info{
			ID: "iam.deactivate-access-key", Title: "Deactivate an access key",
			Why: "A key that others know is theirs too. Inactive it opens nothing, and unlike a deleted key it can be switched on again " +
				"when it turns out to be a mistake.",
			Risk: "Whatever runs with the key stops. Sessions that were made with it before live on until they expire: contain those too.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Shuts: effect.ShutsKey, Targets: []resource.Type{resource.AccessKey},
			Reads:  []string{"iam:GetAccessKeyLastUsed", "iam:ListAccessKeys", "iam:GetUser"},
			Writes: []string{updateMay},
		},
		Guard: foreignKey, Look: lookKey, Goal: inactiveKey, Calls: keyCalls, Loses: keyLosers,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).UpdateAccessKey)
		},
	}
}

// foreignKey refuses the keys that are jobzero's own, and those that cannot be changed by themselves.
func foreignKey(_ context.Context, s action.Session, t effect.Target) (string, error) {
	switch {
	case slices.Contains(s.Own, t.Ref.ID):
		return "jobzero itself calls with this key", nil
	case strings.HasPrefix(t.Ref.ID, "ASIA"):
		return "the key belongs to a temporary session, which cannot be deactivated: revoke the role's sessions", nil
	}
	return "", nil
}

func inactiveKey(_ effect.Target, now keyState) (g setting.Goal[keyState], err error) {
	g.To = now
	g.To.Status = inactive
	g.Met, g.Missing, g.Diff = "the access key is inactive", "the access key is "+strings.ToLower(now.Status), "- Status: "+active+"\n+ Status: "+inactive
	switch {
	case now.Root:
		g.Refused = "the key belongs to the account's root user: only that user can change it"
	case now.Status != active && now.Status != inactive:
		err = fault.New(fault.Unavailable, "the access key has the status %q, which is not known here", now.Status)
	}
	return g, err
}

func keyCalls(t effect.Target, from, to keyState) ([]effect.Call, error) {
	if from.Status == to.Status {
		return nil, nil
	}
	return setting.One(updateMay, from.ARN, setting.In{"UserName": from.User, "AccessKeyId": t.Ref.ID, "Status": to.Status})
}

// keyLosers says what the key was last used for, and whether its user has another.
func keyLosers(ctx context.Context, cfg aws.Config, t effect.Target, now keyState) ([]string, error) {
	k, err := look(ctx, cfg, t.Ref.ID)
	return []string{fmt.Sprintf("user %s with this key: %s; the user has %d other active keys", now.User, k.Used, k.Others)}, err
}
