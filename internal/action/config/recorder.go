package config

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	startMay = "config:StartConfigurationRecorder"
	stopMay  = "config:StopConfigurationRecorder"
)

// recorder is the account's own recorder in a region; without a name there is none.
type recorder struct {
	Name, ARN string
	On        bool
}

// StartRecorder makes a recorder that was stopped record again.
func StartRecorder() setting.Of[recorder] {
	return setting.Of[recorder]{
		About: action.Info{
			ID: "config.start-recorder", Title: "Start the recorder of AWS Config",
			Why: "What was, and when it changed, is known only of the time in which it was recorded. Stopping the recorder hides a change as stopping a trail does.",
			Risk: "Nobody loses anything. Each change is billed. Where there is no recorder none is made: one takes a role and a bucket, which people decide. " +
				"It does not start without a delivery channel.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.ConfigCoverage},
			Reads:  []string{"config:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorders"},
			Writes: []string{startMay, stopMay},
		},
		Find: setting.InRegion, Look: look,
		Goal: func(_ effect.Target, now recorder) (setting.Goal[recorder], error) {
			g := setting.Goal[recorder]{
				To: recorder{now.Name, now.ARN, true}, Met: "the recorder records", Missing: "the recorder does not record", Diff: "- Recording: false\n+ Recording: true",
			}
			if now.Name == "" {
				g.Refused = "there is no recorder: a person sets one up, with a role and a bucket"
			}
			return g, nil
		},
		Cost: func(context.Context, aws.Config, effect.Target, recorder) (*effect.Cost, error) {
			// aws.amazon.com/config/pricing: 0.003 for each item that is recorded continuously.
			return &effect.Cost{USD: 15, Per: "month", Why: "for 5,000 changes at 0.003; it grows with the number of changes"}, nil
		},
		Calls: func(_ effect.Target, from, to recorder) ([]effect.Call, error) {
			may := startMay
			switch {
			case from.On == to.On:
				return nil, nil
			case !to.On:
				may = stopMay
			}
			return setting.One(may, from.ARN, setting.In{"ConfigurationRecorderName": from.Name})
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == stopMay {
				return setting.Send(ctx, call, configservice.NewFromConfig(cfg).StopConfigurationRecorder)
			}
			return setting.Send(ctx, call, configservice.NewFromConfig(cfg).StartConfigurationRecorder)
		},
	}
}

// look finds the account's own recorder, of which there is one at most. Those of services record for themselves alone.
func look(ctx context.Context, cfg aws.Config, t effect.Target) (r recorder, err error) {
	client := configservice.NewFromConfig(setting.At(cfg, t.Ref))
	list, err := client.DescribeConfigurationRecorders(ctx, &configservice.DescribeConfigurationRecordersInput{})
	if err != nil {
		return r, awsorg.Fault(err, "read the recorders of %s in %s", t.Ref.Account, t.Ref.Region)
	}
	for _, x := range list.ConfigurationRecorders {
		if x.ServicePrincipal == nil && x.Name != nil {
			r = recorder{Name: *x.Name, ARN: aws.ToString(x.Arn)}
		}
	}
	if r.Name == "" {
		return r, nil
	}
	if r.ARN == "" {
		r.ARN = setting.ARN(t.Ref, "config", "configuration-recorder/"+r.Name+"/*")
	}
	status, err := client.DescribeConfigurationRecorderStatus(ctx, &configservice.DescribeConfigurationRecorderStatusInput{ConfigurationRecorderNames: []string{r.Name}})
	if err != nil {
		return r, awsorg.Fault(err, "read whether recorder %s records", r.Name)
	}
	for _, s := range status.ConfigurationRecordersStatus {
		r.On = r.On || s.Recording && aws.ToString(s.Name) == r.Name
	}
	return r, nil
}
