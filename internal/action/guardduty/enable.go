package guardduty

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const (
	createMay = "guardduty:CreateDetector"
	updateMay = "guardduty:UpdateDetector"
)

// detector is the one of an account and region; empty when there is none.
type detector struct {
	ID string
	On bool
}

// Enable turns GuardDuty on in an account and region.
func Enable() setting.Of[detector] {
	return setting.Of[detector]{
		About: action.Info{
			ID: "guardduty.enable", Title: "Turn GuardDuty on in an account and region",
			Why: "Nobody looks at a region that is not used, except for whoever mines there. GuardDuty reads what no trail of the account has: flows and " +
				"names that machines ask for.",
			Risk: "Nobody loses anything. It is billed by what it reads. Where the organisation manages GuardDuty, let its administrator account add the account instead.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.GuardDutyCoverage},
			Reads:  []string{"guardduty:GetDetector", "guardduty:ListDetectors"},
			Writes: []string{createMay, updateMay, setting.MakeRole},
		},
		Find: setting.InRegion, Look: lookDetector, Goal: on, Calls: detectorCalls, Same: detector.same,
		Cost: func(context.Context, aws.Config, effect.Target, detector) (*effect.Cost, error) {
			// aws.amazon.com/guardduty/pricing: 4.00 a million management events, 1.00 a GB of flow and DNS logs of the first 500.
			return &effect.Cost{USD: 14, Per: "month", Why: "for a small account with 1 million events (4.00) and 10 GB of flow and DNS logs (10.00); it grows with both, and 30 days are free"}, nil
		},
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == createMay {
				return setting.Send(ctx, call, guardduty.NewFromConfig(cfg).CreateDetector)
			}
			return setting.Send(ctx, call, guardduty.NewFromConfig(cfg).UpdateDetector)
		},
	}
}

// same takes a detector that is on for the one that was to be made: its ID was not known then.
func (d detector) same(o detector) bool {
	return d == o || d.On && o.On && (d.ID == "" || o.ID == "")
}

func lookDetector(ctx context.Context, cfg aws.Config, t effect.Target) (d detector, err error) {
	client := guardduty.NewFromConfig(setting.At(cfg, t.Ref))
	list, err := client.ListDetectors(ctx, &guardduty.ListDetectorsInput{}) // there is one at most
	if err != nil || len(list.DetectorIds) == 0 {
		return d, awsorg.Fault(err, "list the detectors of %s in %s", t.Ref.Account, t.Ref.Region)
	}
	out, err := client.GetDetector(ctx, &guardduty.GetDetectorInput{DetectorId: &list.DetectorIds[0]})
	if err != nil {
		return d, awsorg.Fault(err, "read detector %s", list.DetectorIds[0])
	}
	return detector{list.DetectorIds[0], out.Status == types.DetectorStatusEnabled}, nil
}

func on(_ effect.Target, now detector) (setting.Goal[detector], error) {
	was := "- no detector"
	if now.ID != "" {
		was = "- detector " + now.ID + ", suspended"
	}
	return setting.Goal[detector]{
		To: detector{now.ID, true}, Met: "GuardDuty is on", Missing: "GuardDuty is off", Diff: was + "\n+ detector, enabled",
	}, nil
}

// detectorCalls makes a detector, or turns the one there is. A detector is never deleted: its findings would go with it.
func detectorCalls(t effect.Target, from, to detector) ([]effect.Call, error) {
	switch {
	case from.On == to.On:
		return nil, nil
	case to.On && from.ID == "":
		call, err := action.NewCall(createMay, action.Everything, setting.In{"Enable": true})
		// docs.aws.amazon.com/guardduty/latest/ug/slr-permissions.html and slr-permissions-malware-protection.html
		call.Also = []effect.Need{
			setting.Linked(t.Ref, "guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),
			setting.Linked(t.Ref, "malware-protection.guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDutyMalwareProtection"),
		}
		return []effect.Call{call}, err
	}
	which := from.ID
	if which == "" { // before it is made
		which = "*"
	}
	return setting.One(updateMay, setting.ARN(t.Ref, "guardduty", "detector/"+which), setting.In{"DetectorId": from.ID, "Enable": to.On})
}
