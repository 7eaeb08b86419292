package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const updateMay = "cloudtrail:UpdateTrail"

// ValidateLogs makes a trail write digests, by which its files can be proved whole.
func ValidateLogs() setting.Of[trail] {
	return setting.Of[trail]{
		About: action.Info{
			ID: "cloudtrail.validate-logs", Title: "Let a trail's files be proved whole",
			Why: "An hourly digest, signed by CloudTrail, names every file and its hash: a file that was changed or taken away is seen. Without digests the " +
				"logs of a break-in are only as good as whoever could write to the bucket.",
			Risk: "Nobody loses anything: a small file an hour is added. Files from before have no digest.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Trail},
			Reads: []string{"cloudtrail:GetTrail"}, Writes: []string{updateMay},
		},
		Find: setting.InRegion, Look: lookDigests,
		Goal: func(t effect.Target, now trail) (setting.Goal[trail], error) {
			return setting.Goal[trail]{
				To: trail{now.ARN, now.Home, true}, Met: "the trail writes digests", Missing: "the trail writes no digests",
				Diff: "- EnableLogFileValidation: false\n+ EnableLogFileValidation: true", Refused: elsewhere(t, now),
			}, nil
		},
		Calls: func(t effect.Target, from, to trail) ([]effect.Call, error) {
			if from.On == to.On {
				return nil, nil
			}
			return setting.One(updateMay, from.ARN, setting.In{"Name": t.Ref.ID, "EnableLogFileValidation": to.On})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, cloudtrail.NewFromConfig(cfg).UpdateTrail)
		},
	}
}

func lookDigests(ctx context.Context, cfg aws.Config, t effect.Target) (trail, error) {
	x, err := find(ctx, cfg, t.Ref)
	if err != nil {
		return trail{}, err
	}
	return trail{*x.TrailARN, aws.ToString(x.HomeRegion), aws.ToBool(x.LogFileValidationEnabled)}, nil
}
