package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	startMay = "cloudtrail:StartLogging"
	stopMay  = "cloudtrail:StopLogging"
)

// StartLogging makes a trail that was stopped log again.
func StartLogging() setting.Of[trail] {
	return setting.Of[trail]{
		About: action.Info{
			ID: "cloudtrail.start-logging", Title: "Start the logging of a trail",
			Why: "What is done while a trail is stopped is in no file of it, for ever. Stopping it is one of the first things that an intruder does.",
			Risk: "Nobody loses anything. A second trail of the same events is billed, and so are data events (aws.amazon.com/cloudtrail/pricing). " +
				"What happened while it was stopped does not come back.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Trail},
			Reads: []string{"cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"}, Writes: []string{startMay, stopMay},
		},
		Find: setting.InRegion, Look: lookLogging,
		Goal: func(t effect.Target, now trail) (setting.Goal[trail], error) {
			return setting.Goal[trail]{
				To: trail{now.ARN, now.Home, true}, Met: "the trail logs", Missing: "the trail does not log",
				Diff: "- Logging: false\n+ Logging: true", Refused: elsewhere(t, now),
			}, nil
		},
		Calls: func(t effect.Target, from, to trail) ([]effect.Call, error) {
			may := startMay
			switch {
			case from.On == to.On:
				return nil, nil
			case !to.On:
				may = stopMay
			}
			return setting.One(may, from.ARN, setting.In{"Name": t.Ref.ID})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == stopMay {
				return setting.Send(ctx, call, cloudtrail.NewFromConfig(cfg).StopLogging)
			}
			return setting.Send(ctx, call, cloudtrail.NewFromConfig(cfg).StartLogging)
		},
	}
}

func lookLogging(ctx context.Context, cfg aws.Config, t effect.Target) (trail, error) {
	x, err := find(ctx, cfg, t.Ref)
	if err != nil {
		return trail{}, err
	}
	out, err := cloudtrail.NewFromConfig(setting.At(cfg, t.Ref)).GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: x.TrailARN})
	if err != nil {
		return trail{}, awsorg.Fault(err, "read whether trail %s logs", t.Ref.ID)
	}
	if out.IsLogging == nil {
		return trail{}, fault.New(fault.Unavailable, "read whether trail %s logs: the API did not say", t.Ref.ID)
	}
	return trail{*x.TrailARN, aws.ToString(x.HomeRegion), *out.IsLogging}, nil
}
