package guardduty

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	archiveMay   = "guardduty:ArchiveFindings"
	unarchiveMay = "guardduty:UnarchiveFindings"
)

// archived is whether a finding is.
type archived struct{ Archived bool }

// ArchiveFinding files a finding away.
func ArchiveFinding() setting.Of[archived] {
	return setting.Of[archived]{
		About: action.Info{
			ID: "guardduty.archive-finding", Title: "Archive a finding of GuardDuty", Contract: true,
			Why: "What has been settled here should not stand open there: two lists that disagree are both not believed.",
			Risk: "A finding that is archived is not a problem fixed: archive what is settled by evidence. Archived, it is deleted 90 days after it was last " +
				"seen, and is not sent on to EventBridge when it comes again.",
			Undo: effect.Exact, Targets: []resource.Type{resource.DetectorFinding},
			Reads: []string{"guardduty:GetFindings"}, Writes: []string{archiveMay, unarchiveMay},
		},
		Find: setting.InRegion, Look: lookFinding,
		Goal: func(effect.Target, archived) (setting.Goal[archived], error) {
			return setting.Goal[archived]{
				To: archived{true}, Met: "the finding is archived", Missing: "the finding is not archived", Diff: "- Archived: false\n+ Archived: true",
			}, nil
		},
		Calls: findingCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == unarchiveMay {
				return setting.Send(ctx, call, guardduty.NewFromConfig(cfg).UnarchiveFindings)
			}
			return setting.Send(ctx, call, guardduty.NewFromConfig(cfg).ArchiveFindings)
		},
	}
}

// parts are the IDs of the detector and of the finding.
func parts(ref resource.Ref) (detector, id string, err error) {
	detector, id, ok := strings.Cut(ref.ID, "|")
	if !ok || detector == "" || id == "" {
		err = fault.New(fault.Invalid, "%s: want DETECTOR|FINDING as its ID", ref)
	}
	return detector, id, err
}

func lookFinding(ctx context.Context, cfg aws.Config, t effect.Target) (archived, error) {
	d, id, err := parts(t.Ref)
	if err != nil {
		return archived{}, err
	}
	out, err := guardduty.NewFromConfig(setting.At(cfg, t.Ref)).GetFindings(ctx, &guardduty.GetFindingsInput{DetectorId: &d, FindingIds: []string{id}})
	if err != nil {
		return archived{}, awsorg.Fault(err, "read finding %s", id)
	}
	for _, f := range out.Findings {
		if aws.ToString(f.Id) != id {
			continue
		}
		if f.Service == nil || f.Service.Archived == nil {
			return archived{}, fault.New(fault.Unavailable, "read finding %s: the API did not say whether it is archived", id)
		}
		return archived{*f.Service.Archived}, nil
	}
	return archived{}, setting.Gone("the finding")
}

func findingCalls(t effect.Target, from, to archived) ([]effect.Call, error) {
	d, id, err := parts(t.Ref)
	if err != nil || from == to {
		return nil, err
	}
	may := archiveMay
	if !to.Archived {
		may = unarchiveMay
	}
	return setting.One(may, action.Everything, setting.In{"DetectorId": d, "FindingIds": []string{id}})
}
